#include "engine/data/byte_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace nanscope {
namespace {

std::string byte_file_of(const std::string& name, const std::string& bytes) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(ByteFile, ReadsAnyBytesWhereTheyLie) {
  const std::string path = byte_file_of("bytes.bin", std::string("\0\xff\nabc", 6));
  const Result<ByteFile> file = ByteFile::open(path);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->size(), 6);
  std::array<unsigned char, 4> bytes{};
  ASSERT_TRUE(file->read(1, bytes));
  EXPECT_EQ(bytes, (std::array<unsigned char, 4>{0xff, '\n', 'a', 'b'}));
}

TEST(ByteFile, SaysWhatIsWrongWithAFile) {
  const auto refusal = [](const std::string& path) {
    const Result<ByteFile> file = ByteFile::open(path);
    return file ? "" : to_string(file.error());
  };
  const std::string empty = byte_file_of("empty.txt", "");
  EXPECT_EQ(refusal(empty), empty + ": is empty; there is nothing in it to learn.");
  EXPECT_EQ(refusal("/nowhere/at/all"), "/nowhere/at/all: there is no such file.");
  EXPECT_EQ(refusal("/tmp"), "/tmp: this is a folder, not a file.");
}

TEST(ByteFile, AFileThatShrinksIsAnError) {
  const std::string path = byte_file_of("shrinks.txt", std::string(1000, 'x'));
  const Result<ByteFile> file = ByteFile::open(path);
  ASSERT_TRUE(file);
  std::filesystem::resize_file(path, 100);
  std::array<unsigned char, 50> bytes{};
  EXPECT_TRUE(file->read(50, bytes));
  const Result<void> beyond = file->read(80, bytes);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(to_string(beyond.error()),
            path + ": has become shorter: it held 1000 bytes and now ends at 100.");
}

}  // namespace
}  // namespace nanscope
