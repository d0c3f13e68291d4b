#include "engine/roundoff/sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace nanscope {
namespace {

Rounder rounder(const char* format) {
  return {*find_format(format), Rounding::nearest_even, std::nullopt};
}

TEST(Sums, ExactSumKeepsWhatFp64Loses) {
  ExactSum sum;
  for (const double term : {1e16, 1.0, -1e16}) sum.add(term);
  EXPECT_EQ(sum.value(), 1);
  ExactSum product;
  product.add_product(1 + 0x1p-30, 1 - 0x1p-30);  // 1 - 2^-60
  EXPECT_EQ(product.minus(1), -0x1p-60);
}

TEST(Sums, KahanReturnsWhatOneRoundingOfTheExactSumWould) {
  // 2048 + 1 + 1 + ... in fp16, where each 1 alone is lost.
  Rounder round = rounder("fp16");
  KahanSum sum(2048);
  for (int i = 1; i <= 1000; ++i) {
    sum.add(1, round);
    EXPECT_LE(std::abs(sum.value() - (2048 + i)), 1);  // half an ulp of the range 2048..4096
  }
  EXPECT_EQ(sum.value(), 3048);
}

TEST(Sums, BoundsHoldForEverySeed) {
  for (const char* format : {"bf16", "fp16", "fp32"}) {
    Rounder round = rounder(format);
    const double u = round.unit_roundoff();
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      RandomNumbers random(seed);
      std::vector<double> terms;
      ExactSum exact;
      double magnitudes = 0;
      for (int i = 0; i < 100; ++i) {
        terms.push_back(round(random.normal()));
        exact.add(terms.back());
        magnitudes += std::abs(terms.back());
      }
      const auto error = [&](double sum) { return std::abs(exact.minus(sum)) / magnitudes; };
      EXPECT_LE(error(sum_in_order(terms, round)), gamma_bound(99, u)) << format << seed;
      EXPECT_LE(error(sum_pairwise(terms, round)), gamma_bound(7, u)) << format << seed;
      // 2 u + O(n u^2); the factor 2 before n u^2 is what run_summation() draws.
      EXPECT_LE(error(sum_kahan(terms, round)), 2 * u + 200 * u * u) << format << seed;
    }
  }
}

TEST(Sums, PairwiseSumsHalves) {
  Rounder round = rounder("fp16");
  EXPECT_EQ(sum_pairwise({}, round), 0);
  const std::vector<double> terms{2048, 1, 1};  // 2048 + (1 + 1): the pair survives
  EXPECT_EQ(sum_pairwise(terms, round), 2050);
  EXPECT_EQ(sum_in_order(terms, round), 2048);
}

TEST(Sums, TheBoundEndsWhereItSaysNothing) {
  EXPECT_EQ(gamma_bound(0, 0x1p-8), 0);
  EXPECT_DOUBLE_EQ(gamma_bound(128, 0x1p-8), 1);
  EXPECT_TRUE(std::isinf(gamma_bound(256, 0x1p-8)));
}

}  // namespace
}  // namespace nanscope
