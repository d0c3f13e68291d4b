#include "engine/tensors/python_calls.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/tensor_language/operations.h"
#include "engine/tensor_language/python_functions.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/python_iteration.h"
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

Tried<ChainValue> absolute(const Values& values) {
  const Tried<PythonNumber> number = number_in("abs", values[0]);
  if (!number) return tl::unexpected(number.error());
  const bool negative = std::holds_alternative<double>(*number)
                            ? std::signbit(std::get<double>(*number))
                            : *python_integer(*number) < 0;
  return from_number(python_unary(negative ? "-" : "+", *number));
}

Tried<ChainValue> rounded(const Values& values) {
  if (values[0].tensor()) return type_error(message("type Tensor doesn't define __round__ method"));
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
  if (values[0].tensor() || values[1].tensor())
    return type_error(
        message("unsupported operand type(s) for divmod(): '{}' and '{}'; write // and %",
                type_name(values[0]), type_name(values[1])));
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
  if (std::holds_alternative<std::string>(values[0]))
    return ChainValue(static_cast<std::int64_t>(items_of(values[0])->size()));
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

Tried<ChainValue> to_str(const Values& values) {
  if (values.empty()) return ChainValue(std::string());
  if (std::holds_alternative<std::string>(values[0])) return values[0];
  bool plain = true;
  each_tensor(values[0], [&](const TensorValue&) { plain = false; });
  if (!plain) return type_error(message("str() makes no text of a tensor here"));
  return ChainValue(to_text(values[0]));
}

Tried<ChainValue> range_of(const Values& values) {
  for (const ChainValue& value : values) {
    if (std::holds_alternative<BigInteger>(value)) return list_too_long();
    if (!to_index(value))
      return type_error(
          message("'{}' object cannot be interpreted as an integer", type_name(value)));
  }
  const std::int64_t start = values.size() > 1 ? *to_index(values[0]) : 0;
  const std::int64_t stop = *to_index(values[values.size() > 1 ? 1 : 0]);
  const std::int64_t step = values.size() > 2 ? *to_index(values[2]) : 1;
  if (step == 0) return failure({"ValueError", message("range() arg 3 must not be zero")});
  ListValue list{.items = {}, .range = {{start, stop, step}}};
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

/// A function that needs no LibTorch.
template <Tried<ChainValue> (*kFunction)(const Values&)>
Tried<ChainValue> plain(Executor& /*executor*/, const Values& values) {
  return kFunction(values);
}

struct PythonFunction {
  std::string_view name;
  std::size_t least, most;  ///< arguments
  Tried<ChainValue> (*call)(Executor&, const Values&);
  std::array<std::string_view, 3> keywords = {};  ///< of arguments that may be given by name
};
constexpr std::size_t kAny = 1000;
constexpr auto kFunctions = std::to_array<PythonFunction>({
    {"abs", 1, 1, plain<absolute>},     {"all", 1, 1, plain<all_of>},
    {"any", 1, 1, plain<any_of>},       {"bool", 0, 1, plain<to_bool>},
    {"divmod", 2, 2, plain<divided>},   {"finfo", 0, 1, plain<finfo_of>, {"type"}},
    {"float", 0, 1, plain<to_float>},   {"iinfo", 1, 1, plain<iinfo_of>, {"type"}},
    {"int", 0, 1, plain<to_int>},       {"len", 1, 1, plain<length_of>},
    {"list", 0, 1, plain<to_list>},     {"max", 1, kAny, largest_of},
    {"min", 1, kAny, smallest_of},      {"pow", 2, 3, plain<power_of>, {"base", "exp", "mod"}},
    {"print", 1, kAny, plain<printed>}, {"range", 1, 3, plain<range_of>},
    {"reversed", 1, 1, reversed_items}, {"round", 1, 2, plain<rounded>, {"number", "ndigits"}},
    {"Size", 0, 1, plain<to_size>},     {"sorted", 1, 1, sorted_items},
    {"str", 0, 1, plain<to_str>},       {"sum", 1, 2, sum_of, {"", "start"}},
    {"tuple", 0, 1, plain<to_tuple>},
});

/// A tensor's own abs and pow are those of PyTorch.
bool is_left_to_tensors(const PythonFunction& function, const Arguments& arguments) {
  const auto is_tensor = [](const ChainValue& value) { return value.tensor() != nullptr; };
  return (function.name == "abs" || function.name == "pow") &&
         std::ranges::any_of(arguments.positional, is_tensor);
}

/// The arguments in order; nothing where a name is not known or given twice.
std::optional<Values> in_order(const PythonFunction& function, const Arguments& arguments) {
  Values values = arguments.positional;
  for (const auto& [name, value] : arguments.named) {
    const auto* const place = std::ranges::find(function.keywords, name);
    if (place == function.keywords.end() ||
        static_cast<std::size_t>(place - function.keywords.begin()) != values.size())
      return std::nullopt;
    values.push_back(value);
  }
  return values;
}

/// max([], default=0)
std::optional<Tried<ChainValue>> with_default(Executor& executor, const PythonFunction& function,
                                              const Arguments& arguments) {
  const bool is_extreme = function.name == "max" || function.name == "min";
  if (!is_extreme || arguments.named.size() != 1 || arguments.named.front().first != "default")
    return std::nullopt;
  if (arguments.positional.size() != 1)
    return type_error(message(
        "Cannot specify a default for {}() with multiple positional arguments", function.name));
  const Tried<Values> items = items_of(arguments.positional.front());
  if (items && items->empty()) return arguments.named.front().second;
  return function.call(executor, arguments.positional);
}

Tried<ChainValue> checked_call(Executor& executor, const PythonFunction& function,
                               const Arguments& arguments);

/// What the function that is given as key makes of each item.
Tried<Values> keys_of(Executor& executor, const ChainValue& key, const Values& items) {
  const auto* function = std::get_if<FunctionValue>(&key);
  if (!function) return type_error(message("'{}' object is not callable", type_name(key)));
  Values keys;
  for (const ChainValue& item : items) {
    const auto made = call_python(executor, "", function->name, {{item}});
    Tried<ChainValue> one = made ? *made : executor.call(function->name, {{item}});
    if (!one) return tl::unexpected(one.error());
    keys.push_back(*std::move(one));
  }
  return keys;
}

/// sorted(), max() and min() with a key.
std::optional<Tried<ChainValue>> by_key(Executor& executor, const PythonFunction& function,
                                        const Arguments& arguments) {
  const bool sorts = function.name == "sorted";
  if (!sorts && function.name != "max" && function.name != "min") return std::nullopt;
  Arguments others = arguments;
  std::optional<ChainValue> key;
  std::erase_if(others.named, [&](const auto& argument) {
    if (argument.first == "key") key = argument.second;
    return argument.first == "key";
  });
  if (!key) return std::nullopt;
  const Values& given = arguments.positional;
  const Tried<Values> items = given.size() == 1 ? items_of(given.front()) : Tried<Values>(given);
  const bool named_well =
      others.named.empty() ||
      (others.named.size() == 1 && others.named.front().first == (sorts ? "reverse" : "default"));
  if (key->is_none() || !items || items->empty() || !named_well || (sorts && given.size() != 1))
    return checked_call(executor, function, others);  // what is wrong is said as without a key
  const Tried<Values> keys = keys_of(executor, *key, *items);
  if (!keys) return tl::unexpected(keys.error());
  const Tried<bool> reverse = sorts && !others.named.empty() ? truth(others.named.front().second)
                                                             : Tried<bool>(function.name == "max");
  if (!reverse) return tl::unexpected(reverse.error());
  Tried<Values> sorted = sorted_by(executor, *items, *keys, *reverse ? ">" : "<");
  if (!sorted) return tl::unexpected(sorted.error());
  if (sorts) return ChainValue(ListValue{*std::move(sorted)});
  return sorted->front();
}

Tried<ChainValue> checked_call(Executor& executor, const PythonFunction& function,
                               const Arguments& arguments) {
  if (auto value = by_key(executor, function, arguments)) return *std::move(value);
  if (function.name == "sorted" && arguments.positional.size() == 1 &&
      arguments.named.size() == 1 && arguments.named.front().first == "reverse")
    return sorted_items(executor, {arguments.positional.front(), arguments.named.front().second});
  if (auto value = with_default(executor, function, arguments)) return *std::move(value);
  const auto values = in_order(function, arguments);
  if (!values)
    return type_error(message("'{}' is an invalid keyword argument for {}() here",
                              arguments.named.front().first, function.name));
  if (values->size() < function.least || values->size() > function.most)
    return type_error(message("{}() takes {} to {} arguments here ({} given)", function.name,
                              function.least, function.most, values->size()));
  return function.call(executor, *values);
}

/// With the words that PyTorch has a function of this name, too, where a tensor was given.
Tried<ChainValue> told_apart(Tried<ChainValue> result, std::string_view name) {
  const TensorOperation* operation = find_operation(name);
  if (result || !operation || !operation->is_function()) return result;
  Failure failed = std::move(result).error();
  failed.what = message("{}; this {} is Python's, PyTorch's is torch.{}", failed.what, name, name);
  return tl::unexpected(std::move(failed));
}

Tried<ChainValue> math_call(Executor& executor, std::string_view name, const Arguments& arguments) {
  if (name == "prod" && arguments.positional.size() != 1)
    return type_error(message("prod() takes exactly 1 positional argument ({} given)",
                              arguments.positional.size()));
  if (name == "prod")
    return folded(executor, "*", ChainValue(std::int64_t{1}), arguments.positional.front());
  const Tried<std::vector<PythonNumber>> numbers = numbers_in(name, arguments.positional);
  if (!numbers) return tl::unexpected(numbers.error());
  return from_number(call_math(name, *numbers));
}

}  // namespace

std::optional<Tried<ChainValue>> call_python(Executor& executor, std::string_view module,
                                             std::string_view name, const Arguments& arguments) {
  if (module == "math") return math_call(executor, name, arguments);
  const auto* const function = std::ranges::find(kFunctions, name, &PythonFunction::name);
  if (function != kFunctions.end() && (module.empty() || is_torch_class(name)) &&
      !is_left_to_tensors(*function, arguments)) {
    Tried<ChainValue> result = checked_call(executor, *function, arguments);
    bool tensors = false;
    for (const ChainValue& value : arguments.positional)
      each_tensor(value, [&](const TensorValue&) { tensors = true; });
    return tensors ? told_apart(std::move(result), name) : result;
  }
  // sqrt(2) alone can only mean the one of math: torch.sqrt takes a tensor.
  const bool all_numbers = std::ranges::all_of(
      arguments.positional, [](const ChainValue& value) { return value.is_number(); });
  if (module.empty() && all_numbers && arguments.named.empty() && is_math_function(name))
    return math_call(executor, name, arguments);
  return std::nullopt;
}

}  // namespace nanscope
