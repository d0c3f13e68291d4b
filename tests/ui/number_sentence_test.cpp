#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "engine/numbers/exact.h"
#include "engine/numbers/format.h"
#include "ui/labs/numbers/sentence.h"
#include "ui/text/text.h"

// Every claim of the sentence above a number's bits, against exact arithmetic and the list of the
// format's codes: for all formats, roundings and overflows, and for numbers of every kind.
namespace nanscope {
namespace {

constexpr double kHuge = std::numeric_limits<double>::infinity();

NumberBits rounded_bits(const std::string& input, const std::vector<std::string>& formats,
                        Rounding rounding = Rounding::nearest_even,
                        std::optional<Overflow> overflow = {}) {
  Experiment experiment;
  experiment.numbers.input = input;
  experiment.numbers.settings.formats = formats;
  experiment.numbers.settings.rounding = rounding;
  experiment.numbers.settings.overflow = overflow;
  return *number_bits(experiment);
}

std::string sentence_of(const std::string& input, const std::vector<std::string>& formats,
                        std::optional<Overflow> overflow = {}) {
  return bits_sentence(rounded_bits(input, formats, Rounding::nearest_even, overflow));
}

/// What is known of a format without asking it: from the values of all its codes.
struct CodeFacts {
  bool listed = false;
  bool nan = false, infinity = false, negative = false, zero = false, negative_zero = false;
  double smallest = kHuge, smallest_positive = kHuge, largest = -kHuge, lowest = kHuge;
};

CodeFacts facts_of(const NumberFormat& format) {
  CodeFacts facts;
  if (format.bits() > 16) return facts;
  facts.listed = true;
  for (std::uint64_t code = 0; code < code_count(format); ++code) {
    const double value = decode(format, code);
    facts.nan |= std::isnan(value);
    facts.infinity |= std::isinf(value);
    facts.negative |= value < 0;
    facts.zero |= value == 0;
    facts.negative_zero |= value == 0 && std::signbit(value);
    if (!std::isfinite(value)) continue;
    facts.smallest = std::min(facts.smallest, std::abs(value));
    if (value > 0) facts.smallest_positive = std::min(facts.smallest_positive, value);
    facts.largest = std::max(facts.largest, value);
    facts.lowest = std::min(facts.lowest, value);
  }
  return facts;
}

/// A number on the extended real line, with the sign of zero.
struct Typed {
  ExactNumber number;
  bool is_nan() const { return number.kind == ExactNumber::Kind::nan; }
  bool is_infinite() const { return number.kind == ExactNumber::Kind::infinity; }
  bool is_finite() const { return number.kind == ExactNumber::Kind::finite; }
  bool is_zero() const { return is_finite() && number.magnitude == 0; }
  mpq_class value() const {
    return number.negative ? mpq_class(-number.magnitude) : number.magnitude;
  }
  bool is(double other) const {
    if (std::isnan(other) || is_nan()) return std::isnan(other) && is_nan();
    if (std::signbit(other) != number.negative) return false;
    if (std::isinf(other) || is_infinite()) return std::isinf(other) && is_infinite();
    return mpq_class(other) == value();
  }
  /// |other - this| / |this|
  mpq_class relative_error(double other) const {
    return abs(mpq_class(other) - value()) / number.magnitude;
  }
};

/// Whether three digits stand for a value.
bool stands_for(const std::string& words, const mpq_class& value) {
  const auto read = parse_number(words);  // three digits of fp64's largest are no double
  if (!read || !Typed{*read}.is_finite()) return false;
  return abs(Typed{*read}.value() - value) <= abs(value) * mpq_class(6, 1000);
}
bool stands_for(const std::string& words, double value) {
  if (!std::isfinite(value)) return words == number_text(value);
  return words == exact_decimal(value) || stands_for(words, mpq_class(value));
}
bool percent_stands_for(const std::string& words, const mpq_class& relative) {
  if (words == "less than 1.00e-300") return relative * 100 < mpq_class(1e-300);
  if (words == "more than 1.00e+300") return relative * 100 > mpq_class(1e300);
  return stands_for(words, mpq_class(relative * 100));
}

/// A sentence's pattern, and whether what it says holds. Groups: the format's name comes last.
struct Claim {
  const char* pattern;
  std::function<bool(const std::smatch&, const Typed&, const NumberRow&, const CodeFacts&)> holds;
};

#define CLAIM(pattern, ...)                                                   \
  Claim {                                                                     \
    pattern,                                                                  \
        [](const std::smatch& said, const Typed& typed, const NumberRow& row, \
           const CodeFacts& facts) -> bool {                                  \
          [[maybe_unused]] const double value = row.encoding.value;           \
          (void)said, (void)typed, (void)facts;                               \
          return __VA_ARGS__;                                                 \
        }                                                                     \
  }

/// What is said of a single format.
const std::vector<Claim>& claims() {
  static const std::vector<Claim> all{
      CLAIM("is exact in (.+)\\.", typed.is(value)),
      CLAIM("is not exact in (.+): it is off by (.+) %\\.",
            typed.is_finite() && !typed.is(value) && std::isfinite(value) &&
                percent_stands_for(said[2], typed.relative_error(value))),
      CLAIM("becomes (-?0) in (.+): its smallest number above 0 is (.+)\\.",
            value == 0 && typed.is_finite() && !typed.is_zero() &&
                (said[1] == "-0") == std::signbit(value) &&
                (!facts.listed || stands_for(said[3], facts.smallest_positive))),
      CLAIM("becomes (.+) in (.+): its smallest number\\.",
            typed.is_finite() && stands_for(said[1], value) && value == facts.smallest &&
                typed.number.magnitude < mpq_class(value) && !typed.number.negative),
      CLAIM("saturates at (.+) in (.+): its largest number\\.",
            stands_for(said[1], value) && (!facts.listed || value == facts.largest) && value > 0 &&
                !typed.is_nan() && !typed.number.negative &&
                (typed.is_infinite() || typed.value() > mpq_class(value))),
      CLAIM("saturates at (.+) in (.+): its lowest number\\.",
            stands_for(said[1], value) && (!facts.listed || value == facts.lowest) && value < 0 &&
                !typed.is_nan() && typed.number.negative &&
                (typed.is_infinite() || typed.value() < mpq_class(value))),
      CLAIM("becomes (.+) in (.+): its largest number is (.+)\\.",
            !std::isfinite(value) && stands_for(said[1], value) && typed.is_finite() &&
                (!facts.listed || stands_for(said[3], facts.largest)) &&
                typed.value() > mpq_class(row.format.largest)),
      CLAIM("becomes (.+) in (.+): its lowest number is (.+)\\.",
            !std::isfinite(value) && stands_for(said[1], value) && typed.is_finite() &&
                (!facts.listed || stands_for(said[3], facts.lowest)) &&
                typed.value() < mpq_class(-row.format.largest)),
      CLAIM("becomes (.+) in (.+): it has no code for NaN\\.",
            typed.is_nan() && !std::isnan(value) && stands_for(said[1], value) && !facts.nan),
      CLAIM("becomes nan in (.+): it has no infinity\\.",
            typed.is_infinite() && std::isnan(value) && !facts.infinity),
      CLAIM("saturates at (.+) in (.+): it has no infinity\\.",
            typed.is_infinite() && std::isfinite(value) && stands_for(said[1], value) &&
                !facts.infinity && value == (typed.number.negative ? facts.lowest : facts.largest)),
      CLAIM("becomes (.+) in (.+): it has no sign\\.", !typed.is_nan() && typed.number.negative &&
                                                           stands_for(said[1], value) &&
                                                           !facts.negative && facts.zero),
      CLAIM("becomes (.+) in (.+): it has no zero\\.",
            typed.is_zero() && stands_for(said[1], value) && facts.negative && !facts.zero),
      CLAIM("becomes (.+) in (.+): it has no zero and no sign\\.",
            !typed.is_nan() && (typed.is_zero() || typed.number.negative) &&
                stands_for(said[1], value) && !facts.negative && !facts.zero),
      CLAIM("becomes 0 in (.+): it has no -0\\.", typed.is_zero() && typed.number.negative &&
                                                      value == 0 && !std::signbit(value) &&
                                                      !facts.negative_zero),
  };
  return all;
}

/// The text without the number that it begins with; "" if it begins with something else.
std::string after_number(const std::string& sentence, const NumberBits& number) {
  return sentence.starts_with(number.shown + " ") ? sentence.substr(number.shown.size() + 1) : "";
}

/// How many patterns the sentence about one format has, and how many of them hold.
std::pair<int, int> said_and_true(const NumberBits& number, const CodeFacts& facts) {
  const std::string said = after_number(bits_sentence(number), number);
  const NumberRow& row = number.rows.front();
  const Typed typed{*parse_number(number.input)};
  int matched = 0, held = 0;
  for (const Claim& claim : claims()) {
    std::smatch match;
    if (!std::regex_match(said, match, std::regex(claim.pattern))) continue;
    ++matched;
    const bool names_format =
        std::ranges::any_of(match, [&](const auto& group) { return group == row.format.name; });
    held += names_format && claim.holds(match, typed, row, facts);
  }
  return {matched, held};
}

const std::vector<std::string>& formats_of_all_kinds() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const NumberFormat& format : number_formats()) names.push_back(format.name);
    for (const char* own :
         {"e5m7:bias=20,no-infinity", "e4m3:no-subnormals", "e4m3:unsigned", "e5m2:saturate",
          "int8:scale=1/16", "e8m0:saturate", "e4m3:nan=none", "e3m0", "e4m3:nan=negative-zero"})
      names.emplace_back(own);
    return names;
  }();
  return all;
}

