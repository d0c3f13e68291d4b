#include "engine/tensors/plain_values.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// Of two values of one type whose == is plain.
template <class T>
std::optional<bool> equal_as(const ChainValue& left, const ChainValue& right) {
  const auto* a = std::get_if<T>(&left);
  const auto* b = std::get_if<T>(&right);
  if (!a || !b) return std::nullopt;
  return *a == *b;
}

bool is_ordering(std::string_view symbol) {
  return symbol == "<" || symbol == "<=" || symbol == ">" || symbol == ">=";
}

bool is_true(const Tried<ChainValue>& value) { return value && std::get<bool>(*value); }

Tried<ChainValue> unsupported_by_values(std::string_view symbol, const ChainValue& left,
                                        const ChainValue& right) {
  const bool ordered = is_ordering(symbol);
  const std::string_view name = symbol == "**" ? "** or pow()" : symbol;
  return failure(
      {"TypeError", ordered ? message("'{}' not supported between instances of '{}' and '{}'",
                                      symbol, type_name(left), type_name(right))
                            : message("unsupported operand type(s) for {}: '{}' and '{}'", name,
                                      type_name(left), type_name(right))});
}

Tried<ChainValue> joined(const ListValue& left, const ListValue& right) {
  if (items_in(left) + items_in(right) > kLongestList) return list_too_long();
  // A size and a tuple are a size.
  ListValue both{.items = left.items, .tuple = left.tuple, .size = left.size || right.size};
  both.items.insert(both.items.end(), right.items.begin(), right.items.end());
  return ChainValue(std::move(both));
}

Tried<ChainValue> repeated(const ListValue& list, std::int64_t times) {
  ListValue result{.items = {}, .tuple = list.tuple, .size = list.size};
  const std::size_t count = times > 0 ? static_cast<std::size_t>(times) : 0;
  if (!list.items.empty() && count > kLongestList / items_in(list)) return list_too_long();
  for (std::size_t i = 0; i < count; ++i)
    result.items.insert(result.items.end(), list.items.begin(), list.items.end());
  return ChainValue(std::move(result));
}

/// Lists by the first pair of items that differs.
Tried<ChainValue> ordered(std::string_view symbol, const ListValue& left, const ListValue& right) {
  const std::size_t common = std::min(left.items.size(), right.items.size());
  for (std::size_t i = 0; i < common; ++i) {
    const Tried<bool> equal = plain_equal(left.items[i], right.items[i]);
    if (!equal) return tl::unexpected(equal.error());
    if (*equal) continue;
    const auto a = to_number(left.items[i]), b = to_number(right.items[i]);
    if (a && b) return from_number(python_binary(symbol, *a, *b));
    return plain_binary(symbol, left.items[i], right.items[i]);
  }
  return from_number(python_binary(symbol, PythonNumber(mpz_class(left.items.size())),
                                   PythonNumber(mpz_class(right.items.size()))));
}

Tried<ChainValue> contains(std::string_view symbol, const ChainValue& item,
                           const ChainValue& container) {
  const auto* list = std::get_if<ListValue>(&container);
  if (!list)
    return failure(
        {"TypeError", message("argument of type '{}' is not a list here", type_name(container))});
  for (const ChainValue& each : list->items) {
    const Tried<bool> found = plain_equal(each, item);
    if (!found) return tl::unexpected(found.error());
    if (*found) return ChainValue(symbol == "in");
  }
  return ChainValue(symbol != "in");
}

/// None is None; of other values only True, False and dtypes are one thing wherever they stand.
Tried<ChainValue> identical(std::string_view symbol, const ChainValue& left,
                            const ChainValue& right) {
  const auto single = [](const ChainValue& value) {
    return value.is_none() || std::holds_alternative<bool>(value) ||
           std::holds_alternative<at::ScalarType>(value);
  };
  if (!single(left) && !single(right))
    return failure({"TypeError", message("is compares with None, True and False here; write ==")});
  const bool same = left.index() == right.index() && plain_equal(left, right).value_or(false);
  return ChainValue(same == (symbol == "is"));
}

