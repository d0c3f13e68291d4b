#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "engine/base/nearest_name.h"
#include "engine/numbers/exact.h"
#include "engine/numbers/limits.h"

namespace nanscope {
namespace {

constexpr int kMostExponentBits = 11;  // so that every value is a double
constexpr int kMostMantissaBits = 52;
constexpr int kSmallestDoubleExponent = -1022;
constexpr int kLargestDoubleExponent = 1023;
constexpr std::size_t kLongestFormat = 100;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  constexpr std::string_view kBetween = ":, \t";
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "e5m7"; nothing if it is not of this form.
std::optional<NumberFormat> bits_of_name(std::string_view base) {
  const std::size_t m = base.find('m');
  if (!base.starts_with('e') || m == base.npos) return std::nullopt;
  const auto exponent_bits = whole_number(base.substr(1, m - 1));
  const auto mantissa_bits = whole_number(base.substr(m + 1));
  if (!exponent_bits || !mantissa_bits) return std::nullopt;
  NumberFormat format;
  format.exponent_bits = *exponent_bits;
  format.mantissa_bits = *mantissa_bits;
  return format;
}

Result<NumberFormat> base_format(std::string_view base) {
  if (const NumberFormat* known = find_format(base)) return *known;
  std::optional<NumberFormat> format = bits_of_name(base);
  if (!format) {
    std::vector<std::string> names;
    for (const NumberFormat& known : number_formats()) names.push_back(known.name);
    const std::string nearest = nearest_name(base, names);
    return input_error(
        std::string(base),
        "no such number format{} Allowed are {}, and eXmY with X bits of exponent and "
        "Y of mantissa, such as e5m7.",
        nearest.empty() ? message(".") : message("; did you mean {}?", nearest), name_list(names));
  }
  if (format->exponent_bits < 1 || format->exponent_bits > kMostExponentBits ||
      format->mantissa_bits < 0 || format->mantissa_bits > kMostMantissaBits)
    return input_error(std::string(base),
                       "allowed are 1 to {} bits of exponent and 0 to {} of mantissa, "
                       "so that fp64 holds every value.",
                       kMostExponentBits, kMostMantissaBits);
  format->bias = ieee_bias(format->exponent_bits);
  if (format->mantissa_bits == 0) {  // infinity and NaN would need two codes of the mantissa
    format->has_infinity = format->has_subnormals = false;
    format->nan = NanCoding::all_ones;
  }
  return *format;
}

void set_nan(NumberFormat& format, NanCoding nan) {
  format.nan = nan;
  format.has_infinity = nan == NanCoding::ieee;
}

/// The scale as quantization stores it: rounded to fp32. Nothing if it is no positive fp32 number
/// whose multiples are finite.
std::optional<double> read_scale(std::string_view text) {
  const Result<ExactNumber> number = parse_number(text);
  if (!number) return std::nullopt;
  const double scale = round_to(*find_format("fp32"), *number);
  if (!(scale > 0) || scale > 0x1p120) return std::nullopt;
  return scale;
}

/// Applies one option; the result says what is wrong with it, or nothing.
std::optional<Message> apply(NumberFormat& format, const std::string& option) {
  const std::string_view value = std::string_view(option).substr(std::min(
      option.size(), option.find('=') == option.npos ? option.size() : option.find('=') + 1));
  if (option == "saturate") {
    format.overflow = Overflow::saturate;
    return std::nullopt;
  }
  if (option.starts_with("scale=")) {
    if (!format.is_integer) return message("only int8 has a scale");
    const auto scale = read_scale(value);
    if (!scale)
      return message("the scale has to be a positive fp32 number, for example scale=1/127");
    format.scale = *scale;
    return std::nullopt;
  }
  if (format.is_integer) return message("int8 takes the options scale=NUMBER and saturate");
  if (option.starts_with("bias=")) {
    const auto bias = whole_number(value);
    if (!bias) return message("the bias has to be a whole number");
    format.bias = *bias;
  } else if (option == "subnormals" || option == "no-subnormals") {
    format.has_subnormals = option == "subnormals";
  } else if (option == "infinity") {
    set_nan(format, NanCoding::ieee);
  } else if (option == "no-infinity") {
    if (format.has_infinity) set_nan(format, NanCoding::all_ones);
  } else if (option.starts_with("nan=")) {
    const auto nan = value_of<NanCoding>(value);
    if (!nan) return message("allowed are nan=ieee, nan=all-ones, nan=negative-zero and nan=none");
    set_nan(format, *nan);
  } else if (option == "unsigned") {
    format.has_sign = false;
  } else {
    const std::string nearest =
        nearest_name(option.substr(0, option.find('=')),
                     {"bias", "subnormals", "no-subnormals", "infinity", "no-infinity", "nan",
                      "unsigned", "saturate", "scale"});
    return message(
        "no such option{}; allowed are bias=N, subnormals, no-subnormals, infinity, no-infinity, "
        "nan=all-ones, nan=negative-zero, nan=none, unsigned, saturate, and scale=NUMBER of "
        "int8",
        nearest.empty() ? Message() : message("; did you mean {}?", nearest));
  }
  return std::nullopt;
}

/// What makes the options together impossible, or nothing.
std::optional<Message> contradiction(const NumberFormat& format) {
  if (format.is_integer) return std::nullopt;
  if (format.mantissa_bits == 0 && format.has_infinity)
    return message("infinity and NaN need a bit of mantissa to be told apart");
  if (format.mantissa_bits == 0 && format.has_subnormals)
    return message("subnormals need a bit of mantissa");
  if (!format.has_sign && format.nan == NanCoding::negative_zero)
    return message("an unsigned format has no -0 to stand for NaN");
  const int largest_field = largest_exponent_field(format);
  if (largest_field < (format.has_zero ? 1 : 0))
    return message(
        "infinity and NaN leave no exponent for normal numbers; take more bits of exponent, or "
        "nan=none");
  const int smallest_bias = largest_field - kLargestDoubleExponent;
  const int largest_bias = (format.has_zero ? 1 : 0) - kSmallestDoubleExponent;
  if (format.bias < smallest_bias || format.bias > largest_bias)
    return message("a bias of {} leads beyond fp64; allowed are {} to {}", format.bias,
                   smallest_bias, largest_bias);
  return std::nullopt;
}

}  // namespace

Result<NumberFormat> parse_format(std::string_view text) {
  const std::vector<std::string> words =
      text.size() > kLongestFormat ? std::vector<std::string>() : words_of(text);
  if (words.empty())
    return input_error("format",
                       "write a name such as bf16, or one's own such as "
                       "e5m7:bias=20, of at most {} characters.",
                       kLongestFormat);
  Result<NumberFormat> format = base_format(words.front());
  if (!format) return format;
  for (std::size_t i = 1; i < words.size(); ++i)
    if (const auto wrong = apply(*format, words[i])) return input_error(words[i], "{}.", *wrong);
  if (const auto wrong = contradiction(*format))
    return input_error(std::string(text), "{}.", *wrong);
  const std::vector<std::string> options(words.begin() + 1, words.end());
  format->name = words.front();
  if (!options.empty()) format->name += fmt::format(":{}", fmt::join(options, ","));
  return with_limits(*format);
}

}  // namespace nanscope
