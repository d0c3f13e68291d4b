#pragma once

#include <optional>
#include <span>
#include <vector>

#include "imgui.h"
#include "ui/labs/tensors/plots/tensor_cells.h"

// Where the cells of a tensor and of a storage lie: plain geometry in pixels.
namespace nanscope {

struct Rectangle {
  ImVec2 low{}, high{};
};

inline ImVec2 plus(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }

/// A cell with its edges between pixels: crisp, and two triangles where a smoothed one takes ten.
Rectangle cell_box(ImVec2 corner, ImVec2 cell, float gap);

/// A tensor as cells: the last two dimensions are rows and columns, each one before them repeats
/// the block of those after it, beside or below. A cell lies at the sum of index times pitch.
struct GridLayout {
  ImVec2 low{}, high{};       ///< the cells' bounds
  ImVec2 cell{};              ///< size of one cell
  std::vector<ImVec2> pitch;  ///< one step along each dimension
  Index begin;                ///< the element at `low`
  Index shown;                ///< elements shown along each dimension
  std::int64_t wrap = 0;      ///< after so many of dimension 0 it goes on below; 0: never
  float wrap_pitch = 0;
  bool values = true;    ///< cells are large enough for text
  bool cropped = false;  ///< there are elements beyond those shown

  /// Pixels between cells. The smallest touch: a projector makes waves of lines that fine.
  float gap() const { return cell.x < 4 ? 0 : 1; }
  /// The upper left corner of an element's cell; `local` counts from `begin`.
  ImVec2 corner(std::span<const std::int64_t> local) const;
  /// The element under a point, counted from `begin`.
  std::optional<Index> under(ImVec2 point) const;
  /// The element counted from `begin`, if it is shown.
  std::optional<Index> local(std::span<const std::int64_t> index) const;
  void move_by(ImVec2 distance);
};

/// A run of a storage's cells in rows of whole cache lines.
struct StripLayout {
  ImVec2 low{}, high{};
  ImVec2 cell{};
  std::int64_t begin = 0, count = 0;  ///< cells shown
  std::int64_t per_line = 8;          ///< cells of a cache line
  std::int64_t lines_per_row = 1;
  float line_gap = 0;   ///< between cache lines
  float row_pitch = 0;  ///< from a row to the next, with the addresses between them
  bool values = true;

  ImVec2 corner(std::int64_t cell_of_storage) const;
  std::optional<std::int64_t> under(ImVec2 point) const;
  void move_by(ImVec2 distance);
};

/// What a grid or a strip has to fit into.
struct CellRoom {
  ImVec2 cell{};      ///< of a cell with its value in it
  float gap = 8;      ///< between blocks, times how far out their dimension is
  float width = 600;  ///< the most that cells may take
  float height = 400;
  float label = 0;  ///< height of a strip's addresses
};

/// The grid of a box of elements, at (0, 0): with values where that fits, else in smaller cells,
/// else only as many as there is room for.
GridLayout fit_grid(std::span<const std::int64_t> begin, std::span<const std::int64_t> size,
                    const CellRoom& room);

/// The strip of a storage's cells [begin, begin + count), at (0, 0).
StripLayout fit_strip(std::int64_t begin, std::int64_t count, int element_size,
                      const CellRoom& room);

inline constexpr int kCacheLineBytes = 64;

}  // namespace nanscope
