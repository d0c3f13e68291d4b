#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/tensors/executor.h"
#include "engine/tensors/value.h"

// Python's functions that go through what they are given: a list, a text, the rows of a tensor.
namespace nanscope {

/// Whether a function goes through a tensor along its first dimension, and whether its rows are
/// steps then: those of list(x) are, those of sum(x) are not.
enum class RowsTaken { none, unshown, shown };
RowsTaken rows_taken(std::string_view module, const std::string& name, const Arguments& arguments);

/// What a function goes through. For the rows of a tensor ask before: rows_taken().
Tried<std::vector<ChainValue>> items_of(const ChainValue& value);

/// max(2, 3), max([2, 3]): the first of the largest, or of the smallest.
Tried<ChainValue> largest_of(Executor& executor, const std::vector<ChainValue>& values);
Tried<ChainValue> smallest_of(Executor& executor, const std::vector<ChainValue>& values);
/// Whether all items are true, or any is.
Tried<ChainValue> all_of(const std::vector<ChainValue>& values);
Tried<ChainValue> any_of(const std::vector<ChainValue>& values);
/// sorted(list), and with True behind it sorted(list, reverse=True).
Tried<ChainValue> sorted_items(Executor& executor, const std::vector<ChainValue>& values);
/// The items in the order of their keys, one each; symbol is < or >.
Tried<std::vector<ChainValue>> sorted_by(Executor& executor, const std::vector<ChainValue>& items,
                                         const std::vector<ChainValue>& keys,
                                         std::string_view symbol);
/// reversed(list); of a tensor its rows from the last to the first, as x.flip(0).
Tried<ChainValue> reversed_items(Executor& executor, const std::vector<ChainValue>& values);
/// sum(list), sum(list, start)
Tried<ChainValue> sum_of(Executor& executor, const std::vector<ChainValue>& values);
/// first symbol item symbol item ...: math.prod.
Tried<ChainValue> folded(Executor& executor, std::string_view symbol, ChainValue first,
                         const ChainValue& list);

}  // namespace nanscope
