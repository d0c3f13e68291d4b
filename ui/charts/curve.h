#pragma once

#include <span>
#include <vector>

#include "engine/base/series.h"
#include "ui/charts/chart_frame.h"

// Curves of any length. A million points have the same picture as the few of them that stand out in
// each column of pixels.
namespace nanscope {

/// The numbers of a curve along one axis: of a series with what stands out of its blocks, so that
/// only what is near the edge of a column of pixels is read one by one.
struct CurveNumbers {
  std::span<const double> values = {};
  std::span<const SeriesBlock> blocks = {};
  bool rises = false;  ///< known to; otherwise one has to look

  CurveNumbers() = default;
  CurveNumbers(std::span<const double> numbers) : values(numbers) {}
  CurveNumbers(const std::vector<double>& numbers) : values(numbers) {}
  CurveNumbers(const Series& series)
      : values(series), blocks(series.blocks()), rises(series.rises()) {}

  std::size_t size() const { return values.size(); }
  CurveNumbers first(std::size_t count) const;
};

/// What the numbers that an axis with this base of a logarithm has a place for reach from and to.
Extent extent_of(const CurveNumbers& numbers, int log_base);

/// The pixels of a curve whose x values rise: of each column of pixels at most the first, the
/// lowest, the highest and the last point, so that the line through them covers what the line
/// through all of them does. Values without a place (NaN, infinities, what a logarithm has none
/// for) leave a gap, which is a NaN among the points. Where x values fall, all points are kept.
std::vector<ImVec2> curve_points(const ChartFrame& frame, CurveNumbers x, CurveNumbers y);

/// The edges of a field between two curves over the same x values, as many points each: of each
/// column of pixels the highest of `high` and the lowest of `low`, at its first and at its last
/// point. What a logarithm has no place for lies on the lower edge of the plot area; where there is
/// no `high`, there is a gap.
struct BandPoints {
  std::vector<ImVec2> upper, lower;
};
BandPoints band_points(const ChartFrame& frame, CurveNumbers x, CurveNumbers low,
                       CurveNumbers high);

/// Where a curve has values that are not finite: once a column of pixels and kind.
struct NonfinitePlace {
  float x = 0;       ///< pixels
  double value = 0;  ///< an infinity or NaN
};
std::vector<NonfinitePlace> nonfinite_places(const ChartFrame& frame, CurveNumbers x,
                                             CurveNumbers y);

/// Marks these places on the edge of the plot area: infinities as arrows out of it, NaN as crosses.
void draw_nonfinite(Canvas& canvas, const ChartFrame& frame, std::span<const NonfinitePlace> places,
                    const ImVec4& color);

}  // namespace nanscope
