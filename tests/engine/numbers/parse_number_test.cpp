#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "engine/numbers/encoding.h"
#include "engine/numbers/exact.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

struct Reading {
  const char* text;
  const char* fraction;  ///< in lowest terms, without the sign
  bool negative = false;
};

constexpr Reading kReadings[] = {
    {"0", "0"},
    {"-0", "0", true},
    {"0.1", "1/10"},
    {"-2.5e-3", "1/400", true},
    {"1e-8", "1/100000000"},
    {"1_000", "1000"},
    {".5", "1/2"},
    {"5.", "5"},
    {"1E3", "1000"},
    {"0xff", "255"},
    {"0x1.8p3", "12"},
    {"0x.8", "1/2"},
    {"0X1P-4", "1/16"},
    {"0b1.01", "5/4"},
    {"0b101p2", "20"},
    {"1/3", "1/3"},
    {" 6 / 4 ", "3/2"},
    {"2^-24", "1/16777216"},
    {"-2^-24*1.5", "3/33554432", true},
    {"-2^2", "4", true},
    {"(-2)^2", "4"},
    {"(-2)^3", "8", true},
    {"2**10", "1024"},
    {"2^3^2", "512"},
    {"1+2^-3", "9/8"},
    {"1-1", "0"},
    {"1-2/4", "1/2"},
    {"--1", "1"},
    {"+1", "1"},
    {"2*-3", "6", true},
    {"0^0", "1"},
    {"(1+1)*(2-5)", "6", true},
    {"\xE2\x88\x92"
     "3\xC3\x97"
     "2",
     "6", true},  // minus and times as text processors set them
};

TEST(ParseNumber, ReadsWhatPeopleWrite) {
  for (const Reading& reading : kReadings) {
    const auto number = parse_number(reading.text);
    ASSERT_TRUE(number) << to_string(number.error());
    EXPECT_EQ(number->kind, ExactNumber::Kind::finite) << reading.text;
    EXPECT_EQ(number->magnitude.get_str(), reading.fraction) << reading.text;
    EXPECT_EQ(number->negative, reading.negative) << reading.text;
  }
}

TEST(ParseNumber, CallsFunctionsByName) {
  const auto value = [](const char* text) {
    const auto number = parse_number(text);
    EXPECT_TRUE(number) << text << ": " << (number ? "" : to_string(number.error()));
    return number ? nearest_double(*number) : 0;
  };
  // As Python's math has them.
  EXPECT_EQ(value("sqrt(2/256)"), 0.08838834764831845);
  EXPECT_EQ(value("math.sqrt(2/256)"), 0.08838834764831845);
  EXPECT_EQ(value("-sqrt(2)"), -1.4142135623730951);
  EXPECT_EQ(value("2 * pi"), 6.283185307179586);
  EXPECT_EQ(value("exp(1)"), 2.718281828459045);
  EXPECT_EQ(value("e**2"), 7.3890560989306495);
  EXPECT_EQ(value("log(2)"), 0.6931471805599453);
  EXPECT_EQ(value("log2(8)+log10(1000)"), 6);
  EXPECT_EQ(value("abs(1-3)"), 2);
  EXPECT_EQ(value("exp(-1000)"), 0);
  EXPECT_EQ(value("SQRT(sqrt(16))"), 2);
  EXPECT_EQ(value("1/sqrt(4)"), 0.5);
}

TEST(ParseNumber, RootsOfSquaresAreExact) {
  for (const auto& [text, fraction] :
       {std::pair{"sqrt(1/9)", "1/3"}, {"sqrt(2^200)", "1267650600228229401496703205376"}}) {
    const auto number = parse_number(text);
    ASSERT_TRUE(number);
    EXPECT_EQ(number->magnitude.get_str(), fraction);
  }
}

TEST(ParseNumber, ReadsInfinityAndNan) {
  for (const char* text : {"inf", "+inf", "Infinity", "-INF"}) {
    const auto number = parse_number(text);
    ASSERT_TRUE(number) << text;
    EXPECT_EQ(number->kind, ExactNumber::Kind::infinity);
    EXPECT_EQ(number->negative, text[0] == '-');
  }
  const auto nan = parse_number("nan");
  ASSERT_TRUE(nan);
  EXPECT_EQ(nan->kind, ExactNumber::Kind::nan);
}

struct NumberComplaint {
  const char* text;
  const char* position;
  const char* says;
};

