#include "engine/base/strict_json.h"
#include "engine/numbers/encoding.h"

namespace nanscope {
namespace {

Json to_json(const std::optional<Formula>& formula) {
  if (!formula) return nullptr;
  return {{"sign", formula->sign},
          {"exponent", formula->exponent},
          {"bias", formula->bias},
          {"significand", formula->significand}};
}

Json to_json(const std::optional<Neighbor>& neighbor) {
  if (!neighbor) return nullptr;
  return {{"bits", neighbor->bits}, {"value", neighbor->decimal}};
}

/// An error that fp64 has no number for is a string, as infinities are.
Json error_json(double error, const std::string& digits) {
  return digits.empty() ? json_number(error) : Json(digits);
}

Json to_json(const Encoding& encoding) {
  Json object{{"format", encoding.format},
              {"bits", encoding.bits},
              {"sign", encoding.fields.sign},
              {"exponent", encoding.fields.exponent},
              {"mantissa", encoding.fields.mantissa},
              {"value", encoding.decimal},
              {"class", name_of(encoding.number_class)},
              {"ulp", json_number(encoding.ulp)}};
  if (encoding.absolute_error)
    object["absolute_error"] = error_json(*encoding.absolute_error, encoding.absolute_error_digits);
  if (encoding.relative_error)
    object["relative_error"] = error_json(*encoding.relative_error, encoding.relative_error_digits);
  object["below"] = to_json(encoding.below);
  object["above"] = to_json(encoding.above);
  object["formula"] = to_json(encoding.formula);
  return object;
}

}  // namespace

std::string to_json(std::span<const EncodedNumber> numbers, int indent) {
  Json values = Json::array();
  for (const EncodedNumber& number : numbers) {
    Json encodings = Json::array();
    for (const Encoding& encoding : number.encodings) encodings.push_back(to_json(encoding));
    values.push_back({{"input", number.input},
                      {"nearest_double", json_number(number.nearest)},
                      {"encodings", std::move(encodings)}});
  }
  const Json object{{"schema", "nanscope.number/1"}, {"values", std::move(values)}};
  return object.dump(indent) + "\n";
}

}  // namespace nanscope
