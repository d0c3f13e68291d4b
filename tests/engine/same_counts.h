#pragma once

#include <gtest/gtest.h>

#include "engine/probes/measure.h"

namespace nanscope {

/// That two counted the same, whatever order they summed in.
inline void expect_same_counts(const Accumulator& a, const Accumulator& b) {
  EXPECT_EQ(a.absmax, b.absmax);
  EXPECT_EQ(a.zeros, b.zeros);
  EXPECT_EQ(a.subnormals, b.subnormals);
  EXPECT_EQ(a.positive_infs, b.positive_infs);
  EXPECT_EQ(a.negative_infs, b.negative_infs);
  EXPECT_EQ(a.nans, b.nans);
  EXPECT_EQ(a.saturated, b.saturated);
  EXPECT_EQ(a.count, b.count);
}

}  // namespace nanscope
