#include "ui/labs/numbers/plots/number_bits_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

/// splitmix64: the random word of stochastic rounding (Steele et al., 2014).
std::uint64_t random_word(std::uint64_t seed) {
  std::uint64_t word = seed + 0x9E3779B97F4A7C15u;
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
  return word ^ (word >> 31);
}

/// `origin` and `above_origin` of a number that can be read.
void place(NumberBits& number) {
  const std::vector<NumberFormat> fp64{*find_format("fp64")};
  const auto below = encode_text(number.input, fp64, {.rounding = Rounding::down});
  if (!below) return;
  const Encoding& encoding = below->encodings.front();
  number.origin = encoding.value;
  const double error = encoding.absolute_error.value_or(0);
  number.above_origin = std::isfinite(error) ? error : 0;
}

}  // namespace

const NumberRow* NumberBits::row(std::string_view format) const {
  for (const NumberRow& row : rows)
    if (row.format.name == format) return &row;
  return nullptr;
}

Result<NumberBits> number_bits(const Experiment& experiment,
                               const std::optional<PinnedCode>& pinned) {
  const RoundoffSettings& settings = experiment.numbers.settings;
  std::vector<NumberFormat> formats;
  for (const std::string& name : settings.formats) {
    auto format = parse_format(name);
    if (!format) return tl::unexpected(format.error());
    formats.push_back(*std::move(format));
  }
  const Conversion conversion{settings.rounding, settings.overflow,
                              random_word(experiment.network.seed)};
  auto encoded = encode_text(experiment.numbers.input, formats, conversion);
  if (!encoded) return tl::unexpected(encoded.error());
  NumberBits number{.input = experiment.numbers.input, .rows = {}};
  place(number);
  number.chosen = experiment.view.row;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    Encoding& encoding = encoded->encodings[i];
    if (pinned && pinned->format == formats[i].name && std::isnan(encoding.value) &&
        class_of(formats[i], pinned->code) == NumberClass::nan)
      encoding = describe(formats[i], pinned->code);
    number.rows.push_back({std::move(formats[i]), std::move(encoding)});
  }
  return number;
}

std::string exact_text(const std::string& decimal, std::size_t room) {
  if (decimal.size() <= room || decimal.find_first_of("0123456789") == std::string::npos)
    return decimal;
  const std::size_t sign = decimal.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  const std::size_t first = decimal.find_first_of("123456789", sign);
  if (first == std::string::npos) return decimal;
  std::string digits = decimal.substr(first);
  std::erase(digits, '.');
  const auto at = static_cast<long>(first), dot = static_cast<long>(point);
  const long exponent = at < dot ? dot - at - 1 : dot - at;
  // A number of a plain size is cut off where the room ends; others need their exponent.
  if (exponent >= -5 && exponent < static_cast<long>(room) - 4)
    return decimal.substr(0, std::max<std::size_t>(room, 8) - 3) + "...";
  digits.erase(digits.find_last_not_of('0') + 1);
  const std::string power = fmt::format("e{}", exponent);
  const std::size_t fixed = sign + 1 + power.size();  // sign, point, exponent
  const std::size_t most = room > fixed + 4 ? room - fixed : 4;
  const bool cut = digits.size() > most;
  if (cut) digits.resize(std::max<std::size_t>(most, 4) - 3);
  std::string words = decimal.substr(0, sign) + digits.substr(0, 1);
  if (digits.size() > 1) words += "." + digits.substr(1);
  return words + (cut ? "..." : "") + power;
}

double next_power_of_two(double value, bool away_from_zero) {
  if (value == 0 || !std::isfinite(value)) return value;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(value), &exponent);  // [0.5, 1)
  const bool is_power = fraction == 0.5;
  const int next = away_from_zero ? exponent : is_power ? exponent - 2 : exponent - 1;
  return std::copysign(std::ldexp(1.0, next), value);
}

}  // namespace nanscope
