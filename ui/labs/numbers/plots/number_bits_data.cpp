#include "ui/labs/numbers/plots/number_bits_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/numbers/conversion.h"
#include "engine/numbers/exact.h"

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
  const double error = encoding.errors->absolute.value;
  number.above_origin = std::isfinite(error) ? error : 0;
}

bool has_hexadecimal(const std::string& input) { return input.find_first_of("xX") < input.size(); }

/// How many digits of a number in decimal tell something: those from the first to the last that is
/// not 0.
int telling_digits(const std::string& number) {
  std::string digits;
  for (const char c : number.substr(0, number.find('e')))
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty())) digits += c;
  digits.erase(digits.find_last_not_of('0') + 1);
  return static_cast<int>(digits.size());
}

/// Six digits of a number that is too large or too small for a double.
std::string far_number(const ExactNumber& number) {
  mp_exp_t exponent = 0;
  std::string digits = mpf_class(number.magnitude, 64).get_str(exponent, 10, 6);
  digits.resize(std::max<std::size_t>(digits.size(), 2), '0');
  return fmt::format("{}{}.{}e{:+}", number.negative ? "-" : "", digits[0], digits.substr(1),
                     exponent - 1);
}

constexpr std::string_view kAbout = "\u2248 ";

/// The number as headlines have it: as it was typed, unless that is hexadecimal.
std::string shown_number(const std::string& input, const ExactNumber& typed, double nearest) {
  if (!has_hexadecimal(input)) return input;
  if (typed.magnitude != 0 && (nearest == 0 || std::isinf(nearest)))
    return std::string(kAbout) + far_number(typed);
  std::string words = headline_number(nearest);
  if (!is_exactly(nearest, typed) && !words.starts_with(kAbout)) words.insert(0, kAbout);
  return words;
}

}  // namespace

std::string headline_number(double value) {
  constexpr std::size_t kShort = 12;
  const std::string shortest = fmt::format("{}", value);  // reads back as the same double
  for (const std::string& whole : {exact_decimal(value), shortest}) {
    const auto read = parse_number(whole);
    if (whole.size() <= kShort && read && is_exactly(value, *read)) return whole;
  }
  constexpr int kFewest = 6, kMost = 17;
  for (int digits = kFewest; digits < kMost; ++digits)
    if (std::string words = fmt::format("{:.{}g}", value, digits); telling_digits(words) == digits)
      return std::string(kAbout) + words;
  return std::string(kAbout) + shortest;
}

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
  NumberBits number{.input = experiment.numbers.input, .nearest = encoded->nearest, .rows = {}};
  place(number);
  number.chosen = experiment.view.row;
  const ExactNumber typed = *parse_number(number.input);
  number.negative = typed.negative;
  number.shown = shown_number(number.input, typed, number.nearest);
  for (std::size_t i = 0; i < formats.size(); ++i) {
    Encoding& encoding = encoded->encodings[i];
    if (pinned && pinned->format == formats[i].name && std::isnan(encoding.value) &&
        class_of(formats[i], pinned->code) == NumberClass::nan)
      encoding = describe(formats[i], pinned->code);
    const Fate fate = fate_of(formats[i], typed, encoding.value);
    number.rows.push_back({std::move(formats[i]), std::move(encoding), fate});
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
