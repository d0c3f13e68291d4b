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
  if (!encoding.errors) return "";
  if (row.fate == Fate::lost_zero_sign) return text("numbers.error.lost_zero_sign");
  if (encoding.is_exact()) return text("numbers.exact");
  const auto& [absolute, relative, ulps] = *encoding.errors;
  if (!absolute.is_a_number()) return text(unbounded_error(row.fate));
  if (!relative.is_a_number())
    return format_text("numbers.error_absolute", fmt::arg("absolute", absolute.text(number_text)),
                       fmt::arg("ulps", ulps.text(number_text)));
  return format_text("numbers.error", fmt::arg("absolute", absolute.text(number_text)),
                     fmt::arg("relative", relative.text(number_text)),
                     fmt::arg("ulps", ulps.text(number_text)));
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
