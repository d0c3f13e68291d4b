#include <gmock/gmock.h>

#include <limits>
#include <random>

#include "engine/data/parse.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of_csv(std::string_view text, const TableOptions& options = {}) {
  const auto table = parse_csv(text, options);
  return table ? "no error" : table.error().message();
}

void expect_two_by_two(std::string_view text) {
  const auto table = parse_csv(text);
  ASSERT_TRUE(table) << text << ": " << table.error().message();
  EXPECT_EQ(table->rows, 2) << text;
  EXPECT_EQ(table->columns, 2) << text;
  EXPECT_THAT(table->values, ElementsAre(1, -2.5f, 3e-3f, 4)) << text;
}

TEST(Csv, TakesEveryCommonForm) {
  expect_two_by_two("1,-2.5\n3e-3,4\n");
  expect_two_by_two("1,-2.5\n3e-3,4");
  expect_two_by_two("1,-2.5\r\n3e-3,4\r\n");
  expect_two_by_two("1,-2.5\r3e-3,+4\r");
  expect_two_by_two("1;-2.5\n3e-3;4\n");
  expect_two_by_two("1\t-2.5\n3e-3\t4\n");
  expect_two_by_two("1   -2.5\n  3e-3 4  \n");
  expect_two_by_two(" 1 , -2.5 \n 3e-3 , 4 \n");
  expect_two_by_two("\"1\",\"-2.5\"\n\"3e-3\",\"4\"\n");
  expect_two_by_two(
      "\xef\xbb\xbf"
      "1,-2.5\n3e-3,4\n");
  expect_two_by_two("\n\n1,-2.5\n\n3e-3,4\n\n");
  expect_two_by_two("# by hand\n1,-2.5\n# more\n3e-3,4\n");
  expect_two_by_two("height,weight\n1,-2.5\n3e-3,4\n");
  expect_two_by_two("\"height, in m\",weight\n1,-2.5\n3e-3,4\n");
}

TEST(Csv, ReadsOneColumnAndOneRow) {
  EXPECT_EQ(parse_csv("1\n2\n3\n")->rows, 3);
  EXPECT_EQ(parse_csv("1\n2\n3\n")->columns, 1);
  EXPECT_EQ(parse_csv("1,2,3")->columns, 3);
}

TEST(Csv, RoundsWhatStandsThereOnce) {
  // By way of a double the first two would be 2^53 and 1, and the third would be refused.
  const auto table = parse_csv("9007199791611905\n1.00000005960464477540\n3.4028235677973365e38\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->values[0], 9007200328482816.0);
  EXPECT_EQ(table->values[1], 1.00000011920928955078125);
  EXPECT_EQ(table->values[2], std::numeric_limits<float>::max());
  const auto wide = parse_csv("1e39\n1e300\n", {.fp64 = true});
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->values[1], 1e300);
}

TEST(Csv, NamesLineColumnAndValue) {
  EXPECT_EQ(error_of_csv("1,2\n3,x\n"), "line 2, column 2: \"x\" is not a number.");
  EXPECT_EQ(error_of_csv("1,2\n\n# note\n3,nan\n"),
            "line 4, column 2: nan is not allowed; every value has to be a finite number.");
  EXPECT_THAT(error_of_csv("inf,2\n"), StartsWith("line 1, column 1: inf is not allowed"));
  EXPECT_THAT(error_of_csv("nan,nan\n1,2\n"), StartsWith("line 1, column 1: nan"));
  EXPECT_THAT(error_of_csv("1,-Infinity\n"), HasSubstr("-inf is not allowed"));
  EXPECT_THAT(error_of_csv("1e39\n"), HasSubstr("beyond fp32"));
  EXPECT_THAT(error_of_csv("1e999\n"), HasSubstr("1e999 is beyond fp64"));  // which holds no more
  EXPECT_THAT(error_of_csv("1,,2\n"), HasSubstr("column 2: the field is empty"));
  EXPECT_THAT(error_of_csv("1.5;2,5\n"), HasSubstr("others in this file have a decimal point"));
  EXPECT_EQ(error_of_csv("a,b\nTrue,2\n"),
            "line 2, column 1: \"True\" is not a number; write "
            "1 for true and 0 for false.");
  EXPECT_THAT(error_of_csv("d,v\n2024-01-31,2\n"), HasSubstr("is a date or a time, not a number"));
  EXPECT_THAT(error_of_csv("d,v\n12:30,2\n"), HasSubstr("is a date or a time, not a number"));
  EXPECT_THAT(error_of_csv("a,b\n10 %,2\n"), HasSubstr("leave the percent sign out"));
  EXPECT_THAT(error_of_csv("a,b\nkg,m\n1,2\n"),
              HasSubstr("if it belongs to the header, remove it"));
  EXPECT_EQ(error_of_csv("1,2\n3,4,5\n6,7,8\n"),
            "line 2 has 3 fields, but the line before it has 2; if that is a header: "
            "data.header=yes.");
  EXPECT_EQ(error_of_csv("1,5\n2.5,7\n", {.decimal = DecimalMark::comma}),
            "line 2, column 1: \"2.5\" is not a number where decimals have a comma: "
            "data.decimal=comma.");
  EXPECT_EQ(error_of_csv("1,2\n3\n"),
            "line 2 has 1 field, but the lines before it have 2; if these commas are decimal "
            "marks, say data.decimal=comma.");
  EXPECT_EQ(error_of_csv("1,2,3\n3\n"), "line 2 has 1 field, but the lines before it have 3.");
  EXPECT_THAT(error_of_csv("a,1\n2,3\n"), HasSubstr("line 1, column 1: \"a\" is not a number"));
  EXPECT_THAT(error_of_csv("1,0x10\n"), HasSubstr("not a number"));
}

TEST(Csv, RefusesWhatHoldsNoNumbers) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "\xef\xbb\xbf"})
    EXPECT_THAT(error_of_csv(text), HasSubstr("there are no numbers")) << text;
  EXPECT_EQ(error_of_csv("a,b\n"), "there are no numbers in this file below its header (a, b).");
}

TEST(Csv, TakesTheSmallestNumbers) {
  EXPECT_THAT(parse_csv("1e-45,1e-50,-0\n")->values, ElementsAre(0x1p-149f, 0, 0));
}

TEST(Csv, RefusesTooManyColumns) {
  std::string line = "1";
  for (int i = 0; i < kMostColumns; ++i) line += ",1";
  EXPECT_THAT(error_of_csv(line), HasSubstr("at most 65536 columns"));
}

TEST(Csv, SurvivesRandomBytes) {
  std::mt19937 random(21);
  constexpr std::string_view kPieces[] = {"1", "-",  ".",  "e",    "nan",        ",",
                                          ";", "\t", " ",  "\n",   "\r",         "\"",
                                          "#", "x",  "\0", "\xff", "99999999999"};
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (unsigned k = 0; k < random() % 30; ++k) text += kPieces[random() % std::size(kPieces)];
    const auto table = parse_csv(text);
    if (!table) continue;
    ++read;
    EXPECT_EQ(table->values.size(), static_cast<std::size_t>(table->rows) * table->columns);
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace nanscope
