#include "engine/tensors/python_iteration.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/tensors/arithmetic.h"
#include "engine/tensors/plain_values.h"

namespace nanscope {
namespace {

using Values = std::vector<ChainValue>;

/// The characters of a text, which are its items.
Values characters(const std::string& text) {
  Values items;
  for (const char c : text) {
    const bool goes_on = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (goes_on && !items.empty())
      std::get<std::string>(items.back()) += c;
    else
      items.emplace_back(std::string(1, c));
  }
  return items;
}

/// Whether `left symbol right` is true.
Tried<bool> holds(Executor& executor, std::string_view symbol, const ChainValue& left,
                  const ChainValue& right) {
  const Tried<ChainValue> result = binary(executor, symbol, left, right);
  if (!result) return tl::unexpected(result.error());
  return truth(*result);
}

/// The first of the largest, or of the smallest: max(2, 3), max([2, 3]).
Tried<ChainValue> extreme(Executor& executor, std::string_view name, const Values& values) {
  const Tried<Values> items = values.size() == 1 ? items_of(values[0]) : values;
  if (!items) return tl::unexpected(items.error());
  if (items->empty())
    return failure({"ValueError", message("{}() iterable argument is empty", name)});
  const ChainValue* best = &items->front();
  for (const ChainValue& item : *items) {
    if (&item == best) continue;
    const Tried<bool> better = holds(executor, name == "max" ? ">" : "<", item, *best);
    if (!better) return tl::unexpected(better.error());
    if (*better) best = &item;
  }
  return *best;
}
/// Whether all items are true, or any is.
Tried<ChainValue> decided(const Values& values, bool all) {
  const Tried<Values> items = items_of(values[0]);
  if (!items) return tl::unexpected(items.error());
  for (const ChainValue& item : *items) {
    const Tried<bool> value = truth(item);
    if (!value) return tl::unexpected(value.error());
    if (*value != all) return ChainValue(!all);
  }
  return ChainValue(all);
}
bool holds_nan(const ChainValue& value) {
  if (const auto* list = std::get_if<ListValue>(&value))
    return std::ranges::any_of(list->items, holds_nan);
  if (value.tensor() && value.tensor()->numel() == 1)
    return holds_nan(item_of(*value.tensor(), "sorted").value_or(ChainValue(NoneValue{})));
  const auto* number = std::get_if<double>(&value);
  return number && std::isnan(*number);
}

bool takes_rows(const std::string& name, const Arguments& arguments) {
  if (name == "max" || name == "min") return arguments.positional.size() == 1;
  return name == "sum" || name == "all" || name == "any";
}

}  // namespace

RowsTaken rows_taken(std::string_view module, const std::string& name, const Arguments& arguments) {
  if (arguments.positional.empty() || !arguments.positional.front().tensor())
    return RowsTaken::none;
  if (module == "math" && name == "prod") return RowsTaken::unshown;
  if (!module.empty()) return RowsTaken::none;
  if (name == "list" || name == "tuple" || name == "sorted") return RowsTaken::shown;
  return takes_rows(name, arguments) ? RowsTaken::unshown : RowsTaken::none;
}

Tried<Values> items_of(const ChainValue& value) {
  if (const auto* list = std::get_if<ListValue>(&value)) return list->items;
  if (const auto* text = std::get_if<std::string>(&value)) return characters(*text);
  return failure({"TypeError", message("'{}' object is not iterable", type_name(value))});
}

Tried<ChainValue> largest_of(Executor& executor, const Values& values) {
  return extreme(executor, "max", values);
}
Tried<ChainValue> smallest_of(Executor& executor, const Values& values) {
  return extreme(executor, "min", values);
}

Tried<ChainValue> all_of(const Values& values) { return decided(values, true); }
Tried<ChainValue> any_of(const Values& values) { return decided(values, false); }

Tried<Values> sorted_by(Executor& executor, const Values& items, const Values& keys,
                        std::string_view symbol) {
  if (std::ranges::any_of(keys, holds_nan))
    return failure({"ValueError", message("sorted() does not put nan in an order here")});
  std::vector<std::size_t> places(items.size());
  std::iota(places.begin(), places.end(), 0u);
  std::optional<Failure> failed;
  std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
    if (failed) return false;
    const Tried<bool> first = holds(executor, symbol, keys[a], keys[b]);
    if (!first) failed = first.error();
    return first.value_or(false);
  });
  if (failed) return tl::unexpected(*failed);
  Values sorted;
  for (const std::size_t place : places) sorted.push_back(items[place]);
  return sorted;
}

Tried<ChainValue> sorted_items(Executor& executor, const Values& values) {
  const Tried<Values> items = items_of(values[0]);
  if (!items) return tl::unexpected(items.error());
  const Tried<bool> reverse = values.size() > 1 ? truth(values[1]) : Tried<bool>(false);
  if (!reverse) return tl::unexpected(reverse.error());
  Tried<Values> sorted = sorted_by(executor, *items, *items, *reverse ? ">" : "<");
  if (!sorted) return tl::unexpected(sorted.error());
  return ChainValue(ListValue{*std::move(sorted)});
}

Tried<ChainValue> reversed_items(Executor& executor, const Values& values) {
  if (const at::Tensor* tensor = values[0].tensor())
    return tensor->dim() == 0 ? values[0]
                              : executor.call("flip", {{values[0], std::int64_t{0}}}, true);
  Tried<Values> items = items_of(values[0]);
  if (!items)
    return failure({"TypeError", message("'{}' object is not reversible", type_name(values[0]))});
  std::ranges::reverse(*items);
  return ChainValue(ListValue{*std::move(items)});
}

Tried<ChainValue> folded(Executor& executor, std::string_view symbol, ChainValue first,
                         const ChainValue& list) {
  const Tried<Values> items = items_of(list);
  if (!items) return tl::unexpected(items.error());
  Tried<ChainValue> result = std::move(first);
  for (const ChainValue& item : *items)
    if (result) result = binary(executor, symbol, *result, item);
  return result;
}

Tried<ChainValue> sum_of(Executor& executor, const Values& values) {
  const ChainValue start = values.size() > 1 ? values[1] : ChainValue(std::int64_t{0});
  if (std::holds_alternative<std::string>(start))
    return failure({"TypeError", message("sum() can't sum strings [use ''.join(seq) instead]")});
  return folded(executor, "+", start, values[0]);
}

}  // namespace nanscope
