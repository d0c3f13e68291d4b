#include "engine/training/initialize.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

namespace nanscope {
namespace {

using Json = nlohmann::json;

/// Values written by tests/reference/make_initialize.py under PyTorch 2.15.
Json read_reference() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/initialize.json");
  return Json::parse(file);
}

/// FNV-1a of the tensor's bytes.
std::string checksum(const at::Tensor& tensor) {
  const at::Tensor values = tensor.contiguous();
  const auto* bytes = static_cast<const unsigned char*>(values.const_data_ptr());
  std::uint64_t value = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < values.nbytes(); ++i) value = (value ^ bytes[i]) * 0x100000001b3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

Init init_from(const Json& json) {
  Init init;
  init.scheme = value_of<InitScheme>(json.at("scheme").get<std::string>()).value();
  init.cut = json.value("cut", init.cut);
  init.cut_reading = value_of<CutReading>(json.value("cut_reading", "std")).value();
  return init;
}

void expect_first_values(const at::Tensor& tensor, const Json& expected, double tolerance) {
  const at::Tensor flat = tensor.flatten();
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), expected[i].get<double>(),
                tolerance);
}

/// LAPACK's QR takes other instructions on other processors, so only the same machine gives the
/// same bits: columns of length 1 then agree to some roundings of float32 (2^-24 = 6e-8).
constexpr double kOtherLapack = 1e-5;

TEST(DrawWeight, HasTheBitsOfPyTorch) {
  const Json reference = read_reference();
  for (const Json& expected : reference.at("weights")) {
    SCOPED_TRACE(expected.dump());
    const Init init = init_from(expected.at("init"));
    at::Generator generator = seeded_generator(expected.at("seed").get<std::uint64_t>());
    const at::Tensor weight =
        draw_weight(init, expected.at("shape")[0], expected.at("shape")[1], generator);
    ASSERT_EQ(weight.scalar_type(), at::kFloat);
    ASSERT_TRUE(weight.is_contiguous());
    if (init.scheme == InitScheme::orthogonal)
      expect_first_values(weight, expected.at("first"), kOtherLapack);
    else
      ASSERT_EQ(checksum(weight), expected.at("checksum"));
    EXPECT_EQ(at::randn({1}, generator).item<double>(), expected.at("next").get<double>());
  }
}

TEST(DrawInput, HasTheBitsOfPyTorch) {
  const Json reference = read_reference();
  for (const Json& expected : reference.at("inputs")) {
    SCOPED_TRACE(expected.dump());
    at::Generator generator = seeded_generator(expected.at("seed").get<std::uint64_t>());
    const auto shape = expected.at("shape").get<std::vector<std::int64_t>>();
    const auto kind = expected.at("kind").get<std::string>();
    if (kind == "bias") {
      Init init;
      init.bias_std = 0.3;
      EXPECT_EQ(checksum(draw_bias(init, shape[0], generator)), expected.at("checksum"));
      continue;
    }
    DataSpec data;
    data.kind = value_of<DataKind>(kind).value();
    Table table{100, static_cast<int>(shape[1]), std::vector<double>(100 * shape[1])};
    std::iota(table.values.begin(), table.values.end(), 0.0);
    const auto input = draw_input(data, &table, shape[0], shape[1], generator);
    ASSERT_TRUE(input.has_value());
    EXPECT_EQ(checksum(*input), expected.at("checksum"));
  }
}

TEST(DrawInput, RowsOfConstantNormHaveTheLengthOfTheRootOfTheirSize) {
  at::Generator generator = seeded_generator(3);
  const auto x = draw_input({DataKind::constant_norm, ""}, nullptr, 50, 300, generator);
  ASSERT_TRUE(x.has_value());
  const at::Tensor lengths = at::linalg_vector_norm(x->to(at::kDouble), 2, at::IntArrayRef{1});
  // Two roundings of float32 in each value.
  EXPECT_TRUE(at::allclose(lengths, at::full({50}, std::sqrt(300.0), at::kDouble), 2e-7, 0));
}

TEST(DrawInput, SaysWhatIsWrongWithTheTable) {
  at::Generator generator = seeded_generator(1);
  const DataSpec file{DataKind::file, "x.csv"};
  const Table table{10, 3, std::vector<double>(30)};
  const auto too_few = draw_input(file, &table, 11, 3, generator);
  ASSERT_FALSE(too_few.has_value());
  EXPECT_EQ(too_few.error().where, "batch");
  EXPECT_NE(too_few.error().message().find("from 1 to 10"), std::string::npos);
  EXPECT_FALSE(draw_input(file, &table, 5, 4, generator).has_value());
  EXPECT_FALSE(draw_input(file, nullptr, 5, 3, generator).has_value());
}

struct Moments {
  double mean, variance, kurtosis;
};

Moments moments_of(const at::Tensor& tensor) {
  const at::Tensor x = tensor.to(at::kDouble);
  const double mean = x.mean().item<double>();
  const at::Tensor deviation = x - mean;
  const double variance = deviation.square().mean().item<double>();
  return {mean, variance, deviation.pow(4).mean().item<double>() / (variance * variance)};
}

constexpr std::int64_t kOut = 512, kIn = 768;
constexpr double kCount = kOut * kIn;

