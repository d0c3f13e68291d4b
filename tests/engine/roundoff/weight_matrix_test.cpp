#include "engine/roundoff/weight_matrix.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "charts.h"

namespace nanscope {
namespace {

using testing::cell;
using testing::defaults_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::run;

/// A .safetensors file with one fp32 tensor "w"; it goes away with its test.
class WeightFile {
 public:
  WeightFile(const std::string& shape, const std::vector<float>& values)
      : path_(std::filesystem::path(::testing::TempDir()) /
              (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) +
               ".safetensors")) {
    std::string data(values.size() * sizeof(float), '\0');
    std::memcpy(data.data(), values.data(), data.size());
    const std::string header = R"({"w":{"dtype":"F32","shape":)" + shape +
                               R"(,"data_offsets":[0,)" + std::to_string(data.size()) + "]}}";
    const std::uint64_t length = header.size();
    std::string prefix(sizeof length, '\0');
    std::memcpy(prefix.data(), &length, sizeof length);
    std::ofstream(path_, std::ios::binary) << prefix << header << data;
  }
  ~WeightFile() { std::filesystem::remove(path_); }
  WeightFile(const WeightFile&) = delete;
  WeightFile& operator=(const WeightFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST(WeightMatrix, TakesTheFirstDimensionAsRows) {
  const WeightFile file("[2,3,1]", {1, 2, 3, 4, 5, 6});
  const auto weights = read_weights(file.path(), "");
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(weights->rows, 2u);
  EXPECT_EQ(weights->columns, 3u);
  EXPECT_THAT(weights->values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(weights->source, HasSubstr(".safetensors: w F32 (2, 3, 1)"));
}

TEST(WeightMatrix, TakesWholeRowsOfALargeTensor) {
  const std::size_t columns = 3000, rows = kMostWeights / columns + 10;
  const WeightFile file("[" + std::to_string(rows) + "," + std::to_string(columns) + "]",
                        std::vector<float>(rows * columns, 0.5f));
  const auto weights = read_weights(file.path(), "w");
  ASSERT_TRUE(weights);
  EXPECT_EQ(weights->rows, kMostWeights / columns);
  EXPECT_EQ(weights->values.size(), weights->rows * columns);
  EXPECT_THAT(weights->source, HasSubstr("the first 261000 values"));
}

TEST(WeightMatrix, RefusesWhatCannotBeQuantized) {
  const WeightFile file("[2,2]", {1, 2, INFINITY, 4});
  EXPECT_THAT(to_string(read_weights(file.path(), "").error()),
              HasSubstr("w: row 1, column 0 is inf"));
  const WeightFile zeros("[2,2]", {0, 0, 0, 0});
  EXPECT_THAT(to_string(read_weights(zeros.path(), "").error()), HasSubstr("all weights are 0"));
}

TEST(WeightMatrix, ExperimentsRunOnAFile) {
  std::vector<float> values;
  for (int i = 0; i < 64 * 64; ++i) values.push_back(static_cast<float>(std::sin(i)));
  const WeightFile file("[64,64]", values);
  for (const char* name : {"quantization", "block_scaled"}) {
    RoundoffSettings settings = defaults_of(name);
    settings.path = file.path();
    EXPECT_THAT(run(name, settings).source, HasSubstr("w F32 (64, 64)")) << name;
  }
  RoundoffSettings settings = defaults_of("quantization");
  settings.path = file.path();
  // A sine over 127 steps of its amplitude: 10 log10((1/2) / (1/127^2 / 12)) = 49.86 dB; the mean
  // of 4096 squares is good to 0.06 dB, five times.
  EXPECT_NEAR(cell(run("quantization", settings), {"roundoff.absmax_tensor"}, "sqnr"), 49.86, 0.3);
}

TEST(WeightMatrix, DrawnWeightsHaveTheSpreadTheySay) {
  const WeightMatrix weights = draw_weights(1);
  double small = 0, large = 0;
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    const std::size_t row = i / weights.columns;
    const bool outlier = row == 5 || row == 23 || row == 46;
    (outlier ? large : small) += weights.values[i] * weights.values[i];
  }
  // Rows are as long as 1 over the variance, so that each adds 1, or 256. Five relative standard
  // errors of a variance, sqrt(2 / count).
  EXPECT_NEAR(small / 61, 1, 5 * std::sqrt(2.0 / (61 * 512)));
  EXPECT_NEAR(large / (3 * 256), 1, 5 * std::sqrt(2.0 / (3 * 512)));
}

}  // namespace
}  // namespace nanscope
