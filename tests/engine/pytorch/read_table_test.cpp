#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/data/table.h"
#include "engine/pytorch/script_parts.h"
#include "tests/engine/data/random_tables.h"

namespace nanscope {
namespace {

/// What the script's read_table() needs of torch.
constexpr const char* kTorch = R"(
import math, re, struct
class Rows(list):
    def float(self):
        return [[struct.unpack("f", struct.pack("f", x))[0] for x in row] for row in self]
class torch:
    float64 = None
    tensor = staticmethod(lambda rows, dtype=None: Rows(rows))
)";

/// Texts, each of which is read here and by the script that is printed of it.
class ReadTables : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
    script_ << kTorch;
  }
  ~ReadTables() override { std::filesystem::remove_all(folder_); }

  void add(const std::string& bytes, const TableOptions& options = {}) {
    const std::string path =
        (folder_ / fmt::format("t\xf0\x9f\x98\x80 \"'\\{}.csv", texts_.size())).string();
    std::ofstream(path, std::ios::binary) << bytes;
    const auto table = read_table(path, options);
    ASSERT_TRUE(table) << bytes << to_string(table.error());
    texts_.push_back(bytes);
    values_.push_back(table->values);
    const DataSpec data{.kind = DataKind::file,
                        .path = path,
                        .header = options.header,
                        .decimal = options.decimal,
                        .index = options.index};
    script_ << read_table_text(data, options.fp64 ? Precision::fp64 : Precision::fp32)
            << "print(*(repr(x) for row in read_table() for x in row))\n";
  }

  /// A line a table: its numbers.
  void compare() {
    const std::string script = (folder_ / "read.py").string(), out = (folder_ / "out").string();
    std::ofstream(script) << script_.str();
    ASSERT_EQ(std::system(("python3 " + script + " > " + out).c_str()), 0);
    std::ifstream lines(out);
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      std::string line;
      std::getline(lines, line);
      std::istringstream stream(line);
      std::vector<double> values;
      for (std::string word; stream >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
      EXPECT_EQ(values, values_[i]) << texts_[i];
    }
  }

 private:
  std::filesystem::path folder_;
  std::ostringstream script_;
  std::vector<std::string> texts_;
  std::vector<std::vector<double>> values_;
};

TEST_F(ReadTables, ATextTableIsReadByTheScriptAsItIsReadHere) {
  for (const std::string text : {
           "1,2.5\n3,4\n",
           "a;b\r\n1,5;-2\r\n1.234,5;4\r\n",
           "# note\n,a,b\n0,1.5,2\n\n1,3,4\n",
           "2020 2021\n1.5 2.5\n3.5 4.5\n",
           "\"a \"\"x\"\"\nb\",c,\n\"1\",\"2\",\n3,4,\n",
           "value\n0,5\n\"1,25\"\n",
           "\xef\xbb\xbf"
           "1\t2\n",
           "sep=;\n1'000,5;2\n;\n",
           "1|2|\r3|4|\r",
           "L\xe4nge,Breite\n1,2\n3,4\n",  // Latin-1
           "\xe2\x88\x92"
           "1.5,2\n3,\xe2\x88\x92"
           "1e-3\n",                                           // U+2212
           "\"a b\" \"c d\"\n\"row 1\" 5 6\n\"row 2\" 7 8\n",  // R's names of rows
           "1,\t\"2\"\n3,\t4\n",                               // blanks before quotes
           "\"a\n#b\",c\n1,2\n",                               // no remark
           "\"a\n\nb\",c\n1,2\n",                              // no empty line
           "# n\nsep=x,b\n1,2\n",                              // a name
           "1,2\n3,4\n\x1a",                                   // DOS's end
           "1,2\n3,\"4\n\"\n",
           "1 , 2\n 3 ,4\n",
           "\"1\" \"2\"\n\"3\" \"4\"\n",
           "x\n\"1\"\n 2 \n",
           "1;2\n;\n3;4\n",
           "\xa0;b\n1;2\n",
       })
    add(text, {.fp64 = true});
  add(std::string("\xff\xfe\x31\0;\0\x32\0\n\0", 10));
  add(std::string("\0\x31\0;\0\x32\0\n", 8));  // UTF-16 BE without a mark
  add(std::string("\xfe\xff\0\x31\0;\0\x32\0\n", 10));
  add("a,b\n7,1\n9,3\n", {.index = IndexColumn::drop});
  add("1;2\n3;4\n", {.header = TableHeader::yes});
  add("\"1,234\",2,3\n", {.decimal = DecimalMark::comma});
  compare();
}

TEST_F(ReadTables, OfFp32IsRoundedOnceFromItsDigits) {
  // Beside the middle of two numbers of fp32, by less than fp64 tells; of normal and subnormal
  // ones.
  for (const char* middle : {"1.000000059604644775390625", "16777217.0", "0.99999997019767761"})
    for (const char* beside : {"", "0000000000000000001"})
      for (const char* sign : {"", "-"})
        add(fmt::format("{0}{1}{2},1\n{0}{1}{2},2\n", sign, middle, beside));
  add("1.0000000596046447753,1.0000000596046447754\n2,3\n");
  add("7.006492321624085354618e-46,7.006492321624085354619e-46\n2,3\n");
  compare();
}

TEST_F(ReadTables, TwoHundredRandomDialectsAreReadByTheScriptAsTheyAreReadHere) {
  for (unsigned seed = 0; seed < 200; ++seed)
    add(random_table(seed).bytes, {.fp64 = seed % 2 == 0});
  compare();
}

}  // namespace
}  // namespace nanscope
