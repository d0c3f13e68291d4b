#include "engine/tensors/python_calls.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/tensor_language/python_functions.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/type_limits.h"

namespace nanscope {
namespace {

using Values = std::vector<ChainValue>;

tl::unexpected<Failure> type_error(Message what) { return failure({"TypeError", std::move(what)}); }

/// The number that a value is, or a tensor of one element holds.
Tried<PythonNumber> number_in(std::string_view function, const ChainValue& value) {
  if (const auto number = to_number(value)) return *number;
  if (!value.tensor())
    return type_error(message("{}() takes a number, not {}", function, type_name(value)));
  if (value.tensor()->numel() != 1)
    return failure(
        {"ValueError", message("only one element tensors can be converted to Python scalars")});
  const Tried<ChainValue> item = item_of(*value.tensor(), function);
  if (!item) return tl::unexpected(item.error());
  return *to_number(*item);
}

Tried<std::vector<PythonNumber>> numbers_in(std::string_view function, const Values& values) {
  std::vector<PythonNumber> numbers;
  for (const ChainValue& value : values) {
    Tried<PythonNumber> number = number_in(function, value);
    if (!number) return tl::unexpected(number.error());
    numbers.push_back(*std::move(number));
  }
  return numbers;
}

/// max(2, 3) and max([2, 3]).
const Values& items_or_values(const Values& values) {
  const auto* list = values.size() == 1 ? std::get_if<ListValue>(&values.front()) : nullptr;
  return list ? list->items : values;
}

Tried<ChainValue> absolute(const Values& values) {
  const Tried<PythonNumber> number = number_in("abs", values[0]);
  if (!number) return tl::unexpected(number.error());
  const bool negative = std::holds_alternative<double>(*number)
                            ? std::signbit(std::get<double>(*number))
                            : *python_integer(*number) < 0;
  return from_number(python_unary(negative ? "-" : "+", *number));
}

Tried<ChainValue> rounded(const Values& values) {
  const Tried<PythonNumber> number = number_in("round", values[0]);
  if (!number) return tl::unexpected(number.error());
  std::optional<mpz_class> digits;
  if (values.size() > 1 && !values[1].is_none()) {
    const auto given = to_number(values[1]);
    digits = given ? python_integer(*given) : std::nullopt;
    if (!digits)
      return type_error(
          message("'{}' object cannot be interpreted as an integer", type_name(values[1])));
  }
  return from_number(python_round(*number, digits));
}

/// The first of the largest, or of the smallest.
Tried<ChainValue> extreme(std::string_view name, const Values& values) {
  if (values.size() == 1 && !std::holds_alternative<ListValue>(values[0]))
    return type_error(message("'{}' object is not iterable", type_name(values[0])));
  const Values& items = items_or_values(values);
  if (items.empty())
    return failure({"ValueError", message("{}() iterable argument is empty", name)});
  const Tried<std::vector<PythonNumber>> numbers = numbers_in(name, items);
  if (!numbers) return tl::unexpected(numbers.error());
  std::size_t best = 0;
  for (std::size_t i = 1; i < items.size(); ++i)
    if (python_truth(*python_binary(name == "max" ? ">" : "<", (*numbers)[i], (*numbers)[best])))
      best = i;
  return items[best];
}
Tried<ChainValue> largest_of(const Values& values) { return extreme("max", values); }
Tried<ChainValue> smallest_of(const Values& values) { return extreme("min", values); }

/// The items of a list, for a function that takes nothing else.
Tried<Values> items_of(const ChainValue& value) {
  const auto* list = std::get_if<ListValue>(&value);
  if (!list) return type_error(message("'{}' object is not iterable", type_name(value)));
  return list->items;
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
Tried<ChainValue> all_of(const Values& values) { return decided(values, true); }
Tried<ChainValue> any_of(const Values& values) { return decided(values, false); }

/// sorted(list), sorted(list, reverse=True)
Tried<ChainValue> sorted(const Values& values) {
  const Tried<Values> items = items_of(values[0]);
  if (!items) return tl::unexpected(items.error());
  const Tried<bool> reverse = values.size() > 1 ? truth(values[1]) : Tried<bool>(false);
  if (!reverse) return tl::unexpected(reverse.error());
  const Tried<std::vector<PythonNumber>> numbers = numbers_in("sorted", *items);
  if (!numbers) return tl::unexpected(numbers.error());
  std::vector<std::size_t> order(items->size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool nans = std::ranges::any_of(*numbers, [](const PythonNumber& number) {
    return std::holds_alternative<double>(number) && std::isnan(std::get<double>(number));
  });
  if (nans) return failure({"ValueError", message("sorted() does not put nan in an order here")});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const std::string_view symbol = *reverse ? ">" : "<";
    return python_truth(*python_binary(symbol, (*numbers)[a], (*numbers)[b]));
  });
  ListValue list;
  for (const std::size_t place : order) list.items.push_back((*items)[place]);
  return ChainValue(std::move(list));
}

/// sum and prod of a list.
Tried<ChainValue> folded(std::string_view name, std::string_view symbol, long first,
                         const Values& values) {
  const Tried<Values> items = items_of(values[0]);
  if (!items) return tl::unexpected(items.error());
  const Tried<std::vector<PythonNumber>> numbers = numbers_in(name, *items);
  if (!numbers) return tl::unexpected(numbers.error());
  PythonResult<PythonNumber> result = PythonNumber(mpz_class(first));
  if (values.size() > 1) {
    const Tried<PythonNumber> start = number_in(name, values[1]);
    if (!start) return tl::unexpected(start.error());
    result = *start;
  }
  for (const PythonNumber& number : *numbers)
    if (result) result = python_binary(symbol, *result, number);
  return from_number(result);
}
Tried<ChainValue> sum_of(const Values& values) { return folded("sum", "+", 0, values); }
Tried<ChainValue> product_of(const Values& values) { return folded("prod", "*", 1, values); }

Tried<ChainValue> power_of(const Values& values) {
  const Tried<std::vector<PythonNumber>> numbers = numbers_in("pow", values);
  if (!numbers) return tl::unexpected(numbers.error());
  if (numbers->size() == 2) return from_number(python_binary("**", (*numbers)[0], (*numbers)[1]));
  std::vector<mpz_class> integers;
  for (const PythonNumber& number : *numbers) {
    if (std::holds_alternative<double>(number))
      return type_error(
          message("pow() 3rd argument not allowed unless all arguments are integers"));
    integers.push_back(*python_integer(number));
  }
  return from_number(python_power_modulo(integers[0], integers[1], integers[2]));
}

Tried<ChainValue> divided(const Values& values) {
  const Tried<std::vector<PythonNumber>> numbers = numbers_in("divmod", values);
  if (!numbers) return tl::unexpected(numbers.error());
  ListValue pair{{}, true};
  for (const std::string_view symbol : {"//", "%"}) {
    const Tried<ChainValue> part = from_number(python_binary(symbol, (*numbers)[0], (*numbers)[1]));
    if (!part) return part;
    pair.items.push_back(*part);
  }
  return ChainValue(std::move(pair));
}

Tried<ChainValue> to_int(const Values& values) {
  if (values.empty()) return ChainValue(std::int64_t{0});
  if (const auto* text = std::get_if<std::string>(&values[0]))
    return from_number(python_int(*text));
  const Tried<PythonNumber> number = number_in("int", values[0]);
  if (!number) return tl::unexpected(number.error());
  return from_number(python_int(*number));
}

Tried<ChainValue> to_float(const Values& values) {
  if (values.empty()) return ChainValue(0.0);
  if (const auto* text = std::get_if<std::string>(&values[0]))
    return from_number(python_float(*text));
  const Tried<PythonNumber> number = number_in("float", values[0]);
  if (!number) return tl::unexpected(number.error());
  const PythonResult<double> real = python_double(*number);
  if (!real) return failure(real.error());
  return ChainValue(*real);
}

Tried<ChainValue> to_bool(const Values& values) {
  if (values.empty()) return ChainValue(false);
  const Tried<bool> value = truth(values[0]);
  if (!value) return tl::unexpected(value.error());
  return ChainValue(*value);
}

Tried<ChainValue> length_of(const Values& values) {
  if (const auto* text = std::get_if<std::string>(&values[0]))
    return ChainValue(static_cast<std::int64_t>(text->size()));
  if (const auto* list = std::get_if<ListValue>(&values[0]))
    return ChainValue(static_cast<std::int64_t>(list->items.size()));
  if (values[0].tensor()) {
    if (values[0].tensor()->dim() == 0) return type_error(message("len() of a 0-d tensor"));
    return ChainValue(values[0].tensor()->size(0));
  }
  return type_error(message("object of type '{}' has no len()", type_name(values[0])));
}

Tried<ChainValue> listed(const Values& values, bool tuple) {
  if (values.empty()) return ChainValue(ListValue{{}, tuple});
  Tried<Values> items = items_of(values[0]);
  if (!items) return tl::unexpected(items.error());
  return ChainValue(ListValue{*std::move(items), tuple});
}
Tried<ChainValue> to_list(const Values& values) { return listed(values, false); }
Tried<ChainValue> to_tuple(const Values& values) { return listed(values, true); }

Tried<ChainValue> to_size(const Values& values) {
  Tried<ChainValue> size = listed(values, true);
  if (!size) return size;
  for (const ChainValue& item : std::get<ListValue>(*size).items)
    if (!item.integer())
      return type_error(
          message("torch.Size() takes an iterable of 'int' (got '{}')", type_name(item)));
  std::get<ListValue>(*size).size = true;
  return size;
}

Tried<ChainValue> range_of(const Values& values) {
  for (const ChainValue& value : values)
    if (!value.integer())
      return type_error(
          message("'{}' object cannot be interpreted as an integer", type_name(value)));
  const std::int64_t start = values.size() > 1 ? *values[0].integer() : 0;
  const std::int64_t stop = *values[values.size() > 1 ? 1 : 0].integer();
  const std::int64_t step = values.size() > 2 ? *values[2].integer() : 1;
  if (step == 0) return failure({"ValueError", message("range() arg 3 must not be zero")});
  ListValue list;
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop;) {
    if (list.items.size() >= kLongestList) return list_too_long();
    list.items.emplace_back(i);
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return ChainValue(std::move(list));
}

/// What would be printed is the value of the line.
Tried<ChainValue> printed(const Values& values) {
  if (values.size() == 1) return values[0];
  return ChainValue(ListValue{values, true});
}

Tried<ChainValue> finfo_of(const Values& values) { return limits_of("finfo", values); }
Tried<ChainValue> iinfo_of(const Values& values) { return limits_of("iinfo", values); }

struct PythonFunction {
  std::string_view name;
  std::size_t least, most;  ///< arguments
  Tried<ChainValue> (*call)(const Values&);
};
constexpr std::size_t kAny = 1000;
constexpr auto kFunctions = std::to_array<PythonFunction>({
    {"abs", 1, 1, absolute},       {"all", 1, 1, all_of},     {"any", 1, 1, any_of},
    {"bool", 0, 1, to_bool},       {"divmod", 2, 2, divided}, {"finfo", 0, 1, finfo_of},
    {"float", 0, 1, to_float},     {"iinfo", 1, 1, iinfo_of}, {"int", 0, 1, to_int},
    {"len", 1, 1, length_of},      {"list", 0, 1, to_list},   {"max", 1, kAny, largest_of},
    {"min", 1, kAny, smallest_of}, {"pow", 2, 3, power_of},   {"print", 1, kAny, printed},
    {"range", 1, 3, range_of},     {"round", 1, 2, rounded},  {"Size", 0, 1, to_size},
    {"sorted", 1, 1, sorted},      {"sum", 1, 2, sum_of},     {"tuple", 0, 1, to_tuple},
});

/// PyTorch's functions of these names take no lists: max([x, y]) is Python's.
bool takes_tensor(const Arguments& arguments) {
  return std::ranges::any_of(arguments.positional,
                             [](const ChainValue& value) { return value.tensor() != nullptr; }) ||
         std::ranges::any_of(arguments.named,
                             [](const auto& named) { return named.second.tensor() != nullptr; });
}

Tried<ChainValue> checked_call(const PythonFunction& function, const Arguments& arguments) {
  if (function.name == "sorted" && arguments.positional.size() == 1 &&
      arguments.named.size() == 1 && arguments.named.front().first == "reverse")
    return sorted({arguments.positional.front(), arguments.named.front().second});
  if (!arguments.named.empty())
    return type_error(message("{}() takes no argument with a name here, not {}=", function.name,
                              arguments.named.front().first));
  const std::size_t count = arguments.positional.size();
  if (count < function.least || count > function.most)
    return type_error(message("{}() takes {} to {} arguments ({} given)", function.name,
                              function.least, function.most, count));
  return function.call(arguments.positional);
}

Tried<ChainValue> math_call(std::string_view name, const Arguments& arguments) {
  if (name == "prod" && !arguments.positional.empty()) return product_of(arguments.positional);
  const Tried<std::vector<PythonNumber>> numbers = numbers_in(name, arguments.positional);
  if (!numbers) return tl::unexpected(numbers.error());
  return from_number(call_math(name, *numbers));
}

}  // namespace

std::optional<Tried<ChainValue>> call_python(std::string_view module, std::string_view name,
                                             const Arguments& arguments) {
  if (module == "math") return math_call(name, arguments);
  const auto* const function = std::ranges::find(kFunctions, name, &PythonFunction::name);
  if (function != kFunctions.end() && (module.empty() || is_torch_class(name)) &&
      (is_python_function_of_tensors(name) || !takes_tensor(arguments)))
    return checked_call(*function, arguments);
  // sqrt(2) alone can only mean the one of math: torch.sqrt takes a tensor.
  const bool plain = std::ranges::all_of(arguments.positional,
                                         [](const ChainValue& value) { return value.is_number(); });
  if (module.empty() && plain && arguments.named.empty() && is_math_function(name))
    return math_call(name, arguments);
  return std::nullopt;
}

}  // namespace nanscope
