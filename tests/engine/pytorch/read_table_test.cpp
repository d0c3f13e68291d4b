#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/data/table.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// What the script's read_table() needs of torch.
constexpr const char* kTorch = R"(
import csv
class Rows(list):
    def float(self): return self
class torch:
    float64 = None
    tensor = staticmethod(lambda rows, dtype=None: Rows(rows))
)";

/// The numbers that the script reads, row by row.
std::vector<double> read_by_script(const std::filesystem::path& folder, const DataSpec& data) {
  const std::string script = (folder / "read.py").string(), out = (folder / "out").string();
  std::ofstream(script) << kTorch << read_table_text(data, Precision::fp64)
                        << "for row in read_table(): print(*map(repr, row))\n";
  EXPECT_EQ(std::system(("python3 " + script + " > " + out).c_str()), 0);
  std::vector<double> values;
  std::ifstream file(out);
  for (double value; file >> value;) values.push_back(value);
  return values;
}

TEST(PytorchReadTable, ReadsATextTableAsItIsReadHere) {
  std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
  ASSERT_TRUE(mkdtemp(name.data()));
  const std::filesystem::path folder = name;
  const std::string texts[] = {
      "1,2.5\n3,4\n",
      "a;b\r\n1,5;-2\r\n1.234,5;4\r\n",
      "# note\n,a,b\n0,1.5,2\n\n1,3,4\n",
      "2020 2021\n1.5 2.5\n3.5 4.5\n",
      "\"a \"\"x\"\"\nb\",c,\n\"1\",\"2\",\n3,4,\n",
      "value\n0,5\n\"1,25\"\n",
      "\xef\xbb\xbf"
      "1\t2\n",
      std::string("\xff\xfe\x31\0;\0\x32\0\n\0", 10),
      "sep=;\n1'000,5;2\n;\n",
      "1|2|\r3|4|\r",
  };
  for (const std::string& text : texts) {
    const std::string path = (folder / "table.csv").string();
    std::ofstream(path, std::ios::binary) << text;
    const auto table = read_table(path, {.fp64 = true});
    ASSERT_TRUE(table) << text << to_string(table.error());
    EXPECT_EQ(read_by_script(folder, {.kind = DataKind::file, .path = path}), table->values)
        << text;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nanscope
