#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ui/charts/chart_frame.h"

namespace nanscope {

/// A field of coloured cells in a chart.
struct CellField {
  std::vector<float> x, y;  ///< edges of its columns and rows in pixels: one more than there are
  /// What a cell looks like, as a number.
  std::function<int(std::size_t column, std::size_t row)> look;
};

/// Calls `draw` with the corners and the look of the cells in sight, row by row: those of one look
/// side by side are one rectangle, of those that share a column of pixels the first is seen.
/// Corners are whole pixels, so that neighbours neither overlap nor leave a seam.
void draw_cells(const ChartFrame& frame, const CellField& field,
                const std::function<void(ImVec2 low, ImVec2 high, int look)>& draw);

}  // namespace nanscope
