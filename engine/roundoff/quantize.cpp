#include "engine/roundoff/quantize.h"

#include <algorithm>
#include <cmath>

#include "engine/roundoff/rounder.h"

namespace nanscope {
namespace {

double absmax(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

/// Of a number below 2^51: the sum with a power of two whose last place is 1 is rounded by the
/// processor, ties to even. std::nearbyint() is a call on plain x86-64.
double nearest_whole(double value) {
  constexpr double kShifter = 0x1.8p52;
  return (value + kShifter) - kShifter;
}

/// How many of the ascending `middles` are not above `value`: a binary search without branches.
std::size_t interval_of(double value, const std::array<double, 255>& middles) {
  std::size_t below = 0;
  for (std::size_t step = 128; step > 0; step /= 2)
    below += middles[below + step - 1] <= value ? step : 0;
  return below;
}

/// Calls `each(values)` for each group; the last one may be shorter.
template <class Each>
void for_groups(std::span<const double> values, std::size_t group, const Each& each) {
  for (std::size_t at = 0; at < values.size(); at += group)
    each(values.subspan(at, std::min(group, values.size() - at)));
}

}  // namespace

std::vector<double> absmax_steps(std::span<const double> values, std::size_t group) {
  std::vector<double> steps;
  for_groups(values, group, [&](std::span<const double> part) {
    steps.push_back(static_cast<float>(absmax(part) / 127));
  });
  return steps;
}

std::vector<double> quantize_absmax(std::span<const double> values, std::size_t group) {
  std::vector<double> quantized;
  quantized.reserve(values.size());
  for_groups(values, group, [&](std::span<const double> part) {
    const double step = static_cast<float>(absmax(part) / 127);
    for (const double value : part)
      quantized.push_back(
          step == 0 ? 0 : std::clamp(nearest_whole(value / step), -127.0, 127.0) * step);
  });
  return quantized;
}

std::array<float, 256> dynamic_map() {
  std::array<float, 256> map{};
  std::size_t next = 0;
  // With k zeros between sign and indicator bit, 6 - k bits are left for the fraction: the middles
  // of 2^(6-k) equal parts of [0.1, 1], times 10^-k.
  for (int zeros = 0; zeros < 7; ++zeros) {
    const int parts = 1 << (6 - zeros);
    for (int i = 0; i < parts; ++i) {
      const double middle = 0.1 + 0.9 * (i + 0.5) / parts;
      const auto value = static_cast<float>(middle * std::pow(10.0, -zeros));
      map[next++] = value;
      map[next++] = -value;
    }
  }
  map[next++] = 0;
  map[next++] = 1;
  std::ranges::sort(map);
  return map;
}

std::vector<double> quantize_dynamic(std::span<const double> values, std::size_t group) {
  const std::array<float, 256> map = dynamic_map();
  std::array<double, 255> middles{};
  for (std::size_t i = 0; i < middles.size(); ++i)
    middles[i] = (static_cast<double>(map[i]) + map[i + 1]) / 2;
  std::vector<double> quantized;
  quantized.reserve(values.size());
  for_groups(values, group, [&](std::span<const double> part) {
    const double largest = static_cast<float>(absmax(part));
    for (const double value : part) {
      const double normalized = largest == 0 ? 0 : value / largest;
      quantized.push_back(map[interval_of(normalized, middles)] * largest);
    }
  });
  return quantized;
}

double shared_scale(std::span<const double> block, const NumberFormat& element) {
  constexpr int kLargestExponent = 127;  // of e8m0, whose values are 2^-127 .. 2^127
  const double largest = absmax(block);
  if (largest == 0) return std::exp2(-kLargestExponent);
  const int exponent = std::ilogb(largest) - std::ilogb(element.largest);
  return std::exp2(std::clamp(exponent, -kLargestExponent, kLargestExponent));
}

std::vector<double> quantize_microscaled(std::span<const double> values,
                                         const NumberFormat& element, std::size_t block) {
  Rounder round(element, Rounding::nearest_even, Overflow::saturate);
  std::vector<double> quantized;
  quantized.reserve(values.size());
  for_groups(values, block, [&](std::span<const double> part) {
    const double scale = shared_scale(part, element);
    for (const double value : part) quantized.push_back(round(value / scale) * scale);
  });
  return quantized;
}

double sqnr(std::span<const double> values, std::span<const double> quantized) {
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    signal += values[i] * values[i];
    noise += (values[i] - quantized[i]) * (values[i] - quantized[i]);
  }
  return 10 * std::log10(signal / noise);
}

}  // namespace nanscope
