#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

NumberFormat read(std::string_view text) {
  const auto format = parse_format(text);
  EXPECT_TRUE(format) << to_string(format.error());
  return format.value_or(NumberFormat{});
}

TEST(ParseFormat, ReadsTheNames) {
  for (const NumberFormat& format : number_formats()) {
    EXPECT_EQ(read(format.name).name, format.name);
    EXPECT_EQ(read(format.name).largest, format.largest);
  }
}

TEST(ParseFormat, ReadsBitsInTheMannerOfIeee) {
  const NumberFormat format = read("e5m7");
  EXPECT_EQ(format.bits(), 13);
  EXPECT_EQ(format.bias, 15);
  EXPECT_TRUE(format.has_infinity);
  EXPECT_TRUE(format.has_subnormals);
  EXPECT_EQ(format.largest, (2 - 0x1p-7) * 0x1p15);
  EXPECT_EQ(format.smallest_subnormal, 0x1p-21);
  EXPECT_EQ(read("e8m23").largest, find_format("fp32")->largest);
  EXPECT_EQ(read("e11m52").largest, find_format("fp64")->largest);
}

TEST(ParseFormat, ReadsOptionsHoweverTheyAreSeparated) {
  for (const char* text :
       {"e5m7:bias=20,no-subnormals,no-infinity", "e5m7 bias=20 no-subnormals no-infinity",
        " e5m7 : bias=20, no-subnormals :no-infinity "}) {
    const NumberFormat format = read(text);
    EXPECT_EQ(format.name, "e5m7:bias=20,no-subnormals,no-infinity");
    EXPECT_EQ(format.bias, 20);
    EXPECT_FALSE(format.has_subnormals);
    EXPECT_FALSE(format.has_infinity);
    EXPECT_EQ(format.nan, NanCoding::all_ones);
    EXPECT_EQ(format.largest, (2 - 0x1p-6) * 0x1p11);  // the last mantissa is NaN
    EXPECT_EQ(format.smallest_subnormal, 0x1p-19);
    EXPECT_EQ(read(format.name).name, format.name);
  }
}

TEST(ParseFormat, OptionsChangeAKnownFormat) {
  EXPECT_EQ(read("e4m3:infinity").largest, 240);
  EXPECT_EQ(read("e4m3:nan=none").largest, 480);
  EXPECT_EQ(read("e4m3:nan=negative-zero,bias=8").largest, find_format("e4m3fnuz")->largest);
  EXPECT_EQ(read("e5m2:saturate").overflow, Overflow::saturate);
  EXPECT_EQ(read("e2m1:unsigned").bits(), 3);
  EXPECT_EQ(read("e2m1:no-infinity").nan, NanCoding::none) << "it had none before";
  EXPECT_EQ(read("e3m0:nan=none").largest, 16);
}

TEST(ParseFormat, TheScaleOfInt8IsAFp32Number) {
  const NumberFormat format = read("int8:scale=1/127");
  EXPECT_EQ(format.scale, static_cast<double>(1.0f / 127.0f));
  EXPECT_EQ(format.largest, 127 * format.scale);
  EXPECT_EQ(encode(format, 1.0), 127U);
  EXPECT_EQ(encode(format, -10.0), 128U);
}

TEST(ParseFormat, WithoutSubnormalsTheLowestExponentIsZero) {
  const NumberFormat format = read("e3m2:no-subnormals");
  ASSERT_EQ(format.smallest_normal, 0.25);
  for (std::uint64_t code = 0; code < 4; ++code) {
    EXPECT_EQ(decode(format, code), 0);
    EXPECT_EQ(class_of(format, code), NumberClass::zero);
  }
  EXPECT_EQ(encode(format, 0.126), 4U) << "nearer to 0.25 than to 0";
  EXPECT_EQ(encode(format, 0.125), 0U) << "a tie goes to the even one, zero";
  EXPECT_EQ(next_up(format, 0), 4U);
  EXPECT_EQ(next_down(format, 4), 0U);
  EXPECT_EQ(round_to(format, 0.01, {.rounding = Rounding::up}), 0.25);
}

TEST(ParseFormat, UnsignedFormatsHaveNoNegativeNumbers) {
  const NumberFormat format = read("e4m3:unsigned");
  EXPECT_EQ(encode(format, -1.0), 0U) << "e4m3 saturates";
  EXPECT_EQ(encode(format, -1.0, {.overflow = Overflow::infinity}), 127U) << "NaN";
  EXPECT_EQ(encode(format, -0.0), 0U);
}

struct FormatComplaint {
  const char* text;
  const char* where;
  const char* says;
};

constexpr FormatComplaint kFormatComplaints[] = {
    {"", "format", "e5m7"},
    {"fp17", "fp17", "format; did you mean fp16? Allowed are"},
    {"e5", "e5", "no such number format. Allowed are fp64"},
    {"e12m3", "e12m3", "1 to 11"},
    {"e5m53", "e5m53", "0 to 52"},
    {"e-1m3", "e-1m3", "1 to 11"},
    {"e99999999999m3", "e99999999999m3", "no such"},
    {"e5m7:bas=3", "bas=3", "bias=N"},
    {"e5m7:bias=x", "bias=x", "whole number"},
    {"e5m7:bias=5000", "e5m7:bias=5000", "-993 to 1023"},
    {"e5m7:nan=some", "nan=some", "nan=none"},
    {"e1m2", "e1m2", "nan=none"},
    {"e5m0:infinity", "e5m0:infinity", "mantissa"},
    {"e5m2:unsigned,nan=negative-zero", "e5m2", "no -0"},
    {"bf16:scale=2", "scale=2", "only int8"},
    {"int8:scale=0", "scale=0", "positive"},
    {"int8:scale=-1", "scale=-1", "positive"},
    {"int8:scale=inf", "scale=inf", "positive"},
    {"int8:bias=3", "bias=3", "scale=NUMBER"},
};

TEST(ParseFormat, SaysWhatIsWrong) {
  for (const FormatComplaint& complaint : kFormatComplaints) {
    const auto format = parse_format(complaint.text);
    ASSERT_FALSE(format) << complaint.text;
    EXPECT_THAT(format.error().where, HasSubstr(complaint.where)) << complaint.text;
    EXPECT_THAT(format.error().message(), HasSubstr(complaint.says)) << complaint.text;
  }
  EXPECT_FALSE(parse_format(std::string(1000, 'e')));
}

TEST(ParseFormat, EveryFormatOfFewBitsReadsBackWhatItWrites) {
  for (int exponent_bits = 1; exponent_bits <= 5; ++exponent_bits)
    for (int mantissa_bits = 0; mantissa_bits <= 4; ++mantissa_bits)
      for (const char* options :
           {"", ":nan=all-ones", ":nan=none", ":nan=negative-zero", ":unsigned", ":bias=-7",
            ":no-subnormals", ":nan=none,unsigned,bias=3"}) {
        const std::string text = "e" + std::to_string(exponent_bits) + "m" +
                                 std::to_string(mantissa_bits) + std::string(options);
        const auto format = parse_format(text);
        if (!format) continue;  // contradictions, which say so
        for (std::uint64_t code = 0; code < code_count(*format); ++code) {
          const NumberClass number_class = class_of(*format, code);
          if (number_class == NumberClass::nan || number_class == NumberClass::zero) continue;
          ASSERT_EQ(encode(*format, decode(*format, code)), code) << text;
        }
        EXPECT_EQ(decode(*format, encode(*format, format->largest)), format->largest) << text;
      }
}

}  // namespace
}  // namespace nanscope