/// Numbers at which something changes in the format: halves, ties, ends, and beside them.
std::vector<std::string> inputs_for(const NumberFormat& format, std::mt19937& random) {
  std::vector<std::string> inputs{"0",
                                  "-0",
                                  "nan",
                                  "-nan",
                                  "inf",
                                  "-inf",
                                  "1",
                                  "-1",
                                  "0.1",
                                  "-0.1",
                                  "1/3",
                                  "-1/3",
                                  "1e400",
                                  "-1e400",
                                  "1e-400",
                                  "-1e-400",
                                  "2^-127",
                                  "-2^-128",
                                  "0xff",
                                  "0x1p-24",
                                  "1e30",
                                  "-1e30",
                                  "127.5",
                                  "-128.5",
                                  "2^-149",
                                  "1+2^-60",
                                  "3*2^-150",
                                  "2^2000",
                                  "0x1p2000",
                                  "-0x1p-2000",
                                  "0xc0 + 2^-1100",
                                  "1+2^-3000"};
  const auto add = [&](double value) {
    if (!std::isfinite(value)) return;
    const std::string exact = number_input(value);
    for (const char* beside : {"", " + 2^-1100", " - 2^-1100"})
      for (const char* sign : {"(", "-("}) inputs.push_back(sign + exact + beside + ")");
  };
  const double step = ulp(format, encode(format, format.largest));
  for (const double edge :
       {format.largest, format.largest + step / 2, format.largest + step, format.smallest_normal,
        format.smallest_subnormal, format.smallest_subnormal / 2, format.smallest_subnormal * 1.5})
    add(edge);
  for (int i = 0; i < 6; ++i) {
    const double low = std::log2(format.smallest_subnormal) - 3,
                 high = std::log2(format.largest) + 3;
    const double place = std::uniform_real_distribution(low, high)(random);
    const double value = round_to(format, std::exp2(place), {.overflow = Overflow::saturate});
    add(value);
    if (const auto above = next_up(format, encode(format, value)))
      add((value + decode(format, *above)) / 2);  // a tie
  }
  return inputs;
}

