#include "engine/tensors/dimension_names.h"

#include <ATen/Functions.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "engine/tensor_language/operations.h"

namespace nanscope {
namespace {

/// No names at all rather than a list of empty ones.
DimensionNames tidy(DimensionNames names) {
  const bool none =
      std::ranges::all_of(names, [](const std::string& name) { return name.empty(); });
  return none ? DimensionNames() : names;
}

/// Operations that keep, move, drop or add whole dimensions, whatever the sizes are.
bool moves_dimensions(std::string_view name) {
  constexpr auto kMoving = std::to_array<std::string_view>(
      {"transpose", "swapaxes", "permute", "movedim", "moveaxis", "t", "T", "mT", "H", "mH",
       "adjoint", "unsqueeze", "select", "unbind"});
  const TensorOperation* operation = find_operation(name);
  return std::ranges::find(kMoving, name) != kMoving.end() ||
         (operation && operation->group == OperationGroup::reduction);
}

/// The first result of a call on the meta device, whatever its size.
std::optional<at::Tensor> probe(Overloads& overloads, const std::string& name,
                                const Arguments& arguments, bool method) {
  Tried<BoundCall> call = overloads.bind(name, arguments, method, c10::kMeta);
  if (!call) return std::nullopt;
  try {
    call->overload.callBoxed(&call->arguments);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const c10::IValue& first = call->arguments.front();
  if (first.isTensor()) return first.toTensor();
  if (first.isTensorList() && !first.toTensorList().empty()) return first.toTensorVector().front();
  return std::nullopt;
}

/// The names after a call that moves dimensions.
DimensionNames moved_names(Executor& executor, const std::string& name, const Arguments& arguments,
                           bool method, const DimensionNames& names) {
  DimensionNames after;
  for (const int from :
       follow_dimensions(executor, name, arguments, method).value_or(std::vector<int>()))
    after.push_back(from < 0 ? "" : names[static_cast<std::size_t>(from)]);
  return after;
}

/// Broadcasting lines up the last dimensions; the first name that is there stands.
DimensionNames broadcast(const Arguments& arguments, std::size_t dims) {
  DimensionNames names(dims);
  for (const ChainValue& argument : arguments.positional)
    each_tensor(argument, [&](const TensorValue& value) {
      for (std::size_t i = 0; i < std::min(dims, value.names.size()); ++i) {
        std::string& name = names[dims - 1 - i];
        if (name.empty() && value.tensor.size(-1 - static_cast<std::int64_t>(i)) != 1)
          name = value.names[value.names.size() - 1 - i];
      }
    });
  return names;
}

/// (..., n, k) times (..., k, m) is (..., n, m).
DimensionNames product_names(const Arguments& arguments, std::size_t dims) {
  const auto& left = std::get<TensorValue>(arguments.positional[0]);
  const auto& right = std::get<TensorValue>(arguments.positional[1]);
  if (left.tensor.dim() < 2 || right.tensor.dim() < 2) return {};
  DimensionNames names = broadcast(arguments, dims);
  names[dims - 2] = left.names.empty() ? "" : left.names[left.names.size() - 2];
  names[dims - 1] = right.names.empty() ? "" : right.names.back();
  return names;
}

std::optional<std::int64_t> integer_argument(const Arguments& arguments, std::size_t index) {
  if (index >= arguments.positional.size() || !arguments.positional[index].integer())
    return std::nullopt;
  return *arguments.positional[index].integer();
}

/// flatten(start, end) joins names as einops writes them: "(height width)".
DimensionNames flattened(const DimensionNames& names, const Arguments& arguments) {
  const auto count = static_cast<std::int64_t>(names.size());
  const auto clamped = [&](std::int64_t dim) { return dim < 0 ? dim + count : dim; };
  const std::int64_t start = clamped(integer_argument(arguments, 1).value_or(0));
  const std::int64_t end = clamped(integer_argument(arguments, 2).value_or(-1));
  if (start < 0 || end >= count || start >= end || !arguments.named.empty()) return {};
  const DimensionNames joined(names.begin() + start, names.begin() + end + 1);
  const bool complete = std::ranges::none_of(joined, &std::string::empty);
  DimensionNames after(names.begin(), names.begin() + start);
  after.push_back(complete ? fmt::format("({})", fmt::join(joined, " ")) : "");
  after.insert(after.end(), names.begin() + end + 1, names.end());
  return after;
}

DimensionNames squeezed(const TensorValue& owner, const Arguments& arguments) {
  const auto count = static_cast<std::int64_t>(owner.names.size());
  std::vector<std::int64_t> dims;
  for (std::size_t i = 1; i < arguments.positional.size(); ++i)
    if (const auto dim = integer_argument(arguments, i)) dims.push_back(*dim);
  DimensionNames after;
  for (std::int64_t i = 0; i < count; ++i) {
    const bool chosen = arguments.positional.size() == 1 ||
                        std::ranges::find(dims, i) != dims.end() ||
                        std::ranges::find(dims, i - count) != dims.end();
    if (!chosen || owner.tensor.size(i) != 1)
      after.push_back(owner.names[static_cast<std::size_t>(i)]);
  }
  return after;
}

DimensionNames stacked(const Arguments& arguments, std::size_t dims) {
  DimensionNames names = broadcast(arguments, dims - 1);
  const std::int64_t dim = integer_argument(arguments, 1).value_or(0);
  const auto place =
      static_cast<std::ptrdiff_t>(dim < 0 ? dim + static_cast<std::int64_t>(dims) : dim);
  names.insert(names.begin() + place, "");
  return names;
}

/// Operations whose result has another meaning along its dimensions.
bool loses_names(std::string_view name) {
  constexpr auto kLosing = std::to_array<std::string_view>({"view",       "view_as",
                                                            "reshape",    "reshape_as",
                                                            "ravel",      "unflatten",
                                                            "unfold",     "as_strided",
                                                            "diagonal",   "diag",
                                                            "diag_embed", "gather",
                                                            "take",       "masked_select",
                                                            "hstack",     "vstack",
                                                            "rot90",      "repeat_interleave",
                                                            "unique",     "unique_consecutive",
                                                            "nonzero",    "argwhere"});
  return std::ranges::find(kLosing, name) != kLosing.end();
}

bool has_names(const Arguments& arguments) {
  bool found = false;
  for (const ChainValue& argument : arguments.positional)
    each_tensor(argument, [&](const TensorValue& value) { found = found || !value.names.empty(); });
  return found;
}

}  // namespace

std::optional<std::vector<int>> follow_dimensions(Executor& executor, const std::string& name,
                                                  const Arguments& arguments, bool method) {
  // On a tensor whose sizes tell its dimensions apart one sees where they went. They are larger
  // than the index that a call may name, and few enough for their product to have 63 bits.
  constexpr std::int64_t kFew = 6, kMost = 14;
  const at::Tensor& tensor = *arguments.positional.front().tensor();
  if (tensor.dim() > kMost) return std::nullopt;
  const std::int64_t first = tensor.dim() <= kFew ? 1000 : 16;
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < tensor.dim(); ++i) sizes.push_back(first + i);
  Arguments probed = arguments;
  probed.positional.front() =
      TensorValue{at::empty({}, tensor.options().device(at::kMeta)).expand(sizes)};
  const std::string libtorch = name == "T" ? "numpy_T" : name == "H" ? "matrix_H" : name;
  const std::optional<at::Tensor> moved = probe(executor.overloads(), libtorch, probed, method);
  if (!moved) return std::nullopt;
  std::vector<int> from;
  for (const std::int64_t size : moved->sizes())
    from.push_back(size >= first && size < first + tensor.dim() ? static_cast<int>(size - first)
                                                                : -1);
  return from;
}

DimensionNames names_after_call(Executor& executor, const std::string& name,
                                const Arguments& arguments, bool method, const at::Tensor& result) {
  if (!has_names(arguments) || loses_names(name)) return {};
  const std::size_t dims = dims_of(result);
  DimensionNames names;
  const auto* owner = std::get_if<TensorValue>(&arguments.positional.front());
  const TensorOperation* operation = find_operation(name);
  if (operation && operation->group == OperationGroup::product)
    names = arguments.positional.size() == 2 && (name == "matmul" || name == "mm" || name == "bmm")
                ? product_names(arguments, dims)
                : DimensionNames();
  else if (name == "stack")
    names = stacked(arguments, dims);
  else if (owner && !owner->names.empty() && name == "flatten")
    names = flattened(owner->names, arguments);
  else if (owner && !owner->names.empty() && name == "squeeze")
    names = squeezed(*owner, arguments);
  else if (owner && moves_dimensions(name))
    names = owner->names.empty() ? DimensionNames()
                                 : moved_names(executor, name, arguments, method, owner->names);
  else
    names = broadcast(arguments, dims);
  return names.size() == dims ? tidy(std::move(names)) : DimensionNames();
}

DimensionNames names_after_index(const TensorValue& owner, const ChainValue& key,
                                 const at::Tensor& result) {
  if (owner.names.empty()) return {};
  const auto* tuple = std::get_if<ListValue>(&key);
  const std::vector<ChainValue> parts =
      tuple && tuple->tuple ? tuple->items : std::vector<ChainValue>{key};
  const auto taken =
      static_cast<std::size_t>(std::ranges::count_if(parts, [](const ChainValue& part) {
        return !part.is_none() && !std::holds_alternative<EllipsisValue>(part);
      }));
  DimensionNames after;
  std::size_t place = 0;
  for (const ChainValue& part : parts) {
    if (part.is_none()) {
      after.emplace_back();
    } else if (std::holds_alternative<EllipsisValue>(part)) {
      for (std::size_t i = taken; i < owner.names.size(); ++i)
        after.push_back(owner.names[place++]);
    } else if (part.integer()) {
      ++place;
    } else if (std::holds_alternative<SliceValue>(part) && place < owner.names.size()) {
      after.push_back(owner.names[place++]);
    } else {
      return {};  // an index by a list or a mask moves dimensions about
    }
  }
  while (place < owner.names.size()) after.push_back(owner.names[place++]);
  return after.size() == dims_of(result) ? tidy(std::move(after)) : DimensionNames();
}

Tried<DimensionNames> read_names(std::string_view annotation, const at::Tensor& tensor,
                                 NamedLengths& lengths) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(annotation)};
  for (std::string word; stream >> word;) words.push_back(word);
  const auto dots = std::ranges::find(words, "...");
  const std::size_t dims = dims_of(tensor);
  if (dots != words.end() && words.size() <= dims + 1) {
    const auto place = words.erase(dots);
    words.insert(place, dims - words.size(), "_");
  }
  if (words.size() != dims)
    return failure(TensorErrorKind::names,
                   message("\"{}\" names {} dimensions, the tensor has {}: [{}].", annotation,
                           words.size(), dims, fmt::format("{}", fmt::join(tensor.sizes(), ", "))));
  DimensionNames names;
  for (std::size_t i = 0; i < dims; ++i) {
    const std::int64_t size = tensor.size(static_cast<std::int64_t>(i));
    std::int64_t fixed = 0;
    const auto [stop, problem] =
        std::from_chars(words[i].data(), words[i].data() + words[i].size(), fixed);
    const bool number = problem == std::errc() && stop == words[i].data() + words[i].size();
    const auto [known, added] = number || words[i] == "_" ? std::pair(lengths.end(), true)
                                                          : lengths.emplace(words[i], size);
    if (number ? fixed != size : !added && known->second != size)
      return failure(TensorErrorKind::names,
                     message("{} is {}, but dimension {} has size {}.", words[i],
                             number ? fixed : known->second, i, size));
    names.push_back(number || words[i] == "_" ? "" : words[i]);
  }
  return names;
}

}  // namespace nanscope