constexpr NumberComplaint kNumberComplaints[] = {
    {"", "position 1:", "found the end"},
    {"0.1x", "position 4:", "expected an operator"},
    {"1,5", "position 2:", "\".\""},
    {"1.2.3", "position 4:", "found \".\""},
    {"nanf", "position 1:", "did you mean nan?"},
    {"x+1", "position 1:", "inf and nan"},
    {"(1", "position 3:", "expected \")\""},
    {"1)", "position 2:", "no \"(\""},
    {"2^0.5", "position 3:", "whole number"},
    {"0x", "position 3:", "hexadecimal digits"},
    {"0b2", "position 3:", "binary digits"},
    {"1_000_", "position 6:", "found \"_\""},
    {"1__0", "position 2:", "found \"_\""},
    {"1e", "position 3:", "exponent"},
    {"0x1p+", "position 6:", "exponent"},
    {"3*", "position 3:", "expected a number"},
    {"1/0", "position 3:", "division by 0"},
    {"1/(2-2)", "position 3:", "division by 0"},
    {"0^-1", "position 1:", "negative powers"},
    {"inf*2", "position 1:", "stand alone"},
    {"1+nan", "position 1:", "stand alone"},
    {"1e999999999", "position 1:", "too large"},
    {"1e-99999999999999999999999", "position 1:", "too large or too fine"},
    {"2+2^99999999999", "position 3:", "too large"},
    {"9^9^9^9^9", "position", "too large"},
    {"sqrt(-1)", "position 1:", "sqrt takes a number from 0 on"},
    {"1+log(0)", "position 3:", "log takes a number above 0"},
    {"exp(1000)", "position 1:", "too large for a double"},
    {"sqrt", "position 5:", "expected \"(\" after sqrt"},
    {"sqrt(2", "position 7:", "expected \")\""},
    {"sqrt(inf)", "position 6:", "stand alone"},
    {"sqr(2)", "position 1:", "did you mean sqrt?"},
    {"\xC3\xA4", "position 1:", "found \"\xC3\xA4\""},
    {"1\xC3\x97\xC3\xA4", "position 3:", "found \"\xC3\xA4\""},
};

TEST(ParseNumber, SaysWhereAndWhatIsWrong) {
  for (const NumberComplaint& complaint : kNumberComplaints) {
    const auto number = parse_number(complaint.text);
    ASSERT_FALSE(number) << complaint.text;
    EXPECT_EQ(number.error().kind, Error::Kind::input);
    EXPECT_THAT(number.error().message(), HasSubstr(complaint.position)) << complaint.text;
    EXPECT_THAT(number.error().message(), HasSubstr(complaint.says)) << complaint.text;
  }
}

TEST(ParseNumber, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_FALSE(parse_number(std::string(1001, '1')));
  EXPECT_TRUE(parse_number(std::string(1000, '1')));
  EXPECT_TRUE(parse_number(std::string(999, '-') + "1"));
  const auto deep = parse_number(std::string(500, '(') + "1");
  ASSERT_FALSE(deep);
  EXPECT_THAT(deep.error().message(), HasSubstr("too deeply"));
  std::string tower = "1";
  for (int i = 0; i < 300; ++i) tower += "^1";
  EXPECT_FALSE(parse_number(tower));
}

TEST(ParseNumber, LimitsAreReachable) {
  EXPECT_TRUE(parse_number("2^65535"));
  EXPECT_TRUE(parse_number("1e19728"));
  EXPECT_TRUE(parse_number("1e-19728"));
  EXPECT_TRUE(parse_number("0e19728"));
  EXPECT_FALSE(parse_number("2^65536"));
  EXPECT_FALSE(parse_number("2^65535*2^65535"));
}

// Whatever is typed: an answer within a moment, and never a crash.
TEST(ParseNumber, SurvivesRandomText) {
  constexpr int kTexts = 100'000;
  const std::vector<std::string> words = {"0",    "1",
                                          "9",    ".",
                                          "e",    "E",
                                          "p",    "x",
                                          "0x",   "0b",
                                          "+",    "-",
                                          "*",    "/",
                                          "^",    "**",
                                          "(",    ")",
                                          " ",    "_",
                                          "inf",  "nan",
                                          "-0",   "1e5000",
                                          "1e",   "2^-",
                                          "1/3",  "0.1",
                                          "2^9",  "0x1p",
                                          "1e-9", ",",
                                          "\xC3", "\xE2\x88\x92",
                                          "3^40"};
  std::mt19937 random(3);
  int read = 0;
  for (int i = 0; i < kTexts; ++i) {
    std::string text;
    const auto length = random() % 12;
    for (std::uint32_t k = 0; k < length; ++k)
      text += random() % 8 == 0 ? std::string(1, static_cast<char>(random() % 256))
                                : words[random() % words.size()];
    const auto number = parse_number(text);
    if (!number) {
      ASSERT_THAT(number.error().message(), HasSubstr("position")) << text;
      continue;
    }
    ++read;
    const double nearest = nearest_double(*number);
    if (number->kind == ExactNumber::Kind::finite && !number->negative) {
      ASSERT_GE(nearest, 0) << text;
    }
  }
  EXPECT_GT(read, kTexts / 50) << "the words should make numbers now and then";
}

TEST(ParseNumber, ReadsBackEveryExactExpansion) {
  const NumberFormat& bf16 = *find_format("bf16");
  for (std::uint64_t code = 0; code < code_count(bf16); code += 7) {
    const double value = decode(bf16, code);
    const std::string text = exact_decimal(value);
    if (std::isnan(value)) continue;
    const auto number = parse_number(text);
    ASSERT_TRUE(number) << text;
    EXPECT_EQ(encode(bf16, *number), encode(bf16, value)) << text;
    EXPECT_EQ(number->magnitude, exact(value).magnitude) << text;
  }
}

}  // namespace
}  // namespace nanscope
