#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ui/labs/tensors/plots/tensor_card_builder.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

// The cells on a card, and what is around them.
namespace nanscope {
namespace {

constexpr float kScrollWidth = 9;  // em of the track that moves a window

/// "seq: 3", and the arrow's "+12".
struct AxisWords {
  std::string name, stride;
};

AxisWords axis_words(const TensorStep& step, std::size_t dimension) {
  return {fmt::format("{}: {}", dimension_words(step, dimension), step.shape[dimension]),
          fmt::format("+{}", step.stride[dimension])};
}

/// Room for the axes above and beside the cells.
struct Margins {
  float left = 0, top = 0;
  float row = 0;               ///< height of a line of labels
  std::vector<float> columns;  ///< widths beside the cells, for the dimensions that run down
};

Margins measure_margins(const CardBuilder& card, const TensorStep& step) {
  Margins margins;
  margins.row = card.extent(CardRole::axis, "0").y * 1.2f;
  const std::size_t rank = step.shape.size();
  for (std::size_t d = 0; d < rank; ++d) {
    const AxisWords words = axis_words(step, d);
    if ((rank - 1 - d) % 2 == 0) {
      margins.top += margins.row;
    } else {
      margins.columns.push_back(card.extent(CardRole::axis, words.name).x +
                                card.metrics().unit * 2);
      margins.left += margins.columns.back();
    }
  }
  return margins;
}

/// A dimension that runs to the right: an arrow over its first step, the words behind it.
void label_above(CardBuilder& card, const GridLayout& grid, const TensorStep& step, std::size_t d,
                 float y, float row) {
  const AxisWords words = axis_words(step, d);
  const float unit = card.metrics().unit;
  const std::string label = words.stride + "   " + words.name;
  // A block's arrow leads from its left edge to the next one's.
  const float begin = grid.low.x + std::min(grid.cell.x / 2, 2 * unit);
  const float behind = begin + grid.pitch[d].x + unit * 0.75f;
  const float room = card.metrics().width - card.padding() - card.extent(CardRole::axis, label).x;
  const bool steps = grid.shown[d] > 1 && grid.pitch[d].x >= unit && behind <= room;
  if (steps)
    card.card().arrows.push_back(
        {{begin, y + row * 0.55f}, {begin + grid.pitch[d].x, y + row * 0.55f}});
  card.add(CardRole::axis, label, {steps ? behind : grid.low.x, y});
}

/// A dimension that runs down: its words beside the first rows, an arrow from one to the next.
void label_beside(CardBuilder& card, const GridLayout& grid, const TensorStep& step, std::size_t d,
                  float right, float row) {
  const AxisWords words = axis_words(step, d);
  const float unit = card.metrics().unit;
  const float middle = grid.low.y + std::min(grid.cell.y, row) / 2;
  const bool steps = grid.shown[d] > 1 && grid.pitch[d].y >= unit;
  const float second = steps ? std::max(middle + grid.pitch[d].y, middle + row) : middle + row;
  const auto put = [&](const std::string& label, float y) {
    const ImVec2 size = card.extent(CardRole::axis, label);
    card.add(CardRole::axis, label, {right - unit * 1.25f - size.x, y - size.y / 2});
  };
  put(words.name, middle);
  put(words.stride, std::min(second, middle + row * 2));
  if (steps)
    card.card().arrows.push_back(
        {{right - unit * 0.5f, middle}, {right - unit * 0.5f, middle + grid.pitch[d].y}});
}

void add_axes(CardBuilder& card, const TensorStep& step, const Margins& margins) {
  const GridLayout& grid = card.card().grid;
  const std::size_t rank = step.shape.size();
  float y = grid.low.y - margins.top, x = grid.low.x - margins.left;
  std::size_t column = 0;
  for (std::size_t d = 0; d < rank; ++d) {
    if ((rank - 1 - d) % 2 == 0) {
      label_above(card, grid, step, d, y, margins.row);
      y += margins.row;
    } else {
      x += margins.columns[column++];
      label_beside(card, grid, step, d, x, margins.row);
    }
  }
}

/// The box of elements that the grid begins with.
Index clamped_begin(const TensorStep& step, const Index& wanted) {
  Index begin = step.cells.begin;
  if (wanted.size() != begin.size()) return begin;
  for (std::size_t d = 0; d < begin.size(); ++d)
    begin[d] = std::clamp(wanted[d], begin[d],
                          begin[d] + std::max<std::int64_t>(step.cells.size[d] - 1, 0));
  return begin;
}

/// What is shown of a tensor that is not shown whole.
std::string crop_words(const TensorStep& step, const GridLayout& grid) {
  Index last = grid.begin;
  std::int64_t count = 1;
  for (std::size_t d = 0; d < last.size(); ++d) {
    last[d] += grid.shown[d] - 1;
    count *= grid.shown[d];
  }
  return format_text("tensors.window", fmt::arg("count", count), fmt::arg("all", step.numel()),
                     fmt::arg("first", index_text(grid.begin)), fmt::arg("last", index_text(last)));
}

/// A track for each dimension that is not shown whole, with the indices that are.
void add_scrolls(CardBuilder& card, const TensorStep& step) {
  const GridLayout& grid = card.card().grid;
  const float height = card.extent(CardRole::axis, "0").y;
  const float left = card.padding(), track = height * 0.6f;
  for (std::size_t d = 0; d < step.shape.size(); ++d) {
    const std::int64_t begin = grid.begin[d], shown = grid.shown[d], size = step.shape[d];
    if (shown >= size) continue;
    const float width = card.metrics().em * kScrollWidth;
    const float y = card.y() + (height - track) / 2;
    const auto share = [](std::int64_t part, std::int64_t whole) {
      return static_cast<float>(static_cast<double>(part) / static_cast<double>(whole));
    };
    WindowScroll scroll{d, {left, y}, {left + width, y + track}, {}, {}};
    const float thumb = std::max(width * share(shown, size), 2 * track);
    scroll.thumb_low = {left + (width - thumb) * share(begin, size - shown), y};
    scroll.thumb_high = {scroll.thumb_low.x + thumb, y + track};
    card.card().scrolls.push_back(scroll);
    card.add(CardRole::axis,
             format_text("tensors.scroll", fmt::arg("dimension", dimension_words(step, d)),
                         fmt::arg("first", begin), fmt::arg("last", begin + shown - 1),
                         fmt::arg("size", size)),
             {left + width + card.metrics().unit, card.y()});
    card.set_y(card.y() + height * 1.2f);
  }
}

}  // namespace

void add_grid(CardBuilder& card, const TensorStep& step, const Index& wanted) {
  const ChainMetrics& metrics = card.metrics();
  const bool axes = metrics.detail != CardDetail::terse;
  const Margins margins = axes ? measure_margins(card, step) : Margins();
  const Index begin = clamped_begin(step, wanted);
  Index size = step.cells.size;
  for (std::size_t d = 0; d < size.size(); ++d) size[d] -= begin[d] - step.cells.begin[d];
  const CellRoom room{metrics.cell, metrics.unit * 1.5f,
                      metrics.width - 2 * card.padding() - margins.left, metrics.tallest};
  GridLayout& grid = card.card().grid;
  grid = fit_grid(begin, size, room);
  for (std::size_t d = 0; d < size.size(); ++d)
    grid.cropped = grid.cropped || grid.shown[d] < step.shape[d];
  const bool empty = step.numel() == 0;
  if (empty) grid.high = grid.low;
  grid.move_by({card.padding() + margins.left, card.y() + margins.top});
  if (axes) add_axes(card, step, margins);
  card.reach(grid.high.x, grid.high.y);
  card.set_y(std::max(grid.high.y, grid.low.y + (margins.columns.empty() ? 0 : 2 * margins.row)) +
             metrics.unit);
  if (empty) card.line(CardRole::note, text("tensors.empty"));
}

void add_window(CardBuilder& card, const TensorStep& step) {
  if (!card.card().grid.cropped) return;
  card.line(CardRole::note, crop_words(step, card.card().grid));
  if (card.metrics().detail == CardDetail::full) add_scrolls(card, step);
}

}  // namespace nanscope
