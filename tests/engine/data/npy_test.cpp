#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>

#include "bytes.h"
#include "engine/data/parse.h"

namespace nanscope {
namespace {

using testing::bytes_of;
using testing::dict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::npy;

std::string error_of_npy(std::string_view bytes) {
  const auto table = parse_npy(bytes);
  return table ? "no error" : table.error().message();
}

template <class T>
void expect_values(const std::string& type) {
  for (const int version : {1, 2, 3}) {
    const auto table =
        parse_npy(npy(dict(type, "(2, 3)"), bytes_of<T>({0, 1, 2, 3, 4, 100}), version));
    ASSERT_TRUE(table) << type << ": " << table.error().message();
    EXPECT_EQ(table->rows, 2);
    EXPECT_EQ(table->columns, 3);
    EXPECT_THAT(table->values, ElementsAre(0, 1, 2, 3, 4, 100)) << type;
  }
}

TEST(Npy, ReadsEveryType) {
  expect_values<float>("<f4");
  expect_values<double>("<f8");
  expect_values<std::int8_t>("|i1");
  expect_values<std::int16_t>("<i2");
  expect_values<std::int32_t>("<i4");
  expect_values<std::int64_t>("<i8");
  expect_values<std::uint8_t>("|u1");
  expect_values<std::uint16_t>("<u2");
  expect_values<std::uint32_t>("=u4");
  expect_values<std::uint64_t>("<u8");
}

TEST(Npy, ReadsHalvesAndTruthValues) {
  // 1.5, -2, the largest, the smallest subnormal, -0
  const auto halves = parse_npy(
      npy(dict("<f2", "(5,)"), bytes_of<std::uint16_t>({0x3e00, 0xc000, 0x7bff, 0x0001, 0x8000})));
  EXPECT_THAT(halves->values, ElementsAre(1.5f, -2, 65504, 0x1p-24f, 0));
  EXPECT_TRUE(std::signbit(halves->values[4]));
  EXPECT_THAT(parse_npy(npy(dict("|b1", "(1, 2)"), std::string("\1\0", 2)))->values,
              ElementsAre(1, 0));
}

TEST(Npy, ReadsNegativeIntegers) {
  EXPECT_THAT(parse_npy(npy(dict("<i2", "(2,)"), bytes_of<std::int16_t>({-1, -300})))->values,
              ElementsAre(-1, -300));
}

TEST(Npy, TurnsFortranOrderIntoRows) {
  const auto table =
      parse_npy(npy(dict("<f4", "(2, 3)", true), bytes_of<float>({1, 4, 2, 5, 3, 6})));
  EXPECT_THAT(table->values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Npy, SaysWhatItRead) {
  auto table = parse_npy(npy(dict(">i4", "(2, 3)", true), std::string(24, '\0')));
  ASSERT_TRUE(table);
  table->reading.rows = table->rows;
  table->reading.columns = table->columns;
  EXPECT_EQ(words_of(table->reading).text(),
            "2 rows x 3 columns, int32, big-endian, Fortran order");
}

TEST(Npy, TakesAListAsOneColumn) {
  const auto table = parse_npy(npy(dict("<f4", "(3,)"), bytes_of<float>({1, 2, 3})));
  EXPECT_EQ(table->rows, 3);
  EXPECT_EQ(table->columns, 1);
}

TEST(Npy, NamesRowColumnAndValue) {
  EXPECT_EQ(error_of_npy(npy(dict("<f4", "(2, 2)"), bytes_of<float>({1, 2, NAN, 4}))),
            "row 2, column 1: nan is not allowed; every value has to be a finite number.");
  EXPECT_THAT(error_of_npy(npy(dict("<f8", "(1, 2)"), bytes_of<double>({1, 1e300}))),
              HasSubstr("row 1, column 2: 1e+300 is beyond fp32"));
  EXPECT_THAT(error_of_npy(npy(dict("<f2", "(1,)"), bytes_of<std::uint16_t>({0x7c00}))),
              HasSubstr("inf is not allowed"));
}

TEST(Npy, TakesWhatRoundsToANumber) {  // up to half a step beyond the largest
  const auto doubles = npy(dict("<f8", "(1,)"), bytes_of<double>({0x1.fffffefffffffp127}));
  EXPECT_EQ(parse_npy(doubles)->values[0], std::numeric_limits<float>::max());
  const auto large = npy(dict("<f8", "(1,)"), bytes_of<double>({1e300}));
  EXPECT_EQ(parse_npy(large, {.fp64 = true})->values[0], 1e300);
}

TEST(Npy, ExplainsWhatItRefuses) {
  const std::string data(64, '\0');
  EXPECT_THAT(error_of_npy(""), HasSubstr("not a .npy"));
  EXPECT_THAT(error_of_npy("\x93NUMPY"), HasSubstr("ends within its header"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(2,)"), data, 4)), HasSubstr("version 4"));
  EXPECT_THAT(error_of_npy(npy(dict("<f16", "(2,)"), data)), HasSubstr("long doubles"));
  EXPECT_THAT(error_of_npy(npy(dict("<U4", "(2,)"), data)), HasSubstr("which are texts"));
  EXPECT_THAT(error_of_npy(npy(dict("<c8", "(2,)"), data)), HasSubstr("type c8 are not read"));
  EXPECT_THAT(error_of_npy(npy(dict("|O", "(2,)"), data)), HasSubstr("type |O are not read"));
  EXPECT_THAT(
      error_of_npy(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", data)),
      HasSubstr("records"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "()"), data)), HasSubstr("0 dimensions"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(1, 1, 1)"), data)), HasSubstr("3 dimensions"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(0, 4)"), data)),
              HasSubstr("is empty, as its shape is (0, 4); it takes one row a sample"));
  EXPECT_THAT(error_of_npy(npy("{}", data)), HasSubstr("header of this .npy cannot be read"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(2"), data)), HasSubstr("cannot be read"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(-2,)"), data)), HasSubstr("cannot be read"));
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(99999999999999999999,)"), data)),
              HasSubstr("cannot be read"));
}

