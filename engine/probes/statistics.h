#pragma once

#include <cstdint>
#include <vector>

namespace nanscope {

/// What one tensor looks like. Moments are accumulated in double over all elements, as PyTorch's
/// x.double().mean() would: one NaN makes them NaN, an infinity makes the variance NaN.
struct Statistics {
  double mean = 0;
  double variance = 0;  ///< biased: mean((x - mean)^2)
  double rms = 0;
  double absmax = 0;  ///< NaN if the tensor holds a NaN, as torch.max gives
  std::int64_t zeros = 0;
  std::int64_t subnormals = 0;  ///< 0 < |x| < the format's smallest normal
  std::int64_t positive_infs = 0;
  std::int64_t negative_infs = 0;
  std::int64_t nans = 0;
  /// Units at the flat ends of a bounded activation (|tanh| > 0.97, |2 sigmoid - 1| > 0.97), or
  /// values clipped to the largest of a format without infinity. Zero elsewhere.
  std::int64_t saturated = 0;
  std::int64_t count = 0;

  std::int64_t infs() const { return positive_infs + negative_infs; }
  bool finite() const { return infs() == 0 && nans == 0; }
  bool operator==(const Statistics&) const = default;
};

/// Counts of |x| by binade: bin i holds 2^(first_exponent+i) <= |x| < 2^(first_exponent+i+1).
/// Zeros, infs and nans are in Statistics. Values below the storage's smallest normal share the
/// lowest bin.
struct Histogram {
  int first_exponent = 0;
  std::vector<std::int64_t> positive;
  std::vector<std::int64_t> negative;  ///< same length as positive
};

}  // namespace nanscope
