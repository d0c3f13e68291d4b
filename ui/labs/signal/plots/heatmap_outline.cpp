#include "ui/labs/signal/plots/heatmap_outline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nanscope {
namespace {

/// Which cells a pass fills.
class FilledCells {
 public:
  FilledCells(const SignalSnapshot& pass, const std::vector<HeatRow>& rows) : rows_(rows) {
    for (std::size_t layer = 0; layer < pass.layers.size(); ++layer)
      for (const HeatRow& row : rows)
        filled_.push_back(share_in(pass, layer, row) >= kOutlinedShare);
  }
  std::ptrdiff_t layers() const { return std::ssize(filled_) / std::ssize(rows_); }
  std::ptrdiff_t rows() const { return std::ssize(rows_); }
  bool at(std::ptrdiff_t layer, std::ptrdiff_t row) const {
    if (layer < 0 || layer >= layers() || row < 0 || row >= rows()) return false;
    return filled_[static_cast<std::size_t>(layer * rows() + row)];
  }
  /// Whether a row borders on the one above it, or on the one below it.
  bool touches(std::ptrdiff_t row, std::ptrdiff_t other) const {
    if (other < 0 || other >= rows()) return false;
    const HeatRow &low = rows_[std::min(row, other)], &high = rows_[std::max(row, other)];
    return low.high == high.low;
  }

 private:
  const std::vector<HeatRow>& rows_;
  std::vector<bool> filled_;
};

/// Runs of numbers below `count` for which `is`: `visit(first, end)`.
template <class Is, class Visit>
void visit_runs(std::ptrdiff_t count, const Is& is, const Visit& visit) {
  for (std::ptrdiff_t first = 0; first < count; ++first) {
    if (!is(first)) continue;
    std::ptrdiff_t end = first;
    while (end < count && is(end)) ++end;
    visit(first, end);
    first = end;
  }
}

}  // namespace

Stroke outline_stroke_of_b(const Style& style) { return {.color = style.palette.series[4]}; }

std::vector<HeatRow> heat_rows(const HistogramAxis& axis) {
  std::vector<HeatRow> rows;
  const auto add_special = [&](SpecialRow::Kind kind) {
    for (const SpecialRow& row : axis.rows)
      if (row.kind == kind) rows.push_back({.low = row.low, .high = row.high, .kind = kind});
  };
  add_special(SpecialRow::Kind::zero);
  const int end = static_cast<int>(std::ceil(axis.binades.limits.high));
  for (int e = static_cast<int>(std::floor(axis.binades.limits.low)); e < end; ++e)
    rows.push_back({.low = double(e), .high = double(e + 1), .exponent = e});
  add_special(SpecialRow::Kind::inf);
  add_special(SpecialRow::Kind::nan);
  return rows;
}

double share_in(const SignalSnapshot& pass, std::size_t layer, const HeatRow& row) {
  const LayerSignal& signal = pass.layers[layer];
  const Statistics& values = signal.of(pass.histogram_tensor);
  if (values.count <= 0) return 0;
  const std::int64_t count =
      row.kind ? special_count(values, *row.kind) : binade_count(signal.histogram, row.exponent);
  return static_cast<double>(count) / static_cast<double>(values.count);
}

std::vector<OutlineEdge> outline_edges(const SignalSnapshot& pass, const HistogramAxis& axis) {
  const std::vector<HeatRow> rows = heat_rows(axis);
  const FilledCells cells(pass, rows);
  const double left = first_layer_number(pass) - 0.5;
  std::vector<OutlineEdge> edges;
  for (std::ptrdiff_t r = 0; r < cells.rows(); ++r)
    for (const std::ptrdiff_t beyond : {r - 1, r + 1}) {
      const HeatRow& row = rows[static_cast<std::size_t>(r)];
      const double y = beyond < r ? row.low : row.high;
      const auto ends = [&](std::ptrdiff_t layer) {
        return cells.at(layer, r) && !(cells.touches(r, beyond) && cells.at(layer, beyond));
      };
      visit_runs(cells.layers(), ends, [&](std::ptrdiff_t first, std::ptrdiff_t end) {
        edges.push_back({left + double(first), y, left + double(end), y});
      });
    }
  for (std::ptrdiff_t layer = 0; layer <= cells.layers(); ++layer) {
    const auto differs = [&](std::ptrdiff_t r) {
      return cells.at(layer - 1, r) != cells.at(layer, r);
    };
    const double x = left + double(layer);
    visit_runs(cells.rows(), differs, [&](std::ptrdiff_t first, std::ptrdiff_t end) {
      for (std::ptrdiff_t r = first; r < end; ++r) {
        const HeatRow& row = rows[static_cast<std::size_t>(r)];
        if (r > first && cells.touches(r, r - 1))
          edges.back().y1 = row.high;
        else
          edges.push_back({x, row.low, x, row.high});
      }
    });
  }
  return edges;
}

void draw_outline(const DepthCanvas& canvas, const SignalSnapshot& pass, const HistogramAxis& axis,
                  const Stroke& stroke) {
  constexpr float kGap = std::numeric_limits<float>::quiet_NaN();
  std::vector<ImVec2> lines;
  for (const OutlineEdge& edge : outline_edges(pass, axis))
    lines.insert(lines.end(), {canvas.frame.at_units(edge.x0, edge.y0),
                               canvas.frame.at_units(edge.x1, edge.y1),
                               {kGap, kGap}});
  const Style& style = canvas.style();
  Stroke halo{.color = style.palette.surface, .width = stroke.width + 1};
  halo.color.w *= 0.75f;
  draw_stroke(canvas.canvas, lines, halo);
  draw_stroke(canvas.canvas, lines, stroke);
}

std::vector<ImVec2> outline_top(const DepthCanvas& canvas, const SignalSnapshot& pass,
                                const HistogramAxis& axis) {
  const std::vector<HeatRow> rows = heat_rows(axis);
  std::vector<ImVec2> top;
  for (std::size_t layer = 0; layer < pass.layers.size(); ++layer) {
    double highest = std::nan("");
    for (const HeatRow& row : rows)
      if (!row.kind && share_in(pass, layer, row) >= kOutlinedShare) highest = row.high;
    top.push_back(
        canvas.frame.at_units(static_cast<double>(layer) + first_layer_number(pass), highest));
  }
  return top;
}

}  // namespace nanscope
