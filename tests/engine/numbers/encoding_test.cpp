#include "engine/numbers/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/numbers/exact.h"
#include "tests/engine/special_values.h"

namespace nanscope {
namespace {

Encoding encoding_of(std::string_view text, std::string_view format,
                     const Conversion& conversion = {}) {
  const auto parsed = parse_format(format);
  EXPECT_TRUE(parsed);
  const auto number = encode_text(text, {&*parsed, 1}, conversion);
  EXPECT_TRUE(number) << to_string(number.error());
  return number->encodings.front();
}

TEST(ExactDecimal, WritesEveryDigit) {
  EXPECT_EQ(exact_decimal(0.1), "0.1000000000000000055511151231257827021181583404541015625");
  EXPECT_EQ(exact_decimal(-0.0), "-0");
  EXPECT_EQ(exact_decimal(0x1p-24), "0.000000059604644775390625");
  EXPECT_EQ(exact_decimal(65504), "65504");
  EXPECT_EQ(exact_decimal(1e22), "10000000000000000000000");
  EXPECT_EQ(exact_decimal(-kInfinity), "-inf");
  EXPECT_EQ(exact_decimal(std::nan("")), "nan");
  EXPECT_EQ(exact_decimal(0x1p-1074).size(), 1076U);
  EXPECT_EQ(exact_decimal(std::numeric_limits<double>::max()).size(), 309U);
}

TEST(Encoding, OfATenthInBf16) {
  const Encoding e = encoding_of("0.1", "bf16");
  EXPECT_EQ(e.bits, "0x3dcd");
  EXPECT_EQ(e.fields.sign, 0);
  EXPECT_EQ(e.fields.exponent, 123);
  EXPECT_EQ(e.fields.mantissa, 77U);
  EXPECT_EQ(e.decimal, "0.10009765625");
  EXPECT_EQ(e.number_class, NumberClass::normal);
  EXPECT_EQ(e.ulp, 0x1p-11);
  EXPECT_EQ(e.absolute_error, 0.00009765625);
  EXPECT_EQ(e.relative_error, 0.0009765625);
  ASSERT_TRUE(e.formula);
  EXPECT_EQ(e.formula->exponent, 123);
  EXPECT_EQ(e.formula->bias, 127);
  EXPECT_EQ(e.formula->significand, "1.6015625");
  ASSERT_TRUE(e.below && e.above);
  EXPECT_EQ(e.below->decimal, "0.099609375");
  EXPECT_EQ(e.above->decimal, "0.1005859375");
}

TEST(Encoding, OfSubnormalsZeroAndWhatIsNotFinite) {
  const Encoding subnormal = encoding_of("-3*2^-24", "fp16");
  EXPECT_EQ(subnormal.bits, "0x8003");
  EXPECT_EQ(subnormal.number_class, NumberClass::subnormal);
  ASSERT_TRUE(subnormal.formula);
  EXPECT_EQ(subnormal.formula->exponent, 1);
  EXPECT_EQ(subnormal.formula->significand, "0.0029296875");

  const Encoding zero = encoding_of("1e-8", "fp16");
  EXPECT_EQ(zero.number_class, NumberClass::zero);
  EXPECT_EQ(zero.relative_error, 1);
  ASSERT_TRUE(zero.below && zero.above);
  EXPECT_EQ(zero.above->code, 1U);
  EXPECT_EQ(zero.below->code, 0x8001U);

  const Encoding infinite = encoding_of("70000", "fp16");
  EXPECT_EQ(infinite.number_class, NumberClass::infinity);
  EXPECT_EQ(infinite.absolute_error, kInfinity);
  EXPECT_EQ(infinite.absolute_error_digits, "");
  EXPECT_FALSE(infinite.formula);
  EXPECT_FALSE(infinite.above);
  EXPECT_EQ(infinite.below->decimal, "65504");
  EXPECT_EQ(encoding_of("inf", "fp16").absolute_error, 0);

  const Encoding nan = encoding_of("nan", "e4m3");
  EXPECT_EQ(nan.bits, "0x7f");
  EXPECT_EQ(nan.absolute_error, 0);
  EXPECT_TRUE(std::isnan(nan.ulp));
  EXPECT_FALSE(nan.formula || nan.below || nan.above);
}

TEST(Encoding, OfInt8HasAWholeNumberForItsFormula) {
  const Encoding e = encoding_of("-0.8", "int8:scale=1/16");
  EXPECT_EQ(e.bits, "0xf3");
  ASSERT_TRUE(e.formula);
  EXPECT_EQ(e.formula->significand, "-13");
  EXPECT_EQ(e.decimal, "-0.8125");
}

// (-1)^s * 2^(e - bias) * significand is the value, computed from the texts that a person reads.
TEST(Encoding, FormulasGiveTheValue) {
  for (const NumberFormat& format : number_formats()) {
    if (format.bits() > 16) continue;
    for (std::uint64_t code = 0; code<code_count(format); code += format.bits()> 8 ? 13 : 1) {
      const Encoding e = describe(format, code);
      if (!e.formula) {
        EXPECT_FALSE(std::isfinite(e.value));
        continue;
      }
      const Formula& f = *e.formula;
      const std::string text = format.is_integer
                                   ? f.significand
                                   : "(-1)^" + std::to_string(f.sign) + " * 2^(" +
                                         std::to_string(f.exponent) + " - " +
                                         std::to_string(f.bias) + ") * " + f.significand;
      const auto value = parse_number(text);
      ASSERT_TRUE(value) << to_string(value.error());
      ASSERT_EQ(absolute_error(e.value, *value), 0) << format.name << " " << text;
    }
  }
}

// A double on the way would round twice.
TEST(ExactNumber, IsRoundedOnce) {
  // Just above the middle between 1 and 1 + 2^-10; the nearest double is that middle.
  EXPECT_EQ(encoding_of("1 + 2^-11 + 2^-80", "fp16").decimal, "1.0009765625");
  EXPECT_EQ(encoding_of("1 + 2^-11", "fp16").decimal, "1");
  EXPECT_EQ(encoding_of("1 + 2^-11 - 2^-80", "fp16").decimal, "1");
  EXPECT_EQ(encoding_of("1 + 2^-80", "fp64", {.rounding = Rounding::up}).decimal,
            exact_decimal(1 + 0x1p-52));
  EXPECT_EQ(encoding_of("-1e-400", "fp64").bits, "0x8000000000000000");
  EXPECT_EQ(encoding_of("1e-400", "fp64", {.rounding = Rounding::up}).bits, "0x0000000000000001");
  EXPECT_EQ(encoding_of("1e400", "fp64").number_class, NumberClass::infinity);
  EXPECT_EQ(encoding_of("1e400", "fp64", {.rounding = Rounding::toward_zero}).value,
            std::numeric_limits<double>::max());
}

TEST(ExactNumber, ErrorsAreAgainstWhatWasTyped) {
  const Encoding third = encoding_of("1/3", "fp64");
  // 1/3 in binary repeats 01: the 53 bits end below it by a third of the unit cut off.
  EXPECT_EQ(third.absolute_error, 0x1p-54 / 3);
  EXPECT_EQ(third.relative_error, 0x1p-54);
  EXPECT_EQ(encoding_of("0", "bf16").relative_error, 0);
  EXPECT_EQ(encoding_of("0", "e8m0", {.overflow = Overflow::saturate}).relative_error, kInfinity);
}

TEST(ExactNumber, TheRelativeErrorNeedsNoAbsoluteErrorThatFp64Has) {
  EXPECT_EQ(encoding_of("1e400", "e4m3").relative_error, 1);
  EXPECT_EQ(encoding_of("-1e400", "e4m3").relative_error, 1);
  const Conversion cut{.rounding = Rounding::toward_zero};
  // (1e309 - largest) / 1e309, largest = 1.7976931348623157081e308
  EXPECT_DOUBLE_EQ(*encoding_of("1e309", "fp64", cut).relative_error, 0.82023068651376843);
  EXPECT_EQ(encoding_of("1e400", "fp64").relative_error, kInfinity);  // becomes infinite
  const auto number = encode_text("1e400", {find_format("e4m3"), 1});
  const auto object = nlohmann::json::parse(to_json({&*number, 1}));
  const auto& encoding = object.at("values").at(0).at("encodings").at(0);
  EXPECT_EQ(encoding.at("absolute_error"), "1e+400");
  EXPECT_EQ(encoding.at("relative_error"), 1);
}

TEST(ExactNumber, ErrorsAreCountedInUlpsExactly) {
  EXPECT_EQ(encoding_of("1/3", "fp64").error_in_ulps, 1.0 / 3);
  EXPECT_EQ(encoding_of("1/3", "fp64").error_in_ulps_digits, "");
  // (1e400 - 448) / 32 is below 3.125e398.
  EXPECT_EQ(encoding_of("1e400", "e4m3").error_in_ulps_digits, "3.12e+398");
  EXPECT_EQ(encoding_of("1e-400", "e4m3").error_in_ulps_digits, "5.12e-398");  // of 2^-9
  EXPECT_EQ(encoding_of("1e309", "e2m1").error_in_ulps_digits, "5e+308");
  EXPECT_EQ(encoding_of("1e400", "fp64").error_in_ulps, kInfinity);  // becomes infinite
  EXPECT_EQ(encoding_of("nan", "e4m3").error_in_ulps, 0);
}

TEST(ExactNumber, ErrorsBeyondFp64AreSaidInDigits) {
  const auto errors = [](const char* text, const char* format) {
    const Encoding e = encoding_of(text, format);
    return e.absolute_error_digits + "|" + e.relative_error_digits;
  };
  EXPECT_EQ(errors("1e-400", "fp64"), "1e-400|");
  EXPECT_EQ(errors("-9.999e-400", "fp16"), "1e-399|");
  EXPECT_EQ(errors("1.2349e-320", "fp64"), "2.3e-324|");  // beside 2499 * 2^-1074
  EXPECT_EQ(errors("1e-400", "e8m0"), "|5.88e+361");      // becomes 2^-127
  EXPECT_EQ(errors("1e400", "e4m3"), "1e+400|");
  EXPECT_EQ(errors("1e400", "fp64"), "|");  // infinite
  EXPECT_EQ(errors("2^-30", "fp16"), "|");
  EXPECT_EQ(errors("2^-1074", "fp32"), "|");  // fp64 has it
  const auto number = encode_text("1e-400", {find_format("fp64"), 1});
  const auto object = nlohmann::json::parse(to_json({&*number, 1}));
  EXPECT_EQ(object.at("values").at(0).at("encodings").at(0).at("absolute_error"), "1e-400");
}

// A value a third of the way between neighbours: 2^64 / 3 of the random words go away from zero.
TEST(ExactNumber, StochasticRoundingKnowsFractionsThatNoDoubleHas) {
  const std::uint64_t third = std::numeric_limits<std::uint64_t>::max() / 3;
  const auto rounded = [](std::uint64_t random) {
    return encoding_of("1 + 2^-10/3", "fp16", {Rounding::stochastic, std::nullopt, random}).code;
  };
  EXPECT_EQ(rounded(third - 1), 0x3c01U);
  EXPECT_EQ(rounded(third), 0x3c00U);
}

TEST(Encoding, JsonHasTheKeysThatScriptsRelyOn) {
  const auto number = encode_text("-0.1", number_formats());
  ASSERT_TRUE(number);
  const auto object = nlohmann::json::parse(to_json({&*number, 1}));
  EXPECT_EQ(object.at("schema"), "nanscope.number/1");
  const auto& value = object.at("values").at(0);
  EXPECT_EQ(value.at("input"), "-0.1");
  ASSERT_EQ(value.at("encodings").size(), number_formats().size());
  const auto& bf16 = value.at("encodings").at(3);
  EXPECT_EQ(bf16.at("format"), "bf16");
  EXPECT_EQ(bf16.at("bits"), "0xbdcd");
  EXPECT_EQ(bf16.at("sign"), 1);
  EXPECT_EQ(bf16.at("exponent"), 123);
  EXPECT_EQ(bf16.at("mantissa"), 77);
  EXPECT_EQ(bf16.at("value"), "-0.10009765625");
  EXPECT_EQ(bf16.at("class"), "normal");
  EXPECT_EQ(bf16.at("ulp"), 0x1p-11);
  EXPECT_EQ(bf16.at("absolute_error"), 0.00009765625);
  EXPECT_EQ(bf16.at("relative_error"), 0.0009765625);
  const auto& e8m0 = value.at("encodings").at(9);
  // PyTorch's cast drops the sign; 1.6 x 2^-4 is nearer to 2^-3.
  EXPECT_EQ(e8m0.at("value"), "0.125");
  EXPECT_EQ(e8m0.at("ulp"), 0.125);
}

TEST(ListCodes, RefusesWideFormats) {
  const auto lines = list_codes(*find_format("tf32"));
  ASSERT_FALSE(lines);
  EXPECT_THAT(lines.error().message(), testing::HasSubstr("19 bits"));
}

}  // namespace
}  // namespace nanscope