Tried<ChainValue> of_texts(std::string_view symbol, const std::string& left,
                           const std::string& right) {
  if (symbol == "<") return ChainValue(left < right);
  if (symbol == "<=") return ChainValue(left <= right);
  if (symbol == ">") return ChainValue(left > right);
  if (symbol == ">=") return ChainValue(left >= right);
  return failure(TensorErrorKind::arguments,
                 message("Texts are compared here; {} does nothing with them.", symbol));
}

Tried<bool> equal_lists(const ListValue& left, const ListValue& right) {
  if (left.tuple != right.tuple || left.range.has_value() != right.range.has_value() ||
      left.items.size() != right.items.size())
    return false;
  for (std::size_t i = 0; i < left.items.size(); ++i) {
    const Tried<bool> equal = plain_equal(left.items[i], right.items[i]);
    if (!equal || !*equal) return equal;
  }
  return true;
}

bool is_nan(const PythonNumber& number) {
  return std::holds_alternative<double>(number) && std::isnan(std::get<double>(number));
}

/// What Python takes for an index: an int, a bool, a whole number in a tensor.
Tried<std::int64_t> index_in(const ListValue& list, const ChainValue& key) {
  if (const auto* tensor = key.tensor();
      tensor && at::isIntegralType(tensor->scalar_type(), false)) {
    const Tried<ChainValue> item = item_of(*tensor, "index");
    if (!item) return tl::unexpected(item.error());
    return *item->integer();
  }
  if (const auto place = to_index(key)) return *place;
  if (std::holds_alternative<BigInteger>(key))
    return failure({"IndexError", message("cannot fit 'int' into an index-sized integer")});
  return failure({"TypeError", message("{} indices must be integers or slices, not {}",
                                       type_name(list), type_name(key))});
}

}  // namespace

Tried<bool> plain_equal(const ChainValue& left, const ChainValue& right) {
  const auto a = to_number(left), b = to_number(right);
  if (a && b && is_nan(*a) && is_nan(*b))
    return failure(TensorErrorKind::arguments,
                   message("Python takes nan in a list for equal if both are one object, which is "
                           "not known here; ask for math.isnan(x)"));
  if (a && b) return is_true(from_number(python_binary("==", *a, *b)));
  if (left.tensor() && right.tensor() && left.tensor()->is_same(*right.tensor())) return true;
  if (left.tensor() || right.tensor())
    return failure(TensorErrorKind::arguments,
                   message("Tensors in lists are not compared here; compare them by themselves"));
  if (left.is_none() && right.is_none()) return true;
  if (std::holds_alternative<EllipsisValue>(left) && std::holds_alternative<EllipsisValue>(right))
    return true;
  if (const auto equal = equal_as<std::string>(left, right)) return *equal;
  if (const auto equal = equal_as<at::ScalarType>(left, right)) return *equal;
  if (const auto equal = equal_as<at::MemoryFormat>(left, right)) return *equal;
  if (const auto equal = equal_as<LimitsValue>(left, right)) return *equal;
  const auto* one = std::get_if<ListValue>(&left);
  const auto* two = std::get_if<ListValue>(&right);
  return one && two ? equal_lists(*one, *two) : false;
}

Tried<ChainValue> plain_binary(std::string_view symbol, const ChainValue& left,
                               const ChainValue& right) {
  if (symbol == "==" || symbol == "!=") {
    const Tried<bool> equal = plain_equal(left, right);
    if (!equal) return tl::unexpected(equal.error());
    return ChainValue(*equal == (symbol == "=="));
  }
  if (symbol == "is" || symbol == "is not") return identical(symbol, left, right);
  if (symbol == "in" || symbol == "not in") return contains(symbol, left, right);
  const auto* one = std::get_if<ListValue>(&left);
  const auto* two = std::get_if<ListValue>(&right);
  const auto times = to_index(one ? right : left);
  if (symbol == "*" && (one || two) && std::holds_alternative<BigInteger>(one ? right : left))
    return failure({"OverflowError", message("cannot fit 'int' into an index-sized integer")});
  if ((one && one->range) || (two && two->range)) return unsupported_by_values(symbol, left, right);
  if (symbol == "*" && (one || two) && times) return repeated(one ? *one : *two, *times);
  if (one && two && one->tuple == two->tuple) {
    if (symbol == "+") return joined(*one, *two);
    if (is_ordering(symbol)) return ordered(symbol, *one, *two);
  }
  const auto* text = std::get_if<std::string>(&left);
  const auto* other = std::get_if<std::string>(&right);
  if (text && other) return of_texts(symbol, *text, *other);
  if (symbol == "*" && ((text && to_index(right)) || (other && to_index(left))))
    return of_texts(symbol, "", "");
  return unsupported_by_values(symbol, left, right);
}