Moments drawn_moments(const Init& init) {
  at::Generator generator = seeded_generator(11);
  return moments_of(draw_weight(init, kOut, kIn, generator));
}

/// Five standard errors: one run in 1.7 million leaves them, and the seed is fixed. The mean's is
/// sigma / sqrt(n), the variance's sigma^2 sqrt((kurtosis - 1) / n).
void expect_moments(const Moments& moments, double variance, double kurtosis) {
  EXPECT_NEAR(moments.mean, 0, 5 * std::sqrt(variance / kCount));
  EXPECT_NEAR(moments.variance, variance, 5 * variance * std::sqrt((kurtosis - 1) / kCount));
  // A normal sample's kurtosis has the standard error sqrt(24 / n), a narrower one's is smaller.
  EXPECT_NEAR(moments.kurtosis, kurtosis, 5 * std::sqrt(24 / kCount));
}

TEST(DrawWeight, NormalSchemesHaveTheVarianceThatTheyPromise) {
  constexpr double kNormalKurtosis = 3;
  expect_moments(drawn_moments({InitScheme::normal}), 1, kNormalKurtosis);
  expect_moments(drawn_moments({InitScheme::inv_sqrt}), 1.0 / kIn, kNormalKurtosis);
  expect_moments(drawn_moments({InitScheme::xavier}), 2.0 / (kIn + kOut), kNormalKurtosis);
  expect_moments(drawn_moments({InitScheme::kaiming}), 2.0 / kIn, kNormalKurtosis);
}

/// Moments of N(0,1) cut at +-c: E[x^2] = 1 - 2 c phi(c) / P, E[x^4] = 3 E[x^2] - 2 c^3 phi(c) / P,
/// with P = erf(c / sqrt(2)).
Moments truncated_moments(double c) {
  const double density = std::exp(-c * c / 2) / std::sqrt(2 * M_PI);
  const double inside = std::erf(c / std::sqrt(2));
  const double second = 1 - 2 * c * density / inside;
  const double fourth = 3 * second - 2 * c * c * c * density / inside;
  return {0, second, fourth / (second * second)};
}

TEST(DrawWeight, TruncationAtStandardDeviationsCutsTheTails) {
  for (const double cut : {0.2, 1.0, 3.0}) {
    SCOPED_TRACE(cut);
    const Init init{InitScheme::truncated, 1, cut, CutReading::standard_deviations};
    const Moments expected = truncated_moments(cut);
    expect_moments(drawn_moments(init), expected.variance / kIn, expected.kurtosis);
    at::Generator generator = seeded_generator(11);
    const double largest =
        draw_weight(init, kOut, kIn, generator).abs().max().item<double>() * std::sqrt(kIn);
    // In float32 the bound itself may be drawn, rounded up by half a unit in the last place.
    EXPECT_LE(largest, cut * (1 + 0x1p-23));
    // With this many draws the largest comes within 5 % of any cut up to 3.
    EXPECT_GE(largest, 0.95 * cut);
  }
}

TEST(DrawWeight, TruncationAtAbsoluteValuesCutsNothingAtThisWidth) {
  // +-3 are 83 standard deviations of 1/sqrt(768): the draw is that of a normal, to the bit.
  at::Generator a = seeded_generator(5), b = seeded_generator(5);
  const at::Tensor truncated =
      draw_weight({InitScheme::truncated, 1, 3, CutReading::absolute}, kOut, kIn, a);
  const at::Tensor normal =
      at::empty({kOut, kIn}, at::kFloat).normal_(0, 1 / std::sqrt(static_cast<double>(kIn)), b);
  EXPECT_TRUE(truncated.equal(normal));
}

TEST(DrawWeight, OrthogonalHasOrthonormalRowsOrColumns) {
  for (const auto& [out, in] : {std::pair{64, 64}, {40, 100}, {100, 40}}) {
    at::Generator generator = seeded_generator(2);
    const at::Tensor w = draw_weight({InitScheme::orthogonal}, out, in, generator).to(at::kDouble);
    const at::Tensor gram = out <= in ? w.mm(w.t()) : w.t().mm(w);
    // Householder QR in float32 loses a few units of 2^-24 a column.
    EXPECT_TRUE(at::allclose(gram, at::eye(std::min(out, in), at::kDouble), 0, 1e-5));
    const Moments moments = moments_of(w);
    // Every orthonormal row or column has length 1, so the mean square is fixed.
    EXPECT_NEAR(moments.variance + moments.mean * moments.mean, 1.0 / std::max(out, in), 1e-6);
  }
}

TEST(SeededGenerator, RepeatsAndDiffersBetweenSeeds) {
  at::Generator a = seeded_generator(1), b = seeded_generator(1), c = seeded_generator(2);
  const at::Tensor first = draw_upstream_gradient(4, 8, a);
  EXPECT_TRUE(first.equal(draw_upstream_gradient(4, 8, b)));
  EXPECT_FALSE(first.equal(draw_upstream_gradient(4, 8, c)));
  EXPECT_FALSE(first.equal(draw_upstream_gradient(4, 8, a)));
}

}  // namespace
}  // namespace nanscope