TEST(Npy, RefusesShapesThatOverflow) {
  for (const char* shape : {"(4294967296, 4294967296)", "(18446744073709551615, 1)",
                            "(1, 18446744073709551615)", "(268435457, 1)", "(1, 65537)"})
    EXPECT_THAT(error_of_npy(npy(dict("<f4", shape), std::string(64, '\0'))), HasSubstr("too many"))
        << shape;
  EXPECT_THAT(error_of_npy(npy(dict("<f4", "(268435456, 1)"), std::string(64, '\0'))),
              HasSubstr("cut off: 64 of 1073741824 bytes"));
}

TEST(Npy, NoticesEveryTruncation) {
  const std::string whole = npy(dict("<f4", "(2, 2)"), bytes_of<float>({1, 2, 3, 4}));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_npy(std::string_view(whole).substr(0, length))) << length;
  EXPECT_TRUE(parse_npy(whole));
}

TEST(Npy, SurvivesRandomDamage) {
  std::mt19937 random(22);
  const std::string whole = npy(dict("<f4", "(2, 2)"), bytes_of<float>({1, 2, 3, 4}));
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    for (unsigned k = 0; k <= random() % 4; ++k)
      damaged[random() % (random() % 2 ? 76 : damaged.size())] = static_cast<char>(random());
    if (random() % 8 == 0) damaged.resize(random() % damaged.size());
    const auto table = parse_npy(damaged);
    if (!table) continue;
    ++read;
    EXPECT_EQ(table->values.size(), static_cast<std::size_t>(table->rows) * table->columns);
  }
  EXPECT_GT(read, 100);
}

TEST(Npy, WhatFp32HasOnlyZeroForIsSaid) {
  const std::string bytes =
      npy(dict("<f8", "(2, 2)"), bytes_of<double>({1e-44, 0, -1e-46, 1e-300}));
  const auto table = parse_npy(bytes);
  ASSERT_TRUE(table);
  ASSERT_EQ(table->reading.doubts.size(), 1U);
  EXPECT_THAT(table->reading.doubts.front().text(),
              HasSubstr("2 values that are not 0 are so in fp32, whose smallest number is 1.4e-45, "
                        "the first in row 2, column 1: -1e-46; precision=fp64 has them"));
  EXPECT_TRUE(parse_npy(bytes, {.fp64 = true})->reading.doubts.empty());
}

}  // namespace
}  // namespace nanscope
