#include "engine/tensors/put_together.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace nanscope {
namespace {

/// What may stand behind the tensor, in PyTorch's order.
struct UniqueOptions {
  bool sorted = true, return_inverse = false, return_counts = false;
  ChainValue dim = NoneValue{};
};

tl::unexpected<Failure> refused(const std::string& name) {
  return failure({"TypeError", message("{}() takes {}return_inverse, return_counts (True or False) "
                                       "and dim (a whole number)",
                                       name, name == "unique" ? "sorted, " : "")});
}

using NamedValues = std::vector<std::pair<std::string, ChainValue>>;

/// What stands behind the tensor, by name; nothing where it has no name in `order`.
std::optional<NamedValues> named_options(const Arguments& arguments,
                                         const std::vector<std::string>& order) {
  NamedValues named = arguments.named;
  for (std::size_t i = 1; i < arguments.positional.size(); ++i) {
    if (i > order.size()) return std::nullopt;
    named.emplace_back(order[i - 1], arguments.positional[i]);
  }
  for (const auto& [option, value] : named)
    if (std::ranges::find(order, option) == order.end()) return std::nullopt;
  return named;
}

Tried<UniqueOptions> options_of(const std::string& name, const Arguments& arguments) {
  std::vector<std::string> order{"return_inverse", "return_counts", "dim"};
  if (name == "unique") order.insert(order.begin(), "sorted");
  const auto named = named_options(arguments, order);
  if (!named) return refused(name);
  UniqueOptions options;
  for (const auto& [option, value] : *named) {
    const auto* flag = std::get_if<bool>(&value);
    if (option == "dim" ? !value.integer() && !value.is_none() : !flag) return refused(name);
    if (option == "dim") options.dim = value;
    if (option == "sorted") options.sorted = *flag;
    if (option == "return_inverse") options.return_inverse = *flag;
    if (option == "return_counts") options.return_counts = *flag;
  }
  return options;
}

}  // namespace

Tried<Called> call_unique(Executor& executor, const std::string& name, const Arguments& arguments) {
  if (arguments.positional.empty() || !arguments.positional.front().tensor()) return refused(name);
  const Tried<UniqueOptions> options = options_of(name, arguments);
  if (!options) return tl::unexpected(options.error());
  const auto& [sorted, inverse, counts, dim] = *options;
  const ChainValue& tensor = arguments.positional.front();
  const Tried<ChainValue> all =
      name != "unique" ? executor.call(name, {{tensor, inverse, counts, dim}})
      : dim.is_none()  ? executor.call("_unique2", {{tensor, sorted, inverse, counts}})
                       : executor.call("unique_dim", {{tensor, dim, sorted, inverse, counts}});
  if (!all) return tl::unexpected(all.error());
  const auto& items = std::get<ListValue>(*all).items;
  ListValue wanted{.items = {items[0]}, .tuple = true};
  if (inverse) wanted.items.push_back(items[1]);
  if (counts) wanted.items.push_back(items[2]);
  if (wanted.items.size() == 1) return Called{items[0]};
  return Called{ChainValue(std::move(wanted))};
}

Tried<Called> call_norm(Executor& executor, const Arguments& arguments) {
  const bool method = !arguments.positional.empty() && arguments.positional.front().tensor();
  auto named = named_options(arguments, {"p", "dim", "keepdim", "dtype"});
  if (!method || !named)
    return failure({"TypeError", message("norm() takes p (2, inf, 'fro', ...), dim, keepdim and "
                                         "dtype behind its tensor")});
  for (auto& [option, value] : *named) {
    const auto* text = std::get_if<std::string>(&value);
    if (option == "p") option = "ord";
    if (value.is_none() || (text && *text == "fro"))
      value = option == "ord" ? ChainValue(std::int64_t{2}) : ChainValue(NoneValue{});
  }
  Tried<ChainValue> value =
      executor.call("linalg_vector_norm", {{arguments.positional.front()}, *std::move(named)});
  if (!value) return tl::unexpected(value.error());
  return Called{*std::move(value)};
}

Tried<Called> call_nonzero(Executor& executor, const Arguments& arguments) {
  Arguments others = arguments;
  bool as_tuple = false;
  std::erase_if(others.named, [&](const auto& named) {
    const auto* flag = std::get_if<bool>(&named.second);
    if (named.first != "as_tuple" || !flag) return false;
    as_tuple = *flag;
    return true;
  });
  Tried<ChainValue> value = executor.call(as_tuple ? "nonzero_numpy" : "nonzero", others);
  if (!value) return tl::unexpected(value.error());
  return Called{*std::move(value)};
}

}  // namespace nanscope