TEST(NumberSentence, SaysNothingThatIsNotTrueOfAnyFormatAndNumber) {
  std::mt19937 random(26);
  int checked = 0;
  for (const std::string& name : formats_of_all_kinds()) {
    const NumberFormat format = *parse_format(name);
    const CodeFacts facts = facts_of(format);
    for (const std::string& input : inputs_for(format, random)) {
      // All roundings and overflows in turn: each meets each number of some format.
      const auto& rounding = Names<Rounding>::all[static_cast<std::size_t>(checked) % 5];
      const std::optional<Overflow> overflows[] = {{}, Overflow::infinity, Overflow::saturate};
      const auto overflow = overflows[checked / 5 % 3];
      const NumberBits number = rounded_bits(input, {name}, rounding.first, overflow);
      const auto [said, held] = said_and_true(number, facts);
      EXPECT_TRUE(said == 1 && held == 1)
          << bits_sentence(number) << "\n  " << input << " in " << name << ", " << rounding.second
          << ", overflow " << (overflow ? name_of(*overflow) : "format") << ": "
          << number.rows.front().encoding.decimal;
      EXPECT_EQ(number.shown.find_first_of("xX"), std::string::npos) << number.shown;
      ++checked;
    }
  }
  EXPECT_GT(checked, 2000);
}

