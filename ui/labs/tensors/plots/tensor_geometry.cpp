#include "ui/labs/tensors/plots/tensor_geometry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nanscope {
namespace {

/// Cells without text, as shares of the height of one with text.
constexpr std::array kSmallerCells{0.75f, 0.6f, 0.5f, 0.4f, 0.3f, 0.22f, 0.16f, 0.1f, 0.06f};
constexpr float kSmallestCell = 3;
constexpr std::int64_t kMostStripRows = 6;

/// Whether a dimension runs from left to right: the last one does, the one before it does not, ...
bool horizontal(std::size_t dimension, std::size_t rank) { return (rank - 1 - dimension) % 2 == 0; }

/// Places `shown` elements along each dimension; the bounds begin at (0, 0).
GridLayout place(GridLayout grid, ImVec2 cell, float gap) {
  const std::size_t rank = grid.shown.size();
  grid.cell = cell;
  grid.pitch.assign(rank, {0, 0});
  ImVec2 extent = cell;
  for (std::size_t d = rank; d-- > 0;) {
    const std::size_t out = rank - 1 - d;
    const std::size_t pairs = out / 2;
    const float space = gap * static_cast<float>(pairs);
    const auto steps = static_cast<float>(std::max<std::int64_t>(grid.shown[d] - 1, 0));
    if (horizontal(d, rank)) {
      grid.pitch[d] = {extent.x + space, 0};
      extent.x += steps * grid.pitch[d].x;
    } else {
      grid.pitch[d] = {0, extent.y + space};
      extent.y += steps * grid.pitch[d].y;
    }
  }
  if (grid.wrap > 0) {
    const std::int64_t rows = (grid.shown[0] + grid.wrap - 1) / grid.wrap;
    grid.wrap_pitch = extent.y + (rank > 1 ? gap : 0);
    extent.x -= static_cast<float>(grid.shown[0] - grid.wrap) * grid.pitch[0].x;
    extent.y += static_cast<float>(rows - 1) * grid.wrap_pitch;
  }
  grid.low = {0, 0};
  grid.high = extent;
  return grid;
}

/// How many items of dimension 0 go beside one another before it is continued below; 0: all.
std::int64_t wrap_for(const GridLayout& grid, float width) {
  if (grid.shown.empty() || !horizontal(0, grid.shown.size()) || grid.high.x <= width) return 0;
  const float item =
      grid.high.x -
      static_cast<float>(std::max<std::int64_t>(grid.shown[0] - 1, 0)) * grid.pitch[0].x;
  if (item > width) return 0;
  auto count = static_cast<std::int64_t>(std::floor((width - item) / grid.pitch[0].x)) + 1;
  // Full rows, or rows of a round number of cells, are read more easily.
  if (grid.shown.size() == 1) {
    std::int64_t full = count;
    while (full > count / 2 && grid.shown[0] % full != 0) --full;
    if (full > count / 2)
      count = full;
    else if (count > 8)
      count -= count % 8;
  }
  return std::clamp<std::int64_t>(count, 1, grid.shown[0]);
}

/// Leaves out what does not fit: whole blocks first, then rows and columns.
GridLayout crop(GridLayout grid, ImVec2 cell, const CellRoom& room) {
  const std::size_t rank = grid.shown.size();
  for (std::size_t d = 0; d < rank; ++d) {
    const bool along = horizontal(d, rank);
    const float limit = along ? room.width : room.height;
    const auto extent = [&] {
      const GridLayout placed = place(grid, cell, room.gap);
      return along ? placed.high.x : placed.high.y;
    };
    if (extent() <= limit || grid.shown[d] <= 1) continue;
    const ImVec2 step = place(grid, cell, room.gap).pitch[d];
    const auto beyond =
        static_cast<std::int64_t>(std::ceil((extent() - limit) / (along ? step.x : step.y)));
    grid.shown[d] = std::max<std::int64_t>(1, grid.shown[d] - beyond);
    grid.cropped = true;
  }
  return place(grid, cell, room.gap);
}

/// A vector: rows of cells, as many as there is room for.
GridLayout crop_vector(GridLayout grid, ImVec2 cell, const CellRoom& room) {
  grid.wrap = std::max<std::int64_t>(1, static_cast<std::int64_t>(room.width / cell.x));
  const std::int64_t rows =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(room.height / cell.y));
  grid.cropped = grid.shown[0] > grid.wrap * rows;
  grid.shown[0] = std::min(grid.shown[0], grid.wrap * rows);
  return place(grid, cell, room.gap);
}

}  // namespace

