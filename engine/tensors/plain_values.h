#pragma once

#include "engine/tensors/value.h"

// What Python does with values that are neither tensors nor numbers alone: lists, strings, None.
namespace nanscope {

/// left == right of plain values: numbers by what they are worth, lists item by item. Refused where
/// Python asks whether two values are one object: of two nan, and of tensors but one and the same.
Tried<bool> plain_equal(const ChainValue& left, const ChainValue& right);

/// Operators between plain values of which one is no number: (2, 3) + (1,), 3 in x.shape, x is
/// None. Python's TypeError where there is no such operator.
Tried<ChainValue> plain_binary(std::string_view symbol, const ChainValue& left,
                               const ChainValue& right);

/// Whether Python takes the value for true; of a tensor that of its one element.
Tried<bool> truth(const ChainValue& value);

/// Items of a list, those of lists in it counted too: each is kept for itself.
inline constexpr std::size_t kLongestList = 100000;
std::size_t items_in(const ListValue& list);
/// Of a list that would become longer.
tl::unexpected<Failure> list_too_long();

/// Where items[key] stands. Python's IndexError where there is none.
Tried<std::size_t> place_in(const ListValue& list, const ChainValue& key);

/// items[start:stop:step], as long as the slice reaches.
Tried<ListValue> sliced(const ListValue& list, const SliceValue& slice);

/// The one element of a tensor as Python's number. LibTorch's words for a tensor of more.
Tried<ChainValue> item_of(const at::Tensor& tensor, std::string_view operation);

}  // namespace nanscope
