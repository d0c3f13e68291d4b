#include "ui/charts/cells.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace nanscope {
namespace {

/// Cells of one look side by side, in pixels.
struct CellRun {
  float left = 0, right = 0;
  int look = 0;
};

/// The runs of a row.
std::vector<CellRun> runs_of(const ChartFrame& frame, const CellField& field, std::size_t row) {
  std::vector<CellRun> runs;
  for (std::size_t column = 0; column + 1 < field.x.size(); ++column) {
    const float left = std::round(field.x[column]), right = std::round(field.x[column + 1]);
    if (right <= left || right < frame.low.x || left > frame.high.x) continue;
    const int look = field.look(column, row);
    if (!runs.empty() && runs.back().look == look)
      runs.back().right = right;
    else
      runs.push_back({left, right, look});
  }
  return runs;
}

}  // namespace

void draw_cells(const ChartFrame& frame, const CellField& field,
                const std::function<void(ImVec2 low, ImVec2 high, int look)>& draw) {
  for (std::size_t row = 0; row + 1 < field.y.size(); ++row) {
    const auto [top, bottom] =
        std::minmax({std::round(field.y[row]), std::round(field.y[row + 1])});
    if (bottom <= frame.low.y || top >= frame.high.y) continue;
    for (const CellRun& run : runs_of(frame, field, row))
      draw({run.left, top}, {run.right, bottom}, run.look);
  }
}

}  // namespace nanscope
