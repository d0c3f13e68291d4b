#include "engine/data/safetensors.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "bytes.h"

namespace nanscope {
namespace {

using testing::bytes_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string safetensors(const std::string& header, const std::string& data) {
  return bytes_of<std::uint64_t>({header.size()}) + header + data;
}

std::string error_of_safetensors(const std::string& bytes) {
  const auto entries = parse_safetensors_header(bytes, bytes.size());
  return entries ? "no error" : entries.error().message();
}

/// A file that goes away with its test.
class File {
 public:
  explicit File(const std::string& bytes)
      : path_(std::filesystem::path(::testing::TempDir()) /
              (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) +
               ".safetensors")) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

const char* const kHeader =
    R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]},)"
    R"("a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
    R"("steps":{"dtype":"I64","shape":[],"data_offsets":[20,28]}}   )";

std::string sample() {
  return safetensors(kHeader, bytes_of<std::uint16_t>({0x3e00, 0xc000}) +
                                  bytes_of<float>({1, 2.5f, -3, 1e-40f}) + std::string(8, '\0'));
}

TEST(Safetensors, ListsTensorsInTheOrderOfTheirBytes) {
  const std::string bytes = sample();
  const auto entries = parse_safetensors_header(bytes, bytes.size());
  ASSERT_TRUE(entries) << entries.error().message();
  const auto& tensors = entries->tensors;
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors.at(0).name, "a");
  EXPECT_EQ(tensors.at(1).name, "b");
  EXPECT_THAT(tensors.at(1).shape, ElementsAre(2, 2));
  EXPECT_EQ(tensors.at(1).end - tensors.at(1).begin, 16u);
  EXPECT_THAT(tensors.at(2).shape, IsEmpty());
  EXPECT_EQ(tensors.at(2).count(), 1u);
  EXPECT_THAT(entries->metadata, ElementsAre(Pair("format", "pt")));
}

TEST(Safetensors, AHeaderThatIsNoUtf8SaysSo) {
  const std::string header =
      "{\"L\xe4nge\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  bytes += header + std::string(4, '\0');
  const auto read = parse_safetensors_header(bytes, bytes.size());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(), HasSubstr("its header cannot be read: the byte 0xe4 is not "
                                                "UTF-8, as which this text is read"));
}

TEST(Safetensors, ReadsTheLargestMatrixOrTheNamedTensor) {
  const File file(sample());
  const auto largest = read_safetensors(file.path(), "", 100);
  ASSERT_TRUE(largest) << to_string(largest.error());
  EXPECT_EQ(largest->name, "b");
  EXPECT_THAT(largest->values, ElementsAre(1, 2.5, -3, 1e-40f));
  EXPECT_THAT(read_safetensors(file.path(), "a", 100)->values, ElementsAre(1.5, -2));
  EXPECT_THAT(read_safetensors(file.path(), "b", 3)->values, ElementsAre(1, 2.5, -3));
  EXPECT_THAT(to_string(read_safetensors(file.path(), "c", 9).error()),
              HasSubstr(file.path() + ": there is no tensor \"c\"; the first of 3 is \"a\""));
  EXPECT_THAT(to_string(read_safetensors(file.path(), "setps", 9).error()),
              HasSubstr(": there is no tensor \"setps\"; did you mean \"steps\"?"));
  EXPECT_THAT(to_string(read_safetensors(file.path(), "steps", 9).error()),
              HasSubstr("tensor \"steps\": I64 is not read"));
}

TEST(Safetensors, DecodesEveryType) {
  EXPECT_THAT(*decode_safetensors("F64", bytes_of<double>({1e300, -0.5})),
              ElementsAre(1e300, -0.5));
  EXPECT_THAT(*decode_safetensors("F32", bytes_of<float>({0.1f})), ElementsAre(0.1f));
  EXPECT_THAT(*decode_safetensors("F16", bytes_of<std::uint16_t>({0x7bff, 0x0001})),
              ElementsAre(65504, 0x1p-24));
  EXPECT_THAT(*decode_safetensors("BF16", bytes_of<std::uint16_t>({0x3f80, 0xc049})),
              ElementsAre(1, -3.140625));
  EXPECT_THAT(*decode_safetensors("F8_E4M3", bytes_of<std::uint8_t>({0x7e, 0x01})),
              ElementsAre(448, 0x1p-9));
  EXPECT_THAT(*decode_safetensors("F8_E5M2", bytes_of<std::uint8_t>({0x7b, 0x01})),
              ElementsAre(57344, 0x1p-16));
  EXPECT_THAT(*decode_safetensors("F8_E8M0", bytes_of<std::uint8_t>({127, 130})),
              ElementsAre(1, 8));
  EXPECT_THAT(*decode_safetensors("F4", "\x21"), ElementsAre(0.5, 1));
  EXPECT_FALSE(decode_safetensors("I64", "ab"));
}

