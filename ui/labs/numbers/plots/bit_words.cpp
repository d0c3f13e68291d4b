#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/text/text.h"

// The words of the bit grid.
namespace nanscope {
namespace {

constexpr const char* kTimes = " \u00D7 ";

std::string power(int exponent) { return fmt::format("2^{}", exponent); }

/// The formula's exponent of two: the field, or 1 of subnormals, less the bias.
int scale_exponent(const NumberRow& row) {
  return row.encoding.formula ? row.encoding.formula->exponent - row.encoding.formula->bias
                              : row.encoding.fields.exponent - row.format.bias;
}

/// Why there is no number that says how far off it is.
const char* unbounded_error(Fate fate) {
  switch (fate) {
    case Fate::no_nan:
      return "numbers.error.no_nan";
    case Fate::no_infinity:
      return "numbers.error.no_infinity";
    case Fate::no_sign:
      return "numbers.error.no_sign";
    case Fate::no_zero:
      return "numbers.error.no_zero";
    case Fate::saturated:
      return "numbers.error.saturated";
    default:
      return "numbers.error.overflowed";
  }
}

/// An error as it is said; "inf" where there is no number for it.
std::string said(const std::optional<double>& error, const std::string& digits) {
  if (!digits.empty()) return digits;
  return std::isfinite(error.value_or(0)) ? number_text(error.value_or(0)) : "inf";
}

}  // namespace

std::string formula_words(const NumberRow& row, std::size_t room) {
  if (!row.encoding.formula) return "";
  const Formula& formula = *row.encoding.formula;
  if (row.format.is_integer)
    return fmt::format("{}{}{}", formula.significand, kTimes, number_text(row.format.scale));
  std::string words;
  if (row.format.has_sign) words = fmt::format("(-1)^{}{}", formula.sign, kTimes);
  words += fmt::format("2^({} - {}){}", formula.exponent, formula.bias, kTimes);
  const std::size_t used = words.size();
  return words + exact_text(formula.significand, room > used + 8 ? room - used : 8);
}

std::string error_words(const NumberRow& row) {
  const Encoding& encoding = row.encoding;
  if (!encoding.absolute_error) return "";
  if (row.fate == Fate::lost_zero_sign) return text("numbers.error.lost_zero_sign");
  if (*encoding.absolute_error == 0) return text("numbers.exact");
  const std::string absolute = said(encoding.absolute_error, encoding.absolute_error_digits);
  const std::string relative = said(encoding.relative_error, encoding.relative_error_digits);
  const std::string ulps = said(encoding.error_in_ulps, encoding.error_in_ulps_digits);
  if (absolute == "inf") return text(unbounded_error(row.fate));
  if (relative == "inf")
    return format_text("numbers.error_absolute", fmt::arg("absolute", absolute),
                       fmt::arg("ulps", ulps));
  return format_text("numbers.error", fmt::arg("absolute", absolute),
                     fmt::arg("relative", relative), fmt::arg("ulps", ulps));
}

std::string bit_words(const NumberRow& row, int bit) {
  const NumberFormat& format = row.format;
  const std::string name = format.name;
  if (format.is_integer)
    return format_text("numbers.bit.integer", fmt::arg("format", name),
                       fmt::arg("worth", fmt::format("{}{}{}", bit == format.bits() - 1 ? "-" : "",
                                                     power(bit), "")));
  if (bit >= format.mantissa_bits + format.exponent_bits)
    return format_text("numbers.bit.sign", fmt::arg("format", name));
  if (bit >= format.mantissa_bits)
    return format_text("numbers.bit.exponent", fmt::arg("format", name),
                       fmt::arg("power", 1 << (bit - format.mantissa_bits)));
  const int place = bit - format.mantissa_bits;
  return format_text("numbers.bit.mantissa", fmt::arg("format", name),
                     fmt::arg("power", power(place)),
                     fmt::arg("worth", power(place + scale_exponent(row))));
}

}  // namespace nanscope
