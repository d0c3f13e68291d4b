#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace nanscope {

/// Normal numbers spread evenly: quantiles of N(0,1), scaled to the variance 1. Shuffled, they are
/// noise whose mean is exactly 0, which a few hundred random numbers would miss by a tenth of a
/// standard deviation.
template <std::size_t count>
std::array<float, count> even_normals() {
  std::array<double, count> values;
  double square = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    // Newton's method from the middle, which approaches a quantile from one side.
    double x = 0;
    for (int step = 0; step < 30; ++step)
      x -= (0.5 * std::erfc(-x / std::numbers::sqrt2) - wanted) * std::sqrt(2 * std::numbers::pi) *
           std::exp(0.5 * x * x);
    values[i] = x;
    square += x * x;
  }
  std::array<float, count> normals;
  const double scale = std::sqrt(static_cast<double>(count) / square);
  for (std::size_t i = 0; i < count; ++i) normals[i] = static_cast<float>(values[i] * scale);
  return normals;
}

/// Noise of many networks with a few samples each: a part that a network's samples share and a part
/// of each sample's own.
template <std::size_t networks, std::size_t samples>
class EvenNoise {
  static_assert((samples & (samples - 1)) == 0, "sample() counts modulo a power of two");

 public:
  explicit EvenNoise(std::uint64_t seed) : state_(seed) { next(); }

  /// New noise; `shared` is the part's variance, of 1.
  void draw(double shared) {
    shuffle(networks_);
    shuffle(samples_);
    common_ = static_cast<float>(std::sqrt(shared));
    own_ = static_cast<float>(std::sqrt(1 - shared));
  }
  /// What the samples of a network share.
  float shared_of(std::size_t network) const { return common_ * networks_[network]; }
  /// One network's noise, to be asked for once after draw().
  std::array<float, samples> of(std::size_t network) {
    // An odd stride and a shift: one of many orders, for one random number.
    const std::uint64_t random = next() >> 32;
    const std::size_t stride = random | 1, shift = random >> 16;
    std::array<float, samples> noise;
    for (std::size_t b = 0; b < samples; ++b)
      noise[b] =
          common_ * networks_[network] + own_ * samples_[(stride * b + shift) & (samples - 1)];
    return noise;
  }

 private:
  template <std::size_t count>
  void shuffle(std::array<float, count>& values) {
    for (std::size_t i = count; i > 1; --i)
      std::swap(values[i - 1], values[(next() >> 32) * i >> 32]);
  }
  /// xorshift64* (Vigna 2016).
  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 2685821657736338717ULL;
  }

  std::uint64_t state_;
  std::array<float, networks> networks_ = even_normals<networks>();
  std::array<float, samples> samples_ = even_normals<samples>();
  float common_ = 0, own_ = 1;
};

}  // namespace nanscope
