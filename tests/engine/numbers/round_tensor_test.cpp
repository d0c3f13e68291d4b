#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/numbers/format.h"

// The casts of whole tensors have vector code of their own in ATen; the PyTorch script uses them.
namespace nanscope {
namespace {

struct Cast {
  const char* name;
  at::ScalarType type;
};

class RoundLikeTensors : public ::testing::TestWithParam<Cast> {};

TEST_P(RoundLikeTensors, BitForBit) {
  constexpr std::int64_t kCount = 3'000'000;
  std::mt19937 random(13);
  at::Tensor tensor = at::empty({kCount}, at::kFloat);
  float* values = tensor.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < kCount; ++i)
    values[i] = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
  values[0] = INFINITY;
  values[1] = -INFINITY;
  const at::Tensor cast = tensor.to(GetParam().type).to(at::kFloat);
  const float* expected = cast.const_data_ptr<float>();
  std::vector<float> rounded(values, values + kCount);
  round_in_place(*find_format(GetParam().name), rounded.data(), rounded.size());
  int different = 0;
  for (std::int64_t i = 0; i < kCount && different < 10; ++i) {
    if (std::isnan(expected[i]) && std::isnan(rounded[i])) continue;
    if (std::bit_cast<std::uint32_t>(expected[i]) == std::bit_cast<std::uint32_t>(rounded[i]))
      continue;
    ++different;
    ADD_FAILURE() << std::hexfloat << values[i] << " became " << rounded[i] << ", not "
                  << expected[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundLikeTensors,
                         ::testing::Values(Cast{"bf16", at::kBFloat16}, Cast{"fp16", at::kHalf},
                                           Cast{"e4m3", at::kFloat8_e4m3fn},
                                           Cast{"e5m2", at::kFloat8_e5m2}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace nanscope