Rectangle cell_box(ImVec2 corner, ImVec2 cell, float gap) {
  const ImVec2 low{std::round(corner.x), std::round(corner.y)};
  return {low, {low.x + std::round(cell.x - gap), low.y + std::round(cell.y - gap)}};
}

ImVec2 GridLayout::corner(std::span<const std::int64_t> local_index) const {
  ImVec2 at = low;
  for (std::size_t d = 0; d < local_index.size(); ++d) {
    std::int64_t steps = local_index[d];
    if (d == 0 && wrap > 0) {
      const std::int64_t lines = steps / wrap;
      at.y += static_cast<float>(lines) * wrap_pitch;
      steps %= wrap;
    }
    at.x += static_cast<float>(steps) * pitch[d].x;
    at.y += static_cast<float>(steps) * pitch[d].y;
  }
  return at;
}

std::optional<Index> GridLayout::under(ImVec2 point) const {
  if (point.x < low.x || point.y < low.y || point.x >= high.x || point.y >= high.y)
    return std::nullopt;
  ImVec2 rest{point.x - low.x, point.y - low.y};
  Index index(shown.size(), 0);
  std::int64_t before = 0;
  if (wrap > 0) {
    before = static_cast<std::int64_t>(rest.y / wrap_pitch) * wrap;
    rest.y = std::fmod(rest.y, wrap_pitch);
  }
  for (std::size_t d = 0; d < shown.size(); ++d) {
    const bool along = pitch[d].x > 0;
    float& coordinate = along ? rest.x : rest.y;
    const float step = along ? pitch[d].x : pitch[d].y;
    index[d] = static_cast<std::int64_t>(coordinate / step);
    coordinate -= static_cast<float>(index[d]) * step;
    if (d == 0) index[d] += before;
    if (index[d] >= shown[d]) return std::nullopt;
  }
  // Between blocks there is nothing.
  if (rest.x >= cell.x || rest.y >= cell.y) return std::nullopt;
  for (const std::int64_t size : shown)
    if (size == 0) return std::nullopt;
  return index;
}

std::optional<Index> GridLayout::local(std::span<const std::int64_t> index) const {
  if (index.size() != shown.size()) return std::nullopt;
  Index result(index.begin(), index.end());
  for (std::size_t d = 0; d < index.size(); ++d) {
    result[d] -= begin[d];
    if (result[d] < 0 || result[d] >= shown[d]) return std::nullopt;
  }
  return result;
}

void GridLayout::move_by(ImVec2 distance) {
  low = plus(low, distance);
  high = plus(high, distance);
}

GridLayout fit_grid(std::span<const std::int64_t> begin, std::span<const std::int64_t> size,
                    const CellRoom& room) {
  GridLayout grid;
  grid.begin.assign(begin.begin(), begin.end());
  grid.shown.assign(size.begin(), size.end());
  ImVec2 cell = room.cell;
  for (int smaller = -1; smaller < static_cast<int>(kSmallerCells.size()); ++smaller) {
    if (smaller >= 0) {
      const float side =
          std::max(kSmallestCell,
                   std::floor(room.cell.y * kSmallerCells[static_cast<std::size_t>(smaller)]));
      cell = {side, side};
    }
    grid.values = smaller < 0;
    grid.wrap = 0;
    GridLayout placed = place(grid, cell, room.gap);
    if (const std::int64_t wrap = wrap_for(placed, room.width); wrap > 0) {
      grid.wrap = wrap;
      placed = place(grid, cell, room.gap);
    }
    if (placed.high.x <= room.width && placed.high.y <= room.height) return placed;
  }
  grid.wrap = 0;
  return grid.shown.size() == 1 ? crop_vector(grid, cell, room) : crop(grid, cell, room);
}

