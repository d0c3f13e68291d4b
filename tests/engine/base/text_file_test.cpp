#include "engine/base/text_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/csv_cell.h"
#include "tests/engine/encoded_text.h"

namespace nanscope {
namespace {

TEST(TextFile, IsReadInEveryEncoding) {
  const std::string path = ::testing::TempDir() + "text_file_test.txt";
  const std::string text = "{\"a\": \"\xc3\xa4 \xe2\x88\x92\"}\nnext\n";
  for (const auto& [name, bytes] : encodings_of(text)) {
    std::ofstream(path, std::ios::binary) << bytes;
    const auto read = read_text_file(path, 1000);
    ASSERT_TRUE(read) << name << to_string(read.error());
    EXPECT_EQ(*read, text) << name;
    EXPECT_EQ(read_text_head(path, 16).substr(0, 4), text.substr(0, 4)) << name;
    EXPECT_EQ(read_text_head(path, 17).substr(0, 4), text.substr(0, 4)) << name;
  }
  std::ofstream(path, std::ios::binary) << std::string("\xff\xfe\x31", 3);
  const auto cut = read_text_file(path, 1000);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().where, path);
  // Of what is being written what is whole is read.
  std::ofstream(path, std::ios::binary) << std::string("\xff\xfe\x31\0\x32", 5);
  EXPECT_EQ(read_text_so_far(path, 1000), "1");
  EXPECT_EQ(read_text_head(path, 1000), "1");
  std::ofstream(path, std::ios::binary) << "123";
  EXPECT_EQ(read_text_so_far(path, 1000), "123");
  std::filesystem::remove(path);
}

TEST(CsvCell, IsQuotedWhereItHasTo) {
  EXPECT_EQ(csv_cell("fp16"), "fp16");
  EXPECT_EQ(csv_cell("e5m7:bias=20,no-infinity"), "\"e5m7:bias=20,no-infinity\"");
  EXPECT_EQ(csv_cell("a \"b\"\n"), "\"a \"\"b\"\"\n\"");
  EXPECT_EQ(csv_cell("# no remark"), "\"# no remark\"");
  EXPECT_EQ(csv_cell(" a"), "\" a\"");
  EXPECT_EQ(csv_cell(""), "");
}

}  // namespace
}  // namespace nanscope
