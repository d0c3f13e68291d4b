#include "engine/data/table.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "bytes.h"
#include "engine/base/file.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class InAFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "nanscope-XXXXXX").string();
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view bytes) {
    const std::string path = (folder_ / name).string();
    EXPECT_TRUE(write_file_atomically(path, bytes));
    return path;
  }

  fs::path folder_;
};

using ReadTable = InAFolder;

TEST_F(ReadTable, GoesByTheEndingOfTheName) {
  EXPECT_EQ(read_table(write("a.csv", "1,2\n3,4\n"))->rows, 2);
  EXPECT_EQ(read_table(write("A.CSV", "1,2\n3,4\n"))->columns, 2);
  EXPECT_EQ(read_table(write("a.txt", "1 2\n"))->columns, 2);
  const std::string npy =
      testing::npy(testing::dict("<f4", "(1, 2)"), testing::bytes_of<float>({1, 2}));
  EXPECT_EQ(read_table(write("a.npy", npy))->columns, 2);
}

TEST_F(ReadTable, NamesTheFileInEveryError) {
  const auto error = [](const std::string& path) {
    const auto table = read_table(path);
    return table ? "no error" : to_string(table.error());
  };
  const std::string csv = write("a.csv", "1,nan\n");
  EXPECT_EQ(error(csv), csv +
                            ": line 1, column 2: nan is not allowed; every value has to be a "
                            "finite number.");
  const std::string xls = write("a.xls", "1");
  EXPECT_THAT(error(xls), AllOf(StartsWith(xls), HasSubstr("allowed are .csv and .npy")));
  EXPECT_THAT(error((folder_ / "no.csv").string()), HasSubstr("there is no such file"));
  EXPECT_THAT(error("noending"), HasSubstr("no table by its name"));
  fs::create_directory(folder_ / "d.csv");
  EXPECT_THAT(error((folder_ / "d.csv").string()), HasSubstr("a folder"));
}

/// Digits from a cache of the test's own.
class ReadDigits : public InAFolder {
 protected:
  void SetUp() override {
    InAFolder::SetUp();
    if (const char* chosen = std::getenv("NANSCOPE_CACHE")) before_ = chosen;
    setenv("NANSCOPE_CACHE", folder_.c_str(), 1);
    fs::create_directory(folder_ / "digits");
  }
  void TearDown() override {
    before_.empty() ? unsetenv("NANSCOPE_CACHE") : setenv("NANSCOPE_CACHE", before_.c_str(), 1);
    InAFolder::TearDown();
  }
  void write_packed(const std::string& text) {
    const gzFile file = gzopen((folder_ / "digits/digits.csv.gz").c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }
  static std::string lines(int rows, int columns) {
    std::string text;
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column)
        text += std::to_string((row * 7 + column * 3) % 17) + (column + 1 < columns ? "," : "\n");
    return text;
  }

  std::string before_;
};

TEST_F(ReadDigits, StandardizesThePixelsAndLeavesTheLabelOut) {
  write_packed(lines(1797, 65));
  const auto table = read_digits();
  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_EQ(table->rows, 1797);
  EXPECT_EQ(table->columns, 64);
  ASSERT_EQ(table->values.size(), 1797u * 64);
  double sum = 0, squares = 0;
  for (const float value : table->values) {
    sum += value;
    squares += double(value) * value;
  }
  // Each of the 115,008 values is rounded to fp32, half an ulp of 2 at most: 1.2e-7.
  EXPECT_NEAR(sum / 115008, 0, 1e-6);
  EXPECT_NEAR(squares / 115008, 1, 1e-6);
  // Row 1 follows row 0 by 7: its first pixel minus row 0's is 7 standard deviations' worth.
  const double step = table->values[1] - table->values[0];  // pixels 3 and 0
  EXPECT_NEAR((table->values[64] - table->values[0]) / step, 7.0 / 3, 1e-5);
}

TEST_F(ReadDigits, SaysWhatToDoWhenTheyAreMissingOrDamaged) {
  const auto expect_error = [] {
    const auto table = read_digits();
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().kind, Error::Kind::work);
    EXPECT_THAT(to_string(table.error()),
                AllOf(HasSubstr("digits.csv.gz"), HasSubstr("start ./nanscope")));
  };
  expect_error();
  write_packed(lines(1796, 65));
  expect_error();
  write_packed(lines(1797, 64));
  expect_error();
  write_packed(lines(1797, 65));
  const std::string path = (folder_ / "digits/digits.csv.gz").string();
  const std::string whole = read_file(path, 1 << 20).value();
  write("digits/digits.csv.gz", whole.substr(0, whole.size() / 2));
  expect_error();
  std::string damaged = whole;
  for (std::size_t i = 100; i < 140; ++i) damaged[i] ^= 0x55;
  write("digits/digits.csv.gz", damaged);
  expect_error();
}

TEST(Digits, AreTheRealOnes) {
  const auto table = read_digits();
  if (!table) GTEST_SKIP() << to_string(table.error());
  // The first image is a zero: a blank corner, then 5, 13, 9, 1 in its first row.
  EXPECT_EQ(table->values[0], table->values[1]);
  const double unit = (table->values[2] - table->values[0]) / 5;
  EXPECT_NEAR((table->values[3] - table->values[0]) / unit, 13, 1e-5);
  EXPECT_NEAR((table->values[4] - table->values[0]) / unit, 9, 1e-5);
  // Pixels have mean 4.884 and standard deviation 6.017 (scikit-learn, load_digits).
  EXPECT_NEAR(1 / unit, 6.0168, 1e-3);
  EXPECT_NEAR(-table->values[0] / unit, 4.8842, 1e-3);
}

}  // namespace
}  // namespace nanscope