TEST(Safetensors, ExplainsWhatItRefuses) {
  const auto of = [](const std::string& entry) {
    return error_of_safetensors(safetensors("{\"w\":" + entry + "}", std::string(16, '\0')));
  };
  EXPECT_THAT(error_of_safetensors(""), HasSubstr("ends before its header"));
  EXPECT_THAT(error_of_safetensors(bytes_of<std::uint64_t>({std::uint64_t{1} << 60}) + "{}"),
              HasSubstr("1152921504606846976 bytes does not fit"));
  EXPECT_THAT(
      parse_safetensors_header(bytes_of<std::uint64_t>({100'000'001}), 1u << 30).error().message(),
      HasSubstr("at most 100000000 are read"));
  EXPECT_THAT(error_of_safetensors(safetensors("[]", "")), HasSubstr("no object"));
  EXPECT_THAT(error_of_safetensors(safetensors("{\"w\":", "")),
              HasSubstr("header cannot be read: line 1"));
  EXPECT_THAT(of("3"), HasSubstr("tensor \"w\": its description is no object"));
  EXPECT_THAT(of(R"({"shape":[4],"data_offsets":[0,16]})"), HasSubstr("its dtype is missing"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[-4],"data_offsets":[0,16]})"), HasSubstr("its shape"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[4],"data_offsets":[0]})"), HasSubstr("no pair"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[4],"data_offsets":[8,0]})"), HasSubstr("8 to 0"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[4],"data_offsets":[0,17]})"), HasSubstr("cut off"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[5],"data_offsets":[0,16]})"),
              HasSubstr("5 values of F32 need 20 bytes; its place has 16"));
  EXPECT_THAT(of(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]})"),
              HasSubstr("too many values"));
  EXPECT_THAT(
      error_of_safetensors(safetensors(R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                       R"("w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                       std::string(16, '\0'))),
      HasSubstr("tensor \"w\": it overlaps with \"v\""));
}

TEST(Safetensors, ReadsTheHeadersOfRealModels) {
  // 100,000 tensors, 8 MB of header: more than 4 MiB, and nothing that takes time by its square.
  std::string header = "{";
  std::size_t at = 0;
  for (int i = 0; i < 100'000; ++i, at += 4)
    header += fmt::format(
        R"({}"model.layers.{}.mlp.down_proj.weight":{{"dtype":"F16","shape":[1,2],"data_offsets":[{},{}]}})",
        i > 0 ? "," : "", i, at, at + 4);
  const std::string bytes = safetensors(header + "}", "");
  const auto entries = parse_safetensors_header(bytes, bytes.size() + at);
  ASSERT_TRUE(entries) << entries.error().message();
  EXPECT_EQ(entries->tensors.size(), 100'000u);
  EXPECT_EQ(entries->tensors.back().end, bytes.size() + at);
}

TEST(Safetensors, AllocatesNothingForALengthThatTheFileDoesNotHave) {
  for (const std::uint64_t length :
       {~std::uint64_t{0}, std::uint64_t{1} << 62, std::uint64_t{17}}) {
    const File file(bytes_of<std::uint64_t>({length}) + "{}");
    EXPECT_THAT(to_string(read_safetensors(file.path(), "", 9).error()),
                HasSubstr("does not fit into 10 bytes"));
  }
}

TEST(Safetensors, RefusesFilesWithoutAMatrix) {
  const File file(safetensors(R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                              std::string(8, '\0')));
  EXPECT_THAT(
      to_string(read_safetensors(file.path(), "", 9).error()),
      HasSubstr("is a matrix of floating-point numbers; numbers.tensor= reads another: v."));
  EXPECT_EQ(read_safetensors(file.path(), "v", 9)->values.size(), 2u);
  const File whole(safetensors(R"({"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})",
                               std::string(8, '\0')));
  EXPECT_THAT(to_string(read_safetensors(whole.path(), "", 9).error()),
              HasSubstr("floating-point numbers."));
  EXPECT_EQ(to_string(read_safetensors("w.npy", "", 9).error()),
            "w.npy: is a table by its name, which data.path reads; numbers.path reads "
            ".safetensors.");
  EXPECT_THAT(to_string(read_safetensors("/no/such", "", 9).error()), HasSubstr("no such file"));
  EXPECT_THAT(to_string(read_safetensors("/tmp", "", 9).error()),
              HasSubstr("/tmp: this is a folder, not a file"));
}

TEST(Safetensors, WritesWhatItReads) {
  const std::vector<SafetensorsBytes> tensors{
      {"W1", "F32", {1, 2}, std::string("\0\0\x80\x3f\0\0\0\x40", 8)},
      {"none", "I64", {0}, ""},
      {"a \"name\"", "U8", {3}, "xyz"}};
  const std::string file = write_safetensors({{"format", "pt"}, {"recipe", "{\"a\":1}"}}, tensors);
  const auto header = parse_safetensors_header(file, file.size());
  ASSERT_TRUE(header) << to_string(header.error());
  EXPECT_EQ(header->metadata.size(), 2u);
  EXPECT_EQ(header->metadata[1].second, "{\"a\":1}");
  ASSERT_EQ(header->tensors.size(), 3u);
  for (const SafetensorsEntry& entry : header->tensors) {
    const auto written = std::ranges::find(tensors, entry.name, &SafetensorsBytes::name);
    ASSERT_NE(written, tensors.end());
    EXPECT_EQ(entry.dtype, written->dtype);
    EXPECT_EQ(entry.shape, written->shape);
    EXPECT_EQ(file.substr(entry.begin, entry.end - entry.begin), written->bytes);
  }
}

TEST(Safetensors, NoticesEveryTruncation) {
  const std::string whole = sample();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_safetensors_header(whole.substr(0, length), length)) << length;
}

TEST(Safetensors, SurvivesRandomDamage) {
  std::mt19937 random(22);
  const std::string whole = sample();
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    for (unsigned k = 0; k <= random() % 4; ++k)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    if (random() % 8 == 0) damaged.resize(random() % damaged.size());
    const auto entries = parse_safetensors_header(damaged, damaged.size());
    if (!entries) continue;
    ++read;
    for (const SafetensorsEntry& entry : entries->tensors) EXPECT_LE(entry.end, damaged.size());
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace nanscope
