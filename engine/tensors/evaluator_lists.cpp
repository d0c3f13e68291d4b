#include <algorithm>

#include "engine/tensors/evaluator.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/python_iteration.h"

// Lists that change: everything that holds the list holds the changed one, as in Python.
namespace nanscope {
namespace {

bool holds_list(const ChainValue& value, const ListValue& list) {
  const auto* each = std::get_if<ListValue>(&value);
  if (!each) return false;
  return each->identity == list.identity ||
         std::ranges::any_of(each->items,
                             [&](const ChainValue& item) { return holds_list(item, list); });
}

/// items_in(value) with the changed list, which has so many, in place of what it was.
std::size_t items_with(const ChainValue& value, const ListValue& changed, std::size_t count) {
  const auto* list = std::get_if<ListValue>(&value);
  if (!list) return 0;
  if (list->identity == changed.identity) return count;
  std::size_t all = list->items.size();
  for (const ChainValue& item : list->items) all += items_with(item, changed, count);
  return all;
}

void replace_in(ChainValue& value, const ListValue& changed) {
  auto* list = std::get_if<ListValue>(&value);
  if (!list) return;
  if (list->identity == changed.identity) {
    *list = changed;
    return;
  }
  for (ChainValue& item : list->items) replace_in(item, changed);
}

}  // namespace

Evaluation<bool> Evaluator::change_list(const Statement& statement, ListValue list,
                                        const ChainValue& value) {
  const Node& node = statement.value;
  Tried<std::vector<ChainValue>> items;
  if (statement.write_operator == "*") {
    const Tried<ChainValue> product = plain_binary("*", list, value);
    if (!product) co_return tl::unexpected(error(node, node.begin, product.error()));
    items = items_of(*product);
    list.items.clear();
  } else if (value.tensor()) {
    auto taking = rows_of(node, value, true);
    const Evaluated<ChainValue> rows = co_await taking;
    if (!rows) co_return tl::unexpected(rows.error());
    items = items_of(*rows);
  } else {
    items = items_of(value);
  }
  if (!items) co_return tl::unexpected(error(node, node.begin, items.error()));
  list.items.insert(list.items.end(), items->begin(), items->end());
  co_return replace_list(statement, list);
}

Evaluated<bool> Evaluator::set_item(const Statement& statement, ListValue list,
                                    const ChainValue& key, const ChainValue& value) {
  const Node& target = statement.target;
  const int begin = target.children[0].end;
  if (!statement.write_operator.empty() || std::holds_alternative<SliceValue>(key))
    return tl::unexpected(
        error(target, begin,
              {TensorErrorKind::arguments,
               message("Of a list one item is set here, by x[0] = value; no slice, no {}.",
                       statement.write_operator.empty() ? "+=" : statement.write_operator + "=")}));
  const Tried<std::size_t> place = place_in(list, key);
  if (!place) return tl::unexpected(error(target, begin, place.error()));
  list.items[*place] = value;
  return replace_list(statement, list);
}

Evaluated<bool> Evaluator::replace_list(const Statement& statement, const ListValue& changed) {
  const Node& node = statement.value;
  const auto refused = [&](const Failure& why) {
    return tl::unexpected(error(node, node.begin, why));
  };
  if (std::ranges::any_of(changed.items,
                          [&](const ChainValue& item) { return holds_list(item, changed); }))
    return refused({TensorErrorKind::arguments, message("A list cannot hold itself here.")});
  const std::size_t count = items_in(changed);
  if (count > kLongestList) return refused(list_too_long().value());
  for (const auto& [name, value] : variables_)
    if (items_with(value, changed, count) > kLongestList) return refused(list_too_long().value());
  for (auto& [name, value] : variables_) replace_in(value, changed);
  return true;
}

}  // namespace nanscope
