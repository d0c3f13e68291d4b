#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/names.h"

namespace nanscope {

/// Why theory draws no band: where its errors may be larger than the band.
enum class NoBand {
  few_units,  ///< an expansion in 1/width and 1/features, which are large here
  deep,       ///< errors of every layer add up over many widths of depth
  spread,     ///< networks differ by whole factors, which no log-normal law describes
  rows,       ///< rows of the data differ too much in size
  format,     ///< the number format rounds coarsely, overflows or underflows
  batchnorm,  ///< there is no formula, nor an expected value, for norms of batches
  no_signal,  ///< the expected variance is 0
};

template <>
struct Names<NoBand> {
  static constexpr std::array<std::pair<NoBand, std::string_view>, 7> all{
      {{NoBand::few_units, "few_units"},
       {NoBand::deep, "deep"},
       {NoBand::spread, "spread"},
       {NoBand::rows, "rows"},
       {NoBand::format, "format"},
       {NoBand::batchnorm, "batchnorm"},
       {NoBand::no_signal, "no_signal"}}};
};

/// An expected value and the interval that holds one network of this width with a probability of
/// at least 95 %. In a deep narrow network `expected`, a mean, is a rare large value: it can lie
/// above `high`.
struct Band {
  double low = 0;
  double expected = 0;
  double high = 0;
  std::optional<NoBand> missing = {};  ///< set where there is none: low and high are NaN
};

}  // namespace nanscope
