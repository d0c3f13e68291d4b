#include "ui/labs/tensors/plots/tensor_rows.h"

#include <algorithm>
#include <cmath>

#include "ui/labs/tensors/plots/tensor_colors.h"

namespace nanscope {
namespace {

/// Of a channel's range. Within a cell of a few pixels nobody sees that its colour changes.
constexpr float kUnseenStep = 8.0f / 255.0f;

/// A run of cells beside one another along the last dimension.
struct Row {
  Index local;  ///< of its first cell, counted from the grid's beginning
  std::int64_t count = 0;
};

std::vector<Row> rows_of(const GridLayout& grid) {
  const std::size_t last = grid.shown.size() - 1;
  const bool wrapped = last == 0 && grid.wrap > 0;
  std::vector<Row> rows;
  Index starts = grid.shown, local(grid.shown.size(), 0);
  starts[last] = 1;
  do {
    const std::int64_t width = wrapped ? grid.wrap : grid.shown[last];
    for (std::int64_t begin = 0; begin < grid.shown[last]; begin += width) {
      local[last] = begin;
      rows.push_back({local, std::min(width, grid.shown[last] - begin)});
    }
    local[last] = 0;
  } while (next_index(local, starts));
  return rows;
}

/// The cells of one row on the screen.
class RowBoxes {
 public:
  RowBoxes(const GridLayout& grid, ImVec2 corner, const Row& row)
      : cell_(grid.cell), gap_(grid.gap()), low_(grid.corner(row.local)) {
    low_ = {low_.x + corner.x, low_.y + corner.y};
  }
  /// From cell `begin` to before cell `end`.
  Rectangle from(std::int64_t begin, std::int64_t end) const {
    return {one(begin).low, one(end - 1).high};
  }
  Rectangle one(std::int64_t k) const {
    return cell_box({low_.x + static_cast<float>(k) * cell_.x, low_.y}, cell_, gap_);
  }

 private:
  ImVec2 cell_;
  float gap_;
  ImVec2 low_;
};

float largest_difference(const ImVec4& a, const ImVec4& b) {
  return std::max({std::abs(a.x - b.x), std::abs(a.y - b.y), std::abs(a.z - b.z)});
}

/// Draws the rows of one grid.
class RowPainter {
 public:
  RowPainter(Canvas& canvas, const TensorChain& chain, const TensorStep& step,
             const GridLayout& grid, ImVec2 corner)
      : canvas_(canvas), chain_(chain), step_(step), grid_(grid), corner_(corner) {}

  bool fades() const {
    const Index origin(grid_.shown.size(), 0);
    return grid_.shown.back() < 2 ||
           largest_difference(color(cell(origin, 0)), color(cell(origin, 1))) <= kUnseenStep;
  }

  void draw(const Row& row) const {
    const RowBoxes boxes(grid_, corner_, row);
    const Rectangle whole = boxes.from(0, row.count);
    if (!canvas_.visible(whole.low, whole.high)) return;
    const std::vector<bool> left_out = hollow_cells(row);
    for (std::int64_t begin = 0; begin < row.count; ++begin) {
      std::int64_t end = begin;
      while (end < row.count && !left_out[static_cast<std::size_t>(end)]) ++end;
      if (end > begin) run(row, boxes, begin, end);
      begin = end;
    }
  }

  /// The rows of the first line say where the columns begin; those below them stand there, too.
  void cut_columns(const std::vector<Row>& rows) const {
    const ImU32 surface = ink(canvas_.style().palette.surface);
    const float low = std::round(corner_.y + grid_.low.y), high = corner_.y + grid_.high.y;
    for (const Row& row : rows) {
      if (grid_.corner(row.local).y != grid_.low.y) continue;
      const RowBoxes boxes(grid_, corner_, row);
      for (std::int64_t k = 1; k < row.count; ++k) {
        const Rectangle before = boxes.one(k - 1), after = boxes.one(k);
        canvas_.fill({before.high.x, low}, {after.low.x, high}, surface);
      }
    }
  }

 private:
  MemoryCell cell(Index local, std::int64_t along) const {
    local.back() += along;
    for (std::size_t d = 0; d < local.size(); ++d) local[d] += grid_.begin[d];
    return memory_cell(chain_, step_, local);
  }
  ImVec4 color(const MemoryCell& of) const { return memory_color(canvas_.style(), chain_, of); }

  void run(const Row& row, const RowBoxes& boxes, std::int64_t begin, std::int64_t end) const {
    draw_run(canvas_, chain_, cell(row.local, begin), cell(row.local, end - 1),
             boxes.from(begin, end));
  }

  std::vector<bool> hollow_cells(const Row& row) const {
    Index index = row.local;
    for (std::size_t d = 0; d < index.size(); ++d) index[d] += grid_.begin[d];
    std::vector<bool> cells(static_cast<std::size_t>(row.count), false);
    const std::span<const double> values = values_along(step_, index, row.count);
    for (std::size_t i = 0; i < values.size(); ++i) cells[i] = hollow(values[i], step_.dtype);
    return cells;
  }

  Canvas& canvas_;
  const TensorChain& chain_;
  const TensorStep& step_;
  const GridLayout& grid_;
  ImVec2 corner_;
};

}  // namespace

bool draw_rows(Canvas& canvas, const TensorChain& chain, const TensorStep& step,
               const GridLayout& grid, ImVec2 corner) {
  if (grid.values || grid.shown.empty()) return false;
  const RowPainter painter(canvas, chain, step, grid, corner);
  if (!painter.fades()) return false;
  const std::vector<Row> rows = rows_of(grid);
  for (const Row& row : rows) painter.draw(row);
  if (grid.gap() > 0) painter.cut_columns(rows);
  return true;
}

void draw_run(Canvas& canvas, const TensorChain& chain, const MemoryCell& first,
              const MemoryCell& last, Rectangle box) {
  canvas.fade(box.low, box.high, ink(memory_color(canvas.style(), chain, first)),
              ink(memory_color(canvas.style(), chain, last)));
}

}  // namespace nanscope
