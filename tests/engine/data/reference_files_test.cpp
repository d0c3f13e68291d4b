#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "bytes.h"
#include "engine/data/parse.h"
#include "engine/data/safetensors.h"

// Files that numpy and the library safetensors were asked about: tests/reference/make_npy.py and
// make_safetensors.py.
namespace nanscope {
namespace {

using nlohmann::json;

json reference_table(const std::string& name) {
  std::ifstream file(std::string(NANSCOPE_TESTS_DIR) + "/reference/" + name);
  return json::parse(file);
}

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

void expect_values_of(const Table& table, const json& expected, const std::string& name) {
  ASSERT_EQ(table.values.size(), expected.size()) << name;
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(table.values[i], std::strtod(expected[i].get<std::string>().c_str(), nullptr))
        << name << ", value " << i;
}

TEST(NpyReference, ReadsAndRefusesWhatNumpyDoes) {
  const json cases = reference_table("npy.json");
  ASSERT_GT(cases.size(), 40u);
  for (const json& one : cases) {
    const std::string name = one["name"], bytes = from_hexadecimal(one["bytes"]);
    const auto fp32 = parse_npy(bytes), fp64 = parse_npy(bytes, {.fp64 = true});
    EXPECT_EQ(fp32.has_value(), !one.contains("refused"))
        << name << (fp32 ? "" : ": " + fp32.error().message());
    if (!fp32 || one.contains("refused")) continue;
    EXPECT_EQ(fp32->rows, one["rows"]) << name;
    EXPECT_EQ(fp32->columns, one["columns"]) << name;
    EXPECT_EQ(fp32->reading.type, one["dtype"]) << name;
    expect_values_of(*fp32, one["fp32"], name);
    ASSERT_TRUE(fp64) << name;
    expect_values_of(*fp64, one["fp64"], name);
  }
}

TEST(SafetensorsReference, IsAsStrictAsTheLibrary) {
  const json cases = reference_table("safetensors.json");
  ASSERT_GT(cases.size(), 60u);
  for (const json& one : cases) {
    const std::string header = one["header"];
    const std::string bytes = testing::bytes_of<std::uint64_t>({header.size()}) + header +
                              std::string(one["size"].get<std::size_t>(), '\0');
    const auto read = parse_safetensors_header(bytes, bytes.size());
    // What the format's text forbids and the library lets pass is refused here.
    const bool expected = one["library"].get<bool>() && one.value("strict", true);
    EXPECT_EQ(read.has_value(), expected)
        << one["name"] << (read ? "" : ": " + read.error().message());
  }
}

}  // namespace
}  // namespace nanscope
