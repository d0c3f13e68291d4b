#include "ui/labs/numbers/data.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/csv_cell.h"

namespace nanscope {
namespace {

/// A number with all its digits, which reads back as the same double.
std::string whole_number(double value) { return fmt::format("{}", value); }

}  // namespace

std::string bits_to_csv(const NumberBits& number) {
  std::string csv =
      "input,format,bits,sign,exponent,mantissa,value,class,ulp,absolute_error,relative_error\n";
  for (const NumberRow& row : number.rows) {
    const Encoding& e = row.encoding;
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(number.input),
                       csv_cell(row.format.name), e.bits, e.fields.sign, e.fields.exponent,
                       e.fields.mantissa, e.decimal, name_of(e.number_class), e.ulp,
                       e.errors ? e.errors->absolute.text(whole_number) : "",
                       e.errors ? e.errors->relative.text(whole_number) : "");
  }
  return csv;
}

std::vector<std::string> copied_words(const NumberRow& row) {
  const Encoding& e = row.encoding;
  std::vector<std::string> words{e.decimal, e.bits};
  if (e.is_exact()) return words;
  words.push_back(e.errors->absolute.text(whole_number));
  words.push_back(e.errors->relative.text(whole_number));
  return words;
}

std::string bits_to_json(const NumberBits& number) {
  EncodedNumber encoded{number.input, number.nearest, {}};
  for (const NumberRow& row : number.rows) encoded.encodings.push_back(row.encoding);
  return to_json(std::array{encoded}) + "\n";
}

std::string ranges_to_csv(std::span<const NumberFormat> formats) {
  std::string csv = "format,bits,largest,smallest_normal,smallest_subnormal,epsilon,digits\n";
  for (const NumberFormat& f : formats)
    csv += fmt::format("{},{},{},{},{},{},{:.3g}\n", csv_cell(f.name), f.bits(), f.largest,
                       f.smallest_normal, f.smallest_subnormal, f.epsilon, decimal_digits(f));
  return csv;
}

std::string ranges_to_json(std::span<const NumberFormat> formats) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const NumberFormat& f : formats)
    list.push_back({{"format", f.name},
                    {"bits", f.bits()},
                    {"largest", f.largest},
                    {"smallest_normal", f.smallest_normal},
                    {"smallest_subnormal", f.smallest_subnormal},
                    {"epsilon", f.epsilon},
                    {"decimal_digits", decimal_digits(f)}});
  const nlohmann::ordered_json document{{"schema", "nanscope.ranges/1"}, {"formats", list}};
  return document.dump(2) + "\n";
}

}  // namespace nanscope
