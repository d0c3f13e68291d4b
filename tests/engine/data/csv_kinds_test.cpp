#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

#include "engine/data/parse.h"

// The forms in which people have their tables, and what is said of them.
namespace nanscope {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Table read(std::string_view text, const TableOptions& options = {}) {
  auto table = parse_csv(text, options);
  EXPECT_TRUE(table) << text << ": " << (table ? "" : table.error().message());
  if (!table) return {};
  table->reading.rows = table->rows;
  table->reading.columns = table->columns;
  return *std::move(table);
}

std::string words(const Table& table) { return words_of(table.reading).text(); }

std::string doubts(const Table& table) {
  std::string all;
  for (const Message& doubt : table.reading.doubts) all += doubt.text() + "\n";
  return all;
}

std::string refusal(std::string_view text, const TableOptions& options = {}) {
  const auto table = parse_csv(text, options);
  return table ? "no error" : table.error().message();
}

TEST(CsvKinds, SemicolonsAndDecimalCommas) {
  const Table table = read("L\xc3\xa4nge;Breite\r\n1,5;0,25\r\n-1.234,5;2\r\n");
  EXPECT_THAT(table.values, ElementsAre(1.5, 0.25, -1234.5, 2));
  EXPECT_EQ(
      words(table),
      "2 rows x 2 columns, header L\xc3\xa4nge, Breite, separated by semicolons, decimal comma, "
      "thousands set apart");
  EXPECT_EQ(doubts(table), "");
}

TEST(CsvKinds, ACommaBetweenThousandsIsSaidOrRefused) {
  EXPECT_THAT(refusal("\"1,234\",2,3,4,5,6,7,8\n"),
              HasSubstr("line 1, column 1: \"1,234\" may be one number with a decimal comma"));
  EXPECT_THAT(read("\"1,234\",2,3\n", {.decimal = DecimalMark::point}).values,
              ElementsAre(1234, 2, 3));
  EXPECT_THAT(read("\"1,234\",2,3\n", {.decimal = DecimalMark::comma}).values,
              ElementsAre(1.234f, 2, 3));
  // Another field tells.
  EXPECT_THAT(read("\"1,234\",2.5\n").values, ElementsAre(1234, 2.5));
  EXPECT_THAT(read("\"1,234,567\",\"1,234\"\n").values, ElementsAre(1234567, 1234));
  EXPECT_THAT(read("\"1,234\",\"0,5\"\n").values, ElementsAre(1.234f, 0.5));
  EXPECT_THAT(doubts(read("1,234,567\n12,000,001\n")),
              HasSubstr("1,234,567 was read as 3 numbers; commas between thousands need quotes"));
  EXPECT_EQ(doubts(read("1,234,567\n12,000,1\n")), "");
  EXPECT_THAT(doubts(read("1,234;5,678\n")), HasSubstr("1,234 was read as a decimal mark"));
  EXPECT_THAT(refusal("1,234\t5,678\n"), HasSubstr("say which: data.decimal=comma or"));
}

TEST(CsvKinds, WhatIsNoNumberSaysWhatToWrite) {
  EXPECT_THAT(refusal("a,b\nYes,1\n"), HasSubstr("\"Yes\" is not a number; write 1 for yes and 0"));
  EXPECT_THAT(refusal("a,b\n1,no\n"), HasSubstr("write 1 for yes and 0 for no"));
  EXPECT_THAT(refusal("a,b\n$0.09,1\n"),
              HasSubstr("\"$0.09\" is not a number; leave the currency"));
  // Units below the names, some of them without.
  for (const char* units : {"[m],,[kg]", ",[m],[kg]"})
    EXPECT_THAT(refusal(std::string("h,n,w\n") + units + "\n1,2,3\n"),
                HasSubstr("\"[m]\" is not a number, nor is anything in this line; if it belongs to "
                          "the header, remove it."));
  EXPECT_THAT(refusal("h,n\n,\n,x\n1,2\n"), HasSubstr("\"x\" is not a number"));
}

TEST(CsvKinds, QuotesAroundEveryCommaLeaveItTheDecimalMark) {
  EXPECT_THAT(read("\"1,9\"\n\"2019\"\n\"-6,5\"\n").values, ElementsAre(1.9f, 2019, -6.5));
  EXPECT_THAT(read("2010\n\"1,9\"\n\"2019\"\n\"-6,5\"\n").values,
              ElementsAre(2010, 1.9f, 2019, -6.5));
}

TEST(CsvKinds, QuotedFieldsHoldSeparatorsQuotesAndLineEnds) {
  const Table table = read("\"a,\"\"b\"\"\n second line\",c\n\"1\",2\n3,\"4\"\n");
  EXPECT_EQ(table.rows, 2);
  EXPECT_THAT(table.values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(refusal("a,\"b\n1,2\n"), HasSubstr("line 1: a quote is opened and never closed"));
  EXPECT_THAT(refusal("a,b\n\"1\n1\",2\nx,4\n"), HasSubstr("line 2, column 1"));
  EXPECT_THAT(refusal("a,b\n\"\n1\",2\nx,4\n"), HasSubstr("line 4, column 1"));
}

TEST(CsvKinds, Utf16WithAndWithoutAMark) {
  EXPECT_THAT(read("\xff\xfe\x31\0,\0\x32\0\n\0"sv).values, ElementsAre(1, 2));
  EXPECT_THAT(read("\xfe\xff\0\x31\0,\0\x32"sv).values, ElementsAre(1, 2));
  EXPECT_THAT(read("1\0,\0002\0\n\0"sv).values, ElementsAre(1, 2));
  EXPECT_THAT(words(read("\xff\xfe\x31\0,\0\x32\0"sv)), HasSubstr("UTF-16 LE"));
  EXPECT_THAT(refusal("\xff\xfe\x31\0,"sv), HasSubstr("ends within a character"));
  EXPECT_THAT(refusal("\xff\xfe\0\0\x31\0\0\0"sv), HasSubstr("UTF-32"));
  // A pair is a character; half of one alone is none.
  EXPECT_EQ(read("\xff\xfe\x3d\xd8\x00\xde\n\0\x32\0"sv).values.size(), 1u);
  EXPECT_THAT(refusal("\xff\xfe\x31\0\n\0\x32\0\x3d\xd8\n\0"sv),
              HasSubstr("line 2, character 2: 0xd83d is half of a pair and stands alone"));
  EXPECT_THAT(refusal("\xff\xfe\x00\xde\n\0\x32\0"sv), HasSubstr("0xde00 is half of a pair"));
}

TEST(CsvKinds, AnIndexOfPandasIsLeftOut) {
  const Table table = read(",a,b\n0,1.5,2\n1,3,4\n2,5,6\n");
  EXPECT_THAT(table.values, ElementsAre(1.5, 2, 3, 4, 5, 6));
  EXPECT_THAT(words(table), HasSubstr("3 rows x 2 columns, header a, b, index column left out"));
  EXPECT_EQ(doubts(table), "");
  EXPECT_THAT(read(",2020,2021\n0,1,2\n1,3,4\n").values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(read("Unnamed: 0,a\n0,1\n1,3\n").values, ElementsAre(1, 3));
  EXPECT_THAT(read(";a\n0;1,5\n1;3\n").values, ElementsAre(1.5, 3));
  // Dates, and numbers that count nothing: left out, and named.
  const Table dated = read(",a\n2020-01-01,1\n2020-01-02,3\n");
  EXPECT_THAT(dated.values, ElementsAre(1, 3));
  EXPECT_THAT(doubts(dated), HasSubstr("data.index=keep"));
  EXPECT_THAT(read(",a\n7,1\n9,3\n", {.index = IndexColumn::keep}).values, ElementsAre(7, 1, 9, 3));
  // What has a name stays, and is named if it counts.
  const Table named = read("id,a\n0,1\n1,3\n2,4\n");
  EXPECT_EQ(named.columns, 2);
  EXPECT_THAT(doubts(named), HasSubstr("the first column counts the rows and was read as data"));
  EXPECT_THAT(read("id,a\n0,1\n1,3\n", {.index = IndexColumn::drop}).values, ElementsAre(1, 3));
  EXPECT_THAT(refusal("a\n1\n", {.index = IndexColumn::drop}), HasSubstr("there is one column"));
}

TEST(CsvKinds, RowNamesOfRAreLeftOut) {
  EXPECT_THAT(read("\"a\" \"b\"\n\"1\" 5 6\n\"2\" 7 8\n").values, ElementsAre(5, 6, 7, 8));
  EXPECT_THAT(read("\"\",\"a\"\n\"x\",5\n\"y\",7\n").values, ElementsAre(5, 7));
}

TEST(CsvKinds, AHeaderOfNumbersIsNamedWhicheverWayItIsRead) {
  const Table fractions = read("2020,2021,2022\n1.5,2.25,3\n0.5,0.1,0.2\n");
  EXPECT_EQ(fractions.rows, 2);
  EXPECT_THAT(doubts(fractions),
              HasSubstr("the first row (2020, 2021, 2022) was read as a header"));
  const Table whole = read("2020,2021,2022\n1,2,3\n");
  EXPECT_EQ(whole.rows, 2);
  EXPECT_THAT(doubts(whole), HasSubstr("the first row (2020, 2021, 2022) was read as data"));
  EXPECT_EQ(read("2020,2021,2022\n1,2,3\n", {.header = TableHeader::yes}).rows, 1);
  EXPECT_EQ(read("2020,2021\n1.5,2.5\n", {.header = TableHeader::no}).rows, 2);
  EXPECT_EQ(read("\"2020\",\"2021\"\n1,2\n").rows, 1);
  EXPECT_EQ(read("0,1,2\n0.5,1.5,0.1\n").rows, 1);
  const Table words_too = read("name,2020,2021\n7,1,2\n7,3,4\n");
  EXPECT_EQ(words_too.rows, 2);
  EXPECT_THAT(doubts(words_too), HasSubstr("(name, 2020, 2021) was read as a header"));
  // Measured values are no names.
  EXPECT_EQ(read("1.5,2.5\n3.5,4.5\n").rows, 2);
  EXPECT_THAT(refusal("x,0.5\n1,2\n3,4\n"), HasSubstr("line 1, column 1: \"x\""));
}

TEST(CsvKinds, ALoneYearMayBeAHeader) {
  const Table fractions = read("2020\n1.5\n0.25\n");
  EXPECT_THAT(fractions.values, ElementsAre(1.5, 0.25));
  EXPECT_THAT(doubts(fractions), HasSubstr("the first row (2020) was read as a header"));
  const Table whole = read("2020\n3\n4\n");
  EXPECT_EQ(whole.rows, 3);
  EXPECT_THAT(doubts(whole), HasSubstr("the first row (2020) was read as data"));
  EXPECT_EQ(doubts(read("2020\n2021\n2022\n")), "");
  EXPECT_EQ(read("2000\n1999.5\n2001.5\n").rows, 3);
}

TEST(CsvKinds, AHeaderNamesEveryColumnButAnIndex) {
  EXPECT_EQ(refusal("# made up\na,b,c\n1,2\n3,4\n"),
            "the header has 3 fields, but line 3 has 2 fields; name each column in line 2, or "
            "remove it.");
  EXPECT_EQ(refusal("a,b\n1,2,3,4,5\n"),
            "the header has 2 fields, but line 2 has 5 fields; name each column in line 1, or "
            "remove it.");
  EXPECT_EQ(refusal("a,b\n0,5,1,5\n"),
            "the header has 2 fields, but line 2 has 4 fields; name each column in line 1, or "
            "remove it; if commas are decimal marks here, separate the columns by semicolons.");
  EXPECT_THAT(read("a;b\n0,5;1,5\n").values, ElementsAre(0.5, 1.5));
  EXPECT_EQ(refusal("a b c\n1,2,3\n"),
            "the header has 1 field, but line 2 has 3 fields; separate line 1 as line 2 is, or "
            "remove it.");
  EXPECT_THAT(refusal("a\n1.5,2\n3,4.5\n"), HasSubstr("the header has 1 field, but"));
  EXPECT_EQ(read("a;b;\n1;2\n").columns, 2);
  // As pandas and R read it: the first column is an index.
  const Table shorter = read("a,b\n1.5,2,3\n4.5,5,6\n");
  EXPECT_THAT(shorter.values, ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(doubts(shorter), HasSubstr("data.index=keep"));
  // A name less than fields may be a comma within a number.
  EXPECT_THAT(
      refusal("a,b\n1,234,5\n2,345,6\n"),
      HasSubstr("there are 3 fields in 1,234,5 below 2 names. If the first one is an index, "
                "say data.index=drop; if a comma is within a number, as between thousands, "
                "put quotes around the number."));
  EXPECT_THAT(refusal("a,b\n7,1,234\n8,12,345.5\n"), HasSubstr("below 2 names"));
  EXPECT_THAT(read("a,b\n1,234,5\n2,345,6\n", {.index = IndexColumn::drop}).values,
              ElementsAre(234, 5, 345, 6));
  EXPECT_THAT(doubts(read("a,b\n1,5,2\n2,6,3\n")), HasSubstr("left out as an index"));
  EXPECT_EQ(doubts(read("a,b\n1,5.5,2\n2,6.5,3\n")), "");
  EXPECT_EQ(read("a,b\n1.5,2,3\n", {.index = IndexColumn::keep}).columns, 3);
}

TEST(CsvKinds, AColumnWithAnIndexesNameIsDoubtedWhereItRises) {
  EXPECT_THAT(doubts(read("index,a\n0,1.5\n1,2.5\n")),
              HasSubstr("the first column (\"index\") may tell rows apart and was read as data; "
                        "data.index=drop"));
  EXPECT_THAT(doubts(read("Unnamed: 0.1,a\n5,1.5\n9,2.5\n")), HasSubstr("data.index=drop"));
  EXPECT_EQ(doubts(read("index,a\n0,1.5\n0,2.5\n")), "");
  EXPECT_EQ(doubts(read("width,a\n0,1.5\n1,2.5\n")), "");
}

TEST(CsvKinds, NamesAreShownAsTheyAreWritten) {
  EXPECT_THAT(words(read("\"Gr\xc3\xb6\xc3\x9f"
                         "e\",\"a \"\"b\"\"\"\n1,2\n")),
              HasSubstr("header Gr\xc3\xb6\xc3\x9f"
                        "e, a \"b\", separated"));
  EXPECT_THAT(words(read("\"a\x1b[2J\",b\n1,2\n")), HasSubstr("header a\\x1b[2J, b"));
  EXPECT_EQ(refusal("1,2\xe2\x82\xac\n"),
            "line 1, column 2: \"2\xe2\x82\xac\" is not a number; leave the currency sign out.");
}

TEST(CsvKinds, SaysWhatIsAlmostANumber) {
  const std::pair<const char*, const char*> kinds[] = {
      {"($5.00)", "write a minus in place of the brackets, and no currency sign."},
      {"(5)", "write a minus in place of the brackets"},
      {"($1234.50)", "write a minus in place of the brackets"},
      {"5.00-", "write the minus in front of it."},
      {"-$5", "leave the currency sign out."},
      {"1_000", "leave the underscores out."},
      {"0x10", "is not a number in decimal digits"},
      {"1d3", "\"1d3\" is not a number; write its exponent with an e: 1e3."},
      {"-2.5D-3", "write its exponent with an e: -2.5e-3."},
      {"1.234.5", "set no groups of three digits apart"},
      {"31.1.2024", "is a date or a time"},
      {"(a)", "\"(a)\" is not a number."},
      {"1__x", "\"1__x\" is not a number."}};
  for (const auto& [field, what] : kinds)
    EXPECT_THAT(refusal("a,b\n1,2\n" + std::string(field) + ",3\n"),
                AllOf(HasSubstr("line 3, column 1: \"" + std::string(field)), HasSubstr(what)));
  EXPECT_EQ(refusal("a,b\n1,2\n\"1,234,5\",3\n"),
            "line 3, column 1: \"1,234,5\" is not a number, as its commas and points set no groups "
            "of three digits apart; write its digits without them, but for one point before its "
            "decimals: 1234.5.");
}

TEST(CsvKinds, TheEndOfDosTexts) {
  EXPECT_EQ(read("1.5,2\r\n3,4\r\n\x1a").rows, 2);
  EXPECT_THAT(refusal("1.5,2\r\n\x1a\r\n3,4\r\n"), HasSubstr("line 2 has 1 field"));
}

TEST(CsvKinds, PointsBetweenThousandsLeaveTheCommaToBeTheDecimalMark) {
  const Table one = read("1.234.567,8\n2.345,1\n0,5\n");
  EXPECT_EQ(one.columns, 1);
  EXPECT_THAT(one.values, ElementsAre(1234567.8f, 2345.1f, 0.5f));
  EXPECT_EQ(read("1.234.567,-8\n2.345,1\n").columns, 2) << "no number has a sign there";
  EXPECT_EQ(read("\"1.234.567\",8\n\"2.345\",1\n").columns, 2);
}

TEST(CsvKinds, ASlipInAFirstNumberIsNotQuietlyAHeader) {
  for (const char* slip : {"1..2", "3-", "--1", "2020-01-01"})
    EXPECT_THAT(doubts(read(fmt::format("{}\n100\n3.5\n", slip))),
                HasSubstr(fmt::format("the first row ({}) was read as a header", slip)));
  EXPECT_EQ(doubts(read("x1\n100\n3.5\n")), "");
}

TEST(CsvKinds, AnIndexBehindOtherColumnsIsNamed) {
  EXPECT_THAT(doubts(read("a,b\n0.5,0\n0.25,1\n7,2\n")),
              HasSubstr("column 2 counts the rows and was read as data; if it is none, remove it"));
  EXPECT_THAT(doubts(read("a,id\n0.5,10\n0.25,20\n7,25\n")),
              HasSubstr("column 2 (\"id\") may tell rows apart"));
  EXPECT_EQ(doubts(read("a,b\n0.5,10\n0.25,20\n7,25\n")), "");
  EXPECT_EQ(doubts(read("a,b\n0.5,0\n0.25,1\n7,1\n")), "");
}

TEST(CsvKinds, OneColumnOfDecimalCommas) {
  const Table pairs = read("0,5\n0,7\n1,2\n");
  EXPECT_EQ(pairs.columns, 2);
  EXPECT_THAT(doubts(pairs), HasSubstr("0,5 was read as two numbers; data.decimal=comma"));
  // Even where their whole parts count the rows, or have thousands.
  const Table counting = read("0,5\n1,5\n2,5\n");
  EXPECT_THAT(doubts(counting), HasSubstr("0,5 was read as two numbers; data.decimal=comma"));
  EXPECT_THAT(doubts(counting), HasSubstr("data.index=drop"));
  EXPECT_THAT(doubts(read("1.234,56\n2.345,67\n")),
              HasSubstr("1.234,56 was read as two numbers; data.decimal=comma reads it as one"));
  EXPECT_THAT(read("1.234,56\n2.345,67\n", {.decimal = DecimalMark::comma}).values,
              ElementsAre(1234.56f, 2345.67f));
  EXPECT_EQ(doubts(read("1.23,56\n2.345,67\n")), "");
  EXPECT_EQ(doubts(read("1.234,-56\n2.345,67\n")), "");
  const Table asked = read("0,5\n0,7\n1\n", {.decimal = DecimalMark::comma});
  EXPECT_THAT(asked.values, ElementsAre(0.5, 0.7f, 1));
  EXPECT_EQ(words(asked), "3 rows x 1 column, no header, decimal comma");
  EXPECT_THAT(read("value\n0,5\n0,7\n1\n").values, ElementsAre(0.5, 0.7f, 1));
  EXPECT_THAT(refusal("0,5\n1\n"), HasSubstr("say data.decimal=comma"));
}

TEST(CsvKinds, TrailingSeparatorsAndEmptyRows) {
  const Table table = read("a,b,\n1,2,\n3,4,\n");
  EXPECT_THAT(table.values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(words(table), HasSubstr("a separator behind each row ignored"));
  EXPECT_EQ(read("a,b\n1,2,\n3,4,\n").columns, 2);
  const Table spreadsheet = read("1,2\n3,4\n,\n,\n");
  EXPECT_EQ(spreadsheet.rows, 2);
  EXPECT_THAT(doubts(spreadsheet), HasSubstr("rows without any value were left out: 2"));
  EXPECT_THAT(read("sep=;\n1;2\n").values, ElementsAre(1, 2));
}

TEST(CsvKinds, MissingValuesAreRefusedByTheirPlace) {
  EXPECT_THAT(refusal("a,b\n1,NA\n"), HasSubstr("line 2, column 2: \"NA\" is a missing value"));
  EXPECT_THAT(refusal("a,b\n1,\n2,3\n"), HasSubstr("line 2, column 2: the field is empty"));
  EXPECT_THAT(refusal("NA,NA\n1,2\n"), HasSubstr("line 1, column 1: \"NA\" is a missing value"));
  EXPECT_THAT(refusal("-,-\n1,2\n"), HasSubstr("line 1, column 1: \"-\" is a missing value"));
}

TEST(CsvKinds, WhatFp32HasOnlyZeroForIsSaid) {
  EXPECT_EQ(doubts(read("1e-45,0\n-0.0,2\n")), "");
  EXPECT_EQ(doubts(read("1e-46,2\n", {.fp64 = true})), "");
  EXPECT_THAT(doubts(read("a,b\n1e-44,2\n3,-1e-46\n")),
              HasSubstr("line 3, column 2: -1e-46 is 0 in fp32, whose smallest number is 1.4e-45; "
                        "precision=fp64 has it"));
  EXPECT_THAT(doubts(read("1e-46,2\n3,7e-46\n0,1e-300\n")),
              HasSubstr("3 values that are not 0 are so in fp32, whose smallest number is 1.4e-45, "
                        "the first in line 1, column 1: 1e-46; precision=fp64 has them"));
  EXPECT_THAT(refusal("1,4e38\n"), HasSubstr("line 1, column 2: 4e38 is beyond fp32"));
}

TEST(CsvKinds, ANameThatIsNoUtf8IsSaid) {
  EXPECT_EQ(doubts(read("L\xc3\xa4nge,\xe2\x82\xac\n1,2\n3,4\n")), "");
  EXPECT_THAT(
      doubts(read("a,L\xe4nge,\xff\n1,2,5\n3,4,6\n")),
      HasSubstr("in the header, L\\xe4nge: the byte 0xe4 is not UTF-8, as which this text is "
                "read (in Latin-1 and Windows-1252 it is \xc3\xa4); save it as UTF-8"));
}

TEST(CsvKinds, AFieldThatIsNoUtf8IsSaid) {
  // Excel's thousands in Windows-1252.
  EXPECT_THAT(refusal("a;b\n1\xa0"
                      "234,5;2\n"),
              HasSubstr("line 2, column 1: \"1\\xa0234,5\" is not a number: the byte 0xa0 is not "
                        "UTF-8, as which this text is read; save it as UTF-8."));
}

TEST(CsvKinds, ValuesAreRoundedOnce) {
  const TableOptions fp64{.fp64 = true};
  EXPECT_THAT(read("0.1\n").values, ElementsAre(0.1f));
  EXPECT_THAT(read("0.1\n", fp64).values, ElementsAre(0.1));
  EXPECT_THAT(read("1e-50,-1e-50\n").values, ElementsAre(0, 0));  // as every sum of fp32 does
  EXPECT_THAT(read("0e-500,-0.0e9,0\n", fp64).values, ElementsAre(0, 0, 0));
  EXPECT_THAT(read("5e-324\n", fp64).values, ElementsAre(5e-324));
  for (const bool wide : {false, true})
    for (const char* tiny : {"1e-400", "-1e-400",
                             "\xe2\x88\x92"
                             "0.001e-330"}) {
      const auto lost = parse_csv(std::string(tiny) + ",2\n", {.fp64 = wide});
      ASSERT_FALSE(lost) << tiny;
      EXPECT_THAT(to_string(lost.error()), HasSubstr("is not 0, and fp64 has only 0 for it"));
    }
  EXPECT_THAT(read("\xe2\x88\x92"
                   "5\n")
                  .values,
              ElementsAre(-5));
  EXPECT_THAT(refusal("+-1\n"), HasSubstr("no numbers"));
}

}  // namespace
}  // namespace nanscope
