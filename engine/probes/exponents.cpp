#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/function_versions.h"
#include "engine/probes/avx512.h"
#include "engine/probes/measure.h"

namespace nanscope {
namespace {

struct Layout {
  int exponent_bits;
  int mantissa_bits;
  int bias() const { return (1 << (exponent_bits - 1)) - 1; }
};

Layout layout(Storage storage) {
  switch (storage) {
    case Storage::fp64:
      return {11, 52};
    case Storage::fp32:
      return {8, 23};
    case Storage::bf16:
      return {8, 7};
    case Storage::fp16:
      return {5, 10};
  }
  return {8, 23};
}

/// How often `wanted` occurs among at most 2^15 values, so that even 16-bit counts suffice.
template <class Bits>
inline __attribute__((always_inline)) Bits occurrences(const Bits* bits, std::size_t count,
                                                       Bits wanted) {
  Bits total = 0;
  for (std::size_t i = 0; i < count; ++i) total = static_cast<Bits>(total + (bits[i] == wanted));
  return total;
}
NANSCOPE_VERSIONS std::uint16_t count_equal(const std::uint16_t* bits, std::size_t count,
                                            std::uint16_t wanted) {
  return occurrences(bits, count, wanted);
}
NANSCOPE_VERSIONS std::uint32_t count_equal(const std::uint32_t* bits, std::size_t count,
                                            std::uint32_t wanted) {
  return occurrences(bits, count, wanted);
}
NANSCOPE_VERSIONS std::uint64_t count_equal(const std::uint64_t* bits, std::size_t count,
                                            std::uint64_t wanted) {
  return occurrences(bits, count, wanted);
}

/// Counts sign and exponent fields of at most 2^15 values. Neighbours go to different tables,
/// because a count that was stored a moment ago takes several cycles to load again.
template <class Bits, int kMantissaBits, std::size_t kBins>
void count_part(const Bits* bits, std::size_t count, std::uint32_t* tables, std::int64_t* bins) {
  std::uint32_t* const table0 = tables;
  std::uint32_t* const table1 = tables + kBins;
  std::uint32_t* const table2 = tables + 2 * kBins;
  std::uint32_t* const table3 = tables + 3 * kBins;
  std::fill(tables, tables + 4 * kBins, 0u);
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    ++table0[bits[i] >> kMantissaBits];
    ++table1[bits[i + 1] >> kMantissaBits];
    ++table2[bits[i + 2] >> kMantissaBits];
    ++table3[bits[i + 3] >> kMantissaBits];
  }
  for (; i < count; ++i) ++table0[bits[i] >> kMantissaBits];
  for (std::size_t bin = 0; bin < kBins; ++bin)
    bins[bin] += std::int64_t{table0[bin]} + table1[bin] + table2[bin] + table3[bin];

  // Zeros share the exponent field of the subnormals.
  for (const std::size_t bin : {std::size_t{0}, kBins / 2}) {
    if (table0[bin] + table1[bin] + table2[bin] + table3[bin] == 0) continue;
    const Bits zero = static_cast<Bits>(Bits{bin != 0} << (8 * sizeof(Bits) - 1));
    bins[bin] -= static_cast<std::int64_t>(count_equal(bits, count, zero));
  }
}

template <class Bits, int kMantissaBits>
void count_fields(const void* values, std::int64_t count, std::int64_t* bins) {
  constexpr std::size_t kBins = std::size_t{1} << (8 * sizeof(Bits) - kMantissaBits);
  constexpr std::int64_t kPart = 1 << 15;
  std::vector<std::uint32_t> tables(4 * kBins);
  const Bits* bits = static_cast<const Bits*>(values);
  for (std::int64_t begin = 0; begin < count; begin += kPart)
    count_part<Bits, kMantissaBits, kBins>(bits + begin,
                                           static_cast<std::size_t>(std::min(kPart, count - begin)),
                                           tables.data(), bins);
}

/// The first and the end of the occupied binades of both signs. The last exponent is that of
/// infinities and NaNs.
std::pair<int, int> occupied(const std::int64_t* bins, int exponents) {
  int first = 0, end = exponents - 1;
  const auto empty = [&](int bin) { return (bins[bin] | bins[exponents + bin]) == 0; };
  // Most are empty: eight at a time.
  const auto empty_8 = [&](int bin) {
    std::int64_t all = 0;
    for (int i = bin; i < bin + 8; ++i) all |= bins[i] | bins[exponents + i];
    return all == 0;
  };
  while (first + 8 <= end && empty_8(first)) first += 8;
  while (first < end && empty(first)) ++first;
  while (end - 8 >= first && empty_8(end - 8)) end -= 8;
  while (end > first && empty(end - 1)) --end;
  return {first, end};
}

}  // namespace

int exponent_bins(Storage storage) { return 2 << layout(storage).exponent_bits; }

void count_exponents(const void* values, Storage storage, std::int64_t count, std::int64_t* bins,
                     Signs signs, double largest) {
  switch (storage) {
    case Storage::fp64:
      return count_fields<std::uint64_t, 52>(values, count, bins);
    case Storage::fp32:
      if (has_avx512_bytes())
        return avx512_count_exponents(static_cast<const std::uint32_t*>(values),
                                      static_cast<std::size_t>(count), bins, signs,
                                      static_cast<float>(largest));
      return count_fields<std::uint32_t, 23>(values, count, bins);
    case Storage::bf16:
      return count_fields<std::uint16_t, 7>(values, count, bins);
    case Storage::fp16:
      return count_fields<std::uint16_t, 10>(values, count, bins);
  }
}

std::int64_t nonfinite_in(const std::int64_t* bins, Storage storage) {
  const int exponents = 1 << layout(storage).exponent_bits;
  return bins[exponents - 1] + bins[2 * exponents - 1];
}

Histogram to_histogram(const std::int64_t* bins, Storage storage) {
  const int exponents = 1 << layout(storage).exponent_bits;
  const auto [first, end] = occupied(bins, exponents);
  Histogram histogram;
  if (first == end) return histogram;
  histogram.first_exponent = first - layout(storage).bias();
  histogram.positive.assign(bins + first, bins + end);
  histogram.negative.assign(bins + exponents + first, bins + exponents + end);
  return histogram;
}

Histogram to_magnitudes(const std::int64_t* bins, Storage storage) {
  const int exponents = 1 << layout(storage).exponent_bits;
  const auto [first, end] = occupied(bins, exponents);
  Histogram histogram;
  if (first == end) return histogram;
  histogram.first_exponent = first - layout(storage).bias();
  histogram.positive.resize(static_cast<std::size_t>(end - first));
  for (int bin = first; bin < end; ++bin)
    histogram.positive[static_cast<std::size_t>(bin - first)] = bins[bin] + bins[exponents + bin];
  return histogram;
}

}  // namespace nanscope
