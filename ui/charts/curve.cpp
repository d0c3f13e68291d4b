#include "ui/charts/curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "ui/canvas/shapes.h"

namespace nanscope {
namespace {

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();

/// Whether a value has a place on an axis.
bool has_place(const ScaledAxis& axis, double value) {
  return std::isfinite(value) && (axis.log_base == 0 || value > 0);
}

/// The value at a place in the axis' units.
double value_at(const ScaledAxis& axis, double place) {
  return axis.log_base == 0 ? place : std::pow(axis.log_base, place);
}

/// The points that are seen, and one on each side that a line leads to: [first, end).
struct SeenRange {
  std::size_t first = 0, end = 0;
};

SeenRange seen_range(const ScaledAxis& axis, std::span<const double> x) {
  const auto low = std::ranges::lower_bound(x, value_at(axis, axis.limits.low));
  const auto high = std::ranges::upper_bound(x, value_at(axis, axis.limits.high));
  SeenRange range{static_cast<std::size_t>(low - x.begin()),
                  static_cast<std::size_t>(high - x.begin())};
  if (range.first > 0) --range.first;
  if (range.end < x.size()) ++range.end;
  // A logarithm has no place for zero and what is below.
  while (range.first < range.end && !has_place(axis, x[range.first])) ++range.first;
  return range;
}

/// Walks along the columns of pixels: `visit(first, end)` for the points of each.
template <class Visit>
void visit_columns(const ChartFrame& frame, std::span<const double> x, const Visit& visit) {
  const SeenRange range = seen_range(frame.x, x);
  for (std::size_t i = range.first; i < range.end;) {
    const double right = std::floor(frame.x_at(x[i])) + 1;
    const double edge = value_at(frame.x, frame.x_unit(static_cast<float>(right)));
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(i);
    const auto found =
        std::lower_bound(begin, x.begin() + static_cast<std::ptrdiff_t>(range.end), edge);
    std::size_t end = static_cast<std::size_t>(found - x.begin());
    // Pixels are rounded, so that points on the edge may lie on either side of it.
    const auto before = [&](std::size_t k) { return frame.x_at(x[k]) < right; };
    while (end < range.end && before(end)) ++end;
    while (end > i + 1 && !before(end - 1)) --end;
    end = std::max(end, i + 1);
    visit(i, end);
    i = end;
  }
}

/// What of a column is drawn.
struct Column {
  std::size_t first = 0, lowest = 0, highest = 0, last = 0;
};

/// Walks along numbers: one(i) for each, or block(i, what stands out) for a whole block from i on
/// all of whose numbers have a place.
template <class One, class Block>
void visit_numbers(int log_base, const CurveNumbers& numbers, std::size_t begin, std::size_t end,
                   const One& one, const Block& block) {
  for (std::size_t i = begin; i < end;) {
    const std::size_t index = i / SeriesBlock::kSize, next = (index + 1) * SeriesBlock::kSize;
    if (i % SeriesBlock::kSize == 0 && next <= end && index < numbers.blocks.size()) {
      const SeriesBlock& whole = numbers.blocks[index];
      if (log_base == 0 ? whole.finite : whole.positive) {
        block(i, whole);
        i = next;
        continue;
      }
    }
    for (const std::size_t stop = std::min(next, end); i < stop; ++i) one(i);
  }
}

std::optional<Column> column_of(const ScaledAxis& axis, const CurveNumbers& y, std::size_t begin,
                                std::size_t end) {
  std::optional<Column> column;
  const auto take = [&](std::size_t i) {
    if (!has_place(axis, y.values[i])) return;
    if (!column) column = Column{i, i, i, i};
    if (y.values[i] < y.values[column->lowest]) column->lowest = i;
    if (y.values[i] > y.values[column->highest]) column->highest = i;
    column->last = i;
  };
  visit_numbers(axis.log_base, y, begin, end, take,
                [&](std::size_t first, const SeriesBlock& block) {
                  take(first);
                  take(first + block.lowest);
                  take(first + block.highest);
                  column->last = first + SeriesBlock::kSize - 1;
                });
  return column;
}

/// Whether a point between two others of the curve has no place, so that no line joins them.
bool interrupted(const ScaledAxis& axis, const CurveNumbers& y, std::size_t from, std::size_t to) {
  bool found = false;
  visit_numbers(
      axis.log_base, y, from + 1, to,
      [&](std::size_t i) { found = found || !has_place(axis, y.values[i]); },
      [](std::size_t, const SeriesBlock&) {});
  return found;
}

bool rises(const CurveNumbers& x) { return x.rises || std::ranges::is_sorted(x.values); }

}  // namespace

CurveNumbers CurveNumbers::first(std::size_t count) const {
  CurveNumbers part = *this;
  part.values = values.first(count);
  part.blocks = blocks.first(std::min(blocks.size(), count / SeriesBlock::kSize));
  return part;
}

Extent extent_of(const CurveNumbers& numbers, int log_base) {
  Extent extent;
  const auto take = [&](std::size_t i) {
    if (log_base == 0 || numbers.values[i] > 0) extent.add(numbers.values[i]);
  };
  visit_numbers(log_base, numbers, 0, numbers.size(), take,
                [&](std::size_t first, const SeriesBlock& block) {
                  take(first + block.lowest);
                  take(first + block.highest);
                });
  return extent;
}

std::vector<ImVec2> curve_points(const ChartFrame& frame, CurveNumbers x, CurveNumbers y) {
  const std::size_t count = std::min(x.size(), y.size());
  x = x.first(count);
  y = y.first(count);
  const auto at = [&](std::size_t i) { return frame.at(x.values[i], y.values[i]); };
  std::vector<ImVec2> points;
  if (!rises(x)) {
    for (std::size_t i = 0; i < count; ++i)
      points.push_back(has_place(frame.x, x.values[i]) && has_place(frame.y, y.values[i])
                           ? at(i)
                           : ImVec2{kGap, kGap});
    return points;
  }
  std::optional<std::size_t> before;  // the last point that was kept
  visit_columns(frame, x.values, [&](std::size_t begin, std::size_t end) {
    const std::optional<Column> column = column_of(frame.y, y, begin, end);
    if (!column) return;
    if (before && interrupted(frame.y, y, *before, column->first)) points.push_back({kGap, kGap});
    std::array kept{column->first, column->lowest, column->highest, column->last};
    std::ranges::sort(kept);
    for (std::size_t k = 0; k < kept.size(); ++k)
      if (k == 0 || kept[k] != kept[k - 1]) points.push_back(at(kept[k]));
    before = column->last;
  });
  return points;
}

BandPoints band_points(const ChartFrame& frame, CurveNumbers x, CurveNumbers low,
                       CurveNumbers high) {
  const std::size_t count = std::min({x.size(), low.size(), high.size()});
  x = x.first(count);
  low = low.first(count);
  high = high.first(count);
  BandPoints band;
  if (!rises(x)) return band;
  visit_columns(frame, x.values, [&](std::size_t begin, std::size_t end) {
    const auto above = column_of(frame.y, high, begin, end);
    const auto below = column_of(frame.y, low, begin, end);
    if (!above) {
      band.upper.push_back({kGap, kGap});
      band.lower.push_back({kGap, kGap});
      return;
    }
    const float top = frame.y_at(high.values[above->highest]);
    const float bottom = below ? frame.y_at(low.values[below->lowest]) : frame.high.y;
    const auto add = [&](std::size_t i) {
      band.upper.push_back({frame.x_at(x.values[i]), top});
      band.lower.push_back({frame.x_at(x.values[i]), bottom});
    };
    add(begin);
    if (end - begin > 1) add(end - 1);
  });
  return band;
}

std::vector<NonfinitePlace> nonfinite_places(const ChartFrame& frame, CurveNumbers x,
                                             CurveNumbers y) {
  const std::size_t count = std::min(x.size(), y.size());
  std::vector<NonfinitePlace> places;
  x = x.first(count);
  y = y.first(count);
  if (!rises(x)) return places;
  visit_columns(frame, x.values, [&](std::size_t begin, std::size_t end) {
    std::array<bool, 3> seen{};
    const auto take = [&](std::size_t i) {
      const double value = y.values[i];
      if (std::isfinite(value)) return;
      bool& known = seen[std::isnan(value) ? 0 : value > 0 ? 1 : 2];
      if (!known) places.push_back({frame.x_at(x.values[i]), value});
      known = true;
    };
    visit_numbers(0, y, begin, end, take, [](std::size_t, const SeriesBlock&) {});
  });
  return places;
}

void draw_nonfinite(Canvas& canvas, const ChartFrame& frame, std::span<const NonfinitePlace> places,
                    const ImVec4& color) {
  const Style& style = canvas.style();
  const float r = px(style.marker_size), apart = 7 * r;
  std::array<float, 3> last;  // where the last mark of each kind stands
  last.fill(-std::numeric_limits<float>::infinity());
  for (const NonfinitePlace& place : places) {
    const std::size_t kind = std::isnan(place.value) ? 0 : place.value > 0 ? 1 : 2;
    if (place.x < frame.low.x || place.x > frame.high.x || place.x - last[kind] < apart) continue;
    last[kind] = place.x;
    if (kind == 0) {
      draw_mark(canvas, Mark::cross, {place.x, frame.low.y + 1.5f * r}, ink(color));
      continue;
    }
    const float edge = kind == 1 ? frame.low.y : frame.high.y, way = kind == 1 ? r : -r;
    canvas.polygon(
        std::array<ImVec2, 3>{
            {{place.x, edge}, {place.x + r, edge + 1.8f * way}, {place.x - r, edge + 1.8f * way}}},
        ink(color));
  }
}

}  // namespace nanscope