ImVec2 StripLayout::corner(std::int64_t cell_of_storage) const {
  const std::int64_t at = cell_of_storage - begin;
  const std::int64_t line = at / per_line, within = at % per_line;
  const std::int64_t row = line / lines_per_row, column = line % lines_per_row;
  const float line_width = static_cast<float>(per_line) * cell.x + line_gap;
  return {low.x + static_cast<float>(column) * line_width + static_cast<float>(within) * cell.x,
          low.y + static_cast<float>(row) * row_pitch};
}

std::optional<std::int64_t> StripLayout::under(ImVec2 point) const {
  if (count == 0 || point.x < low.x || point.y < low.y || point.x >= high.x || point.y >= high.y)
    return std::nullopt;
  const float line_width = static_cast<float>(per_line) * cell.x + line_gap;
  const auto column = static_cast<std::int64_t>((point.x - low.x) / line_width);
  const auto row = static_cast<std::int64_t>((point.y - low.y) / row_pitch);
  const float in_line = point.x - low.x - static_cast<float>(column) * line_width;
  const auto within = static_cast<std::int64_t>(in_line / cell.x);
  const std::int64_t at = (row * lines_per_row + column) * per_line + within;
  if (point.y - low.y - static_cast<float>(row) * row_pitch >= cell.y) return std::nullopt;
  if (within >= per_line || column >= lines_per_row || at >= count) return std::nullopt;
  return begin + at;
}

void StripLayout::move_by(ImVec2 distance) {
  low = plus(low, distance);
  high = plus(high, distance);
}

StripLayout fit_strip(std::int64_t begin, std::int64_t count, int element_size,
                      const CellRoom& room) {
  StripLayout strip;
  strip.per_line = std::max(1, kCacheLineBytes / std::max(1, element_size));
  // Rows begin at the beginning of a cache line.
  strip.begin = begin - begin % strip.per_line;
  strip.count = count + begin - strip.begin;
  strip.line_gap = std::max(2.0f, std::floor(room.gap / 2));
  const std::int64_t lines = (strip.count + strip.per_line - 1) / strip.per_line;
  const std::int64_t longest = std::min(strip.per_line, strip.count);
  const auto line_width = [&](float cell) {
    return static_cast<float>(longest) * cell + strip.line_gap;
  };
  const auto fits = [&](ImVec2 cell) {
    strip.cell = cell;
    strip.lines_per_row = std::clamp<std::int64_t>(
        static_cast<std::int64_t>((room.width + strip.line_gap) / line_width(cell.x)), 1,
        std::max<std::int64_t>(lines, 1));
    const std::int64_t rows = (lines + strip.lines_per_row - 1) / strip.lines_per_row;
    return line_width(cell.x) - strip.line_gap <= room.width && rows <= kMostStripRows;
  };
  strip.values = fits(room.cell);
  for (float width = std::floor(room.cell.x * 0.6f); !strip.values && width >= 2; --width)
    if (fits({width, std::floor(room.cell.y * 0.6f)})) break;
  strip.row_pitch = strip.cell.y + (strip.values ? room.label : 0) + strip.line_gap;
  const std::int64_t most = kMostStripRows * strip.lines_per_row * strip.per_line;
  strip.count = std::min(strip.count, most);
  const std::int64_t shown_lines = (strip.count + strip.per_line - 1) / strip.per_line;
  const std::int64_t rows = (shown_lines + strip.lines_per_row - 1) / strip.lines_per_row;
  const std::int64_t columns = std::min(shown_lines, strip.lines_per_row);
  const float width = shown_lines <= 1
                          ? static_cast<float>(strip.count) * strip.cell.x
                          : static_cast<float>(columns) * line_width(strip.cell.x) - strip.line_gap;
  strip.high = {width, static_cast<float>(rows) * strip.row_pitch};
  return strip;
}

}  // namespace nanscope
