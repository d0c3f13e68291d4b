#include "app/command_line/number_text.h"

#include <fmt/format.h>

#include <cmath>

#include "app/command_line/text_table.h"

namespace nanscope {
namespace {

/// The exact expansion where it fits into a column, else its beginning.
std::string shown_value(const Encoding& encoding) {
  constexpr std::size_t kLongest = 32;
  if (encoding.decimal.size() <= kLongest) return encoding.decimal;
  return fmt::format("~ {}", encoding.value);  // the shortest that reads back as the same double
}

std::string shown_number(double value) { return fmt::format("{:.3g}", value); }

/// `digits`: where fp64 has no number for the error.
std::string shown_error(const std::optional<double>& error, const std::string& digits) {
  return digits.empty() ? shown_number(error.value_or(0)) : digits;
}

/// "0 01111011 1001101": sign, exponent and mantissa apart.
std::string shown_fields(const NumberFormat& format, const Fields& fields) {
  std::string text = format.has_sign ? fmt::format("{}", fields.sign) : " ";
  if (format.exponent_bits > 0)
    text += fmt::format(" {:0{}b}", fields.exponent, format.exponent_bits);
  if (format.mantissa_bits > 0)
    text += fmt::format(" {:0{}b}", fields.mantissa, format.mantissa_bits);
  return text;
}

}  // namespace

std::string number_text(std::span<const EncodedNumber> numbers,
                        std::span<const NumberFormat> formats) {
  std::string text;
  for (const EncodedNumber& number : numbers) {
    TextTable table({{"", "format", true},
                     {"", "bits"},
                     {"", "class", true},
                     {"", "value", true},
                     {"", "ulp"},
                     {"", "error"},
                     {"", "relative"},
                     {"", "sign, exponent, mantissa", true}});
    for (std::size_t i = 0; i < formats.size(); ++i) {
      const Encoding& encoding = number.encodings[i];
      table.add_row({encoding.format, encoding.bits, std::string(name_of(encoding.number_class)),
                     shown_value(encoding), shown_number(encoding.ulp),
                     shown_error(encoding.absolute_error, encoding.absolute_error_digits),
                     shown_error(encoding.relative_error, encoding.relative_error_digits),
                     shown_fields(formats[i], encoding.fields)});
    }
    if (!text.empty()) text += '\n';
    text += number.input + '\n' + table.to_text();
  }
  return text;
}

}  // namespace nanscope