Tried<bool> truth(const ChainValue& value) {
  if (const auto number = to_number(value)) return python_truth(*number);
  if (value.is_none()) return false;
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (const auto* list = std::get_if<ListValue>(&value)) return !list->items.empty();
  if (!value.tensor()) return true;
  if (value.tensor()->numel() != 1)
    return failure(TensorErrorKind::libtorch,
                   value.tensor()->numel() == 0
                       ? message("Boolean value of Tensor with no values is ambiguous")
                       : message("Boolean value of Tensor with more than one value is ambiguous"));
  const Tried<ChainValue> item = item_of(*value.tensor(), "bool");
  if (!item) return tl::unexpected(item.error());
  return python_truth(*to_number(*item));
}

std::size_t items_in(const ListValue& list) {
  std::size_t count = list.items.size();
  for (const ChainValue& item : list.items)
    if (const auto* inner = std::get_if<ListValue>(&item)) count += items_in(*inner);
  return count;
}

tl::unexpected<Failure> list_too_long() {
  return failure(
      TensorErrorKind::too_large,
      message("A list has at most {} items here, those of lists in it counted too.", kLongestList));
}

Tried<std::size_t> place_in(const ListValue& list, const ChainValue& key) {
  const Tried<std::int64_t> index = index_in(list, key);
  if (!index) return tl::unexpected(index.error());
  const auto count = static_cast<std::int64_t>(list.items.size());
  const std::int64_t place = *index + (*index < 0 ? count : 0);
  if (place < 0 || place >= count)
    return tl::unexpected(Failure{TensorErrorKind::libtorch,
                                  message("{} index out of range", list.range   ? "range object"
                                                                   : list.tuple ? "tuple"
                                                                                : "list"),
                                  "IndexError"});
  return static_cast<std::size_t>(place);
}

Tried<ListValue> sliced(const ListValue& list, const SliceValue& slice) {
  const auto count = static_cast<std::int64_t>(list.items.size());
  const std::int64_t step = slice.step.value_or(1);
  if (step == 0) return failure({"ValueError", message("slice step cannot be zero")});
  // As PySlice_AdjustIndices: going down, -1 stands before the first item.
  const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? count : count - 1;
  const auto adjusted = [&](const std::optional<std::int64_t>& place, std::int64_t otherwise) {
    if (!place) return otherwise;
    return std::clamp(*place < 0 ? *place + count : *place, low, high);
  };
  const std::int64_t start = adjusted(slice.start, step > 0 ? low : high);
  const std::int64_t stop = adjusted(slice.stop, step > 0 ? high : low);
  ListValue part{.items = {}, .tuple = list.tuple, .size = list.size};
  if (list.range) {
    const auto& [first, last, stride] = *list.range;
    part.range = {first + start * stride, first + stop * stride, stride * step};
  }
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop;) {
    part.items.push_back(list.items[static_cast<std::size_t>(i)]);
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return part;
}

Tried<ChainValue> item_of(const at::Tensor& tensor, std::string_view operation) {
  if (tensor.is_meta())
    return failure(TensorErrorKind::arguments,
                   message("{}() needs the values, not only the shape", operation));
  if (tensor.numel() != 1)
    return failure(
        TensorErrorKind::libtorch,
        message("a Tensor with {} elements cannot be converted to Scalar", tensor.numel()));
  const at::Scalar scalar = tensor.item();
  if (scalar.isBoolean()) return ChainValue(scalar.toBool());
  if (scalar.isIntegral(false)) return ChainValue(scalar.toLong());
  return ChainValue(scalar.toDouble());
}

}  // namespace nanscope