TEST(NumberSentence, OfSeveralFormatsCountsAndNamesTheWorst) {
  std::mt19937 random(27);
  const std::vector<std::string> formats{"fp32", "tf32", "bf16", "fp16", "e5m2"};
  const std::regex none("is exact in none of (\\d+) formats; (.+) is off most, by (.+) %\\.");
  const std::regex some("is exact in (\\d+) of (\\d+) formats; (.+) is off most, by (.+) %\\.");
  int counted = 0;
  for (const std::string& input : inputs_for(*find_format("fp16"), random)) {
    const NumberBits number = rounded_bits(input, formats);
    const Typed typed{*parse_number(input)};
    const std::string said = after_number(bits_sentence(number), number);
    std::smatch match;
    const bool is_none = std::regex_match(said, match, none);
    if (!is_none && !std::regex_match(said, match, some)) continue;
    ++counted;
    mpq_class worst = 0;
    int exact = 0;
    for (const NumberRow& row : number.rows) {
      exact += typed.is(row.encoding.value);
      ASSERT_TRUE(std::isfinite(row.encoding.value)) << said;
      worst = std::max(worst, typed.relative_error(row.encoding.value));
    }
    const std::size_t first = is_none ? 1 : 2;
    EXPECT_EQ(is_none ? 0 : std::stoi(match[1]), exact) << said;
    EXPECT_EQ(std::stoul(match[first]), formats.size()) << said;
    EXPECT_TRUE(percent_stands_for(match[first + 2], worst)) << said;
    EXPECT_TRUE(typed.relative_error(number.row(match[first + 1].str())->encoding.value) == worst);
  }
  EXPECT_GT(counted, 20);
}

TEST(NumberSentence, NamesWhyAFormatHasNoPlaceForANumber) {
  EXPECT_EQ(sentence_of("0", {"e8m0"}), "0 becomes 5.88e-39 in e8m0: it has no zero and no sign.");
  EXPECT_EQ(sentence_of("-1", {"e8m0"}), "-1 becomes 1 in e8m0: it has no zero and no sign.");
  EXPECT_EQ(sentence_of("nan", {"e2m1"}), "nan becomes -0 in e2m1: it has no code for NaN.");
  EXPECT_EQ(sentence_of("inf", {"e4m3"}), "inf saturates at 448 in e4m3: it has no infinity.");
  EXPECT_EQ(sentence_of("inf", {"e4m3"}, Overflow::infinity),
            "inf becomes nan in e4m3: it has no infinity.");
  EXPECT_EQ(sentence_of("1e6", {"e4m3"}), "1e6 saturates at 448 in e4m3: its largest number.");
  EXPECT_EQ(sentence_of("-0", {"e4m3fnuz"}), "-0 becomes 0 in e4m3fnuz: it has no -0.");
  EXPECT_EQ(sentence_of("0.5", {"fp16"}), "0.5 is exact in fp16.");
}

TEST(NumberSentence, AHeadlineIsADecimal) {
  EXPECT_EQ(headline_number(0x1.fc6e909bb184p+6), "\u2248 127.108");
  EXPECT_EQ(headline_number(0x1p-24), "\u2248 5.96046e-08");
  EXPECT_EQ(headline_number(255), "255");
  EXPECT_EQ(headline_number(0.1f), "\u2248 0.100000001");  // not 0.1
  EXPECT_EQ(headline_number(1e22), "1e+22");
  EXPECT_TRUE(
      sentence_of("0x1.fc6e909bb184p+6", {"fp16", "bf16"}).starts_with("\u2248 127.108 is"));
  EXPECT_TRUE(sentence_of("2^-24", {"fp16"}).starts_with("2^-24 is"));  // as it was typed
}

}  // namespace
}  // namespace nanscope
