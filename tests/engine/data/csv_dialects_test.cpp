#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/data/parse.h"
#include "tests/engine/data/random_tables.h"

// Tables written in random dialects, and read back.
namespace nanscope {
namespace {

TEST(CsvDialects, TwoHundredRandomOnesAreReadAsTheyWereWritten) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const WrittenTable made = random_table(seed);
    const auto& [as, rows, columns, text, bytes, numbers] = made;
    std::vector<double> expected;
    for (const std::string& plain : numbers)
      expected.push_back(std::strtof(plain.c_str(), nullptr));
    const auto table = parse_csv(bytes);
    ASSERT_TRUE(table) << "seed " << seed << ": " << table.error().message() << "\n" << text;
    EXPECT_EQ(table->rows, rows) << "seed " << seed << "\n" << text;
    EXPECT_EQ(table->columns, columns) << "seed " << seed << "\n" << text;
    ASSERT_EQ(table->values.size(), expected.size()) << text;
    for (std::size_t i = 0; i < expected.size(); ++i)
      // fp32 by way of fp64, as every reader of CSV has it: half an ulp more than strtof().
      ASSERT_NEAR(table->values[i], expected[i], std::abs(expected[i]) * 0x1p-23)
          << "seed " << seed << "\n"
          << text;
    const TableReading& reading = table->reading;
    EXPECT_EQ(reading.has_header, as.header != HeaderKind::none) << "seed " << seed << text;
    EXPECT_EQ(reading.index_dropped, as.index) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.separator, as.separator) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.decimal, as.decimal) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.encoding, as.encoding) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.trailing, as.trailing) << "seed " << seed << "\n" << text;
  }
}

}  // namespace
}  // namespace nanscope
