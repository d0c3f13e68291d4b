#include "engine/tensors/facts.h"

#include <algorithm>
#include <array>

#include "engine/tensors/plain_values.h"

namespace nanscope {
namespace {

/// tolist() of more would fill the screen with numbers.
constexpr std::int64_t kMostListed = 10000;

ChainValue tuple_of(at::IntArrayRef numbers, bool of_sizes) {
  ListValue list{.items = {}, .tuple = true, .size = of_sizes};
  for (const std::int64_t number : numbers) list.items.emplace_back(number);
  return list;
}

/// One of `numbers`, counted from the end where `dim` is negative.
Tried<ChainValue> at_dimension(at::IntArrayRef numbers, std::int64_t dim) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  if (dim < -count || dim >= count)
    return failure(TensorErrorKind::libtorch,
                   count == 0
                       ? message("Dimension specified as {} but tensor has no dimensions", dim)
                       : message("Dimension out of range (expected to be in range of "
                                 "[{}, {}], but got {})",
                                 -count, count - 1, dim));
  return ChainValue(numbers[static_cast<std::size_t>(dim < 0 ? dim + count : dim)]);
}

/// Elements as nested lists; a number for a tensor without dimensions.
ChainValue nested(const at::Tensor& tensor) {
  if (tensor.dim() == 0) return *item_of(tensor, "tolist");
  ListValue list;
  for (std::int64_t i = 0; i < tensor.size(0); ++i)
    list.items.push_back(nested(tensor.select(0, i)));
  return list;
}

/// Lists and numbers that a shape becomes; those of a tensor without elements are lists alone.
bool is_long(at::IntArrayRef shape) {
  std::int64_t items = 1, all = 0;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(items, size, &items)) return true;
    all += items;
    if (all > static_cast<std::int64_t>(kLongestList)) return true;
  }
  return false;
}

Tried<ChainValue> listed_elements(const at::Tensor& tensor) {
  if (tensor.is_meta())
    return failure(TensorErrorKind::arguments,
                   message("tolist() needs the values, not only the shape"));
  if (tensor.numel() > kMostListed)
    return failure(TensorErrorKind::too_large,
                   message("tolist() of {} elements is more than the {} that are shown here.",
                           tensor.numel(), kMostListed));
  if (is_long(tensor.sizes())) return list_too_long();
  return nested(tensor);
}

Tried<ChainValue> numbers_or_one(at::IntArrayRef numbers, const ChainValue* dim, bool of_sizes) {
  return dim ? at_dimension(numbers, *dim->integer()) : tuple_of(numbers, of_sizes);
}

using Fact = Tried<ChainValue> (*)(const at::Tensor&);
struct PlainFact {
  std::string_view name;
  Fact find;
};
constexpr auto kPlainFacts = std::to_array<PlainFact>({
    {"dtype", [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.scalar_type()); }},
    {"storage_offset",
     [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.storage_offset()); }},
    {"numel", [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.numel()); }},
    {"nelement", [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.numel()); }},
    {"ndim", [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.dim()); }},
    {"dim", [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.dim()); }},
    {"element_size",
     [](const at::Tensor& t) -> Tried<ChainValue> {
       return ChainValue(static_cast<std::int64_t>(t.element_size()));
     }},
    {"itemsize",
     [](const at::Tensor& t) -> Tried<ChainValue> {
       return ChainValue(static_cast<std::int64_t>(t.element_size()));
     }},
    {"nbytes",
     [](const at::Tensor& t) -> Tried<ChainValue> {
       return ChainValue(t.numel() * static_cast<std::int64_t>(t.element_size()));
     }},
    {"is_floating_point",
     [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.is_floating_point()); }},
    {"is_complex",
     [](const at::Tensor& t) -> Tried<ChainValue> { return ChainValue(t.is_complex()); }},
    {"is_signed",
     [](const at::Tensor& t) -> Tried<ChainValue> {
       return ChainValue(c10::isSignedType(t.scalar_type()));
     }},
    // Chains are carried out on the CPU, and without autograd.
    {"device",
     [](const at::Tensor&) -> Tried<ChainValue> { return ChainValue(std::string("cpu")); }},
    {"is_cuda", [](const at::Tensor&) -> Tried<ChainValue> { return ChainValue(false); }},
    {"requires_grad", [](const at::Tensor&) -> Tried<ChainValue> { return ChainValue(false); }},
    {"item", [](const at::Tensor& t) { return item_of(t, "item"); }},
    {"tolist", listed_elements},
});

}  // namespace

Tried<ChainValue> fact(const std::string& name, const Arguments& arguments) {
  const at::Tensor& tensor = *arguments.positional.front().tensor();
  const ChainValue* given = arguments.positional.size() > 1 ? &arguments.positional[1]
                            : !arguments.named.empty()      ? &arguments.named.front().second
                                                            : nullptr;
  const bool one = arguments.positional.size() + arguments.named.size() <= 2;
  if (name == "is_contiguous") {
    const auto* format = given ? std::get_if<at::MemoryFormat>(given) : nullptr;
    if (!one || (given && !format))
      return failure({"TypeError", message("is_contiguous() takes memory_format=..., as "
                                           "torch.channels_last")});
    return ChainValue(tensor.is_contiguous(format ? *format : at::MemoryFormat::Contiguous));
  }
  const bool takes_dim = name == "size" || name == "stride";
  if (given && (!takes_dim || !given->integer() || !one))
    return failure(
        TensorErrorKind::arguments,
        message("{}() takes {}", name,
                takes_dim ? message("one whole number, the dimension") : message("no arguments")));
  if (name == "size" || name == "shape")
    return numbers_or_one(tensor.sizes(), given, /*of_sizes=*/true);
  if (name == "stride") return numbers_or_one(tensor.strides(), given, /*of_sizes=*/false);
  return std::ranges::find(kPlainFacts, name, &PlainFact::name)->find(tensor);
}

}  // namespace nanscope
