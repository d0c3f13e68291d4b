#include "ui/labs/tensors/plots/tensor_storage_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/labs/tensors/plots/tensor_geometry.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kStorageRow = 1.6f;                  // em
constexpr float kLabels = 15;                        // em of the steps' names
constexpr float kNarrowestStorage = kLabels * 2.5f;  // em of the whole
constexpr std::int64_t kMostCells = 1024;            // columns; more would be thinner than a line

/// Steps that read a storage.
std::vector<int> readers_of(const TensorChain& chain, int storage) {
  std::vector<int> steps;
  for (int i = 0; i < static_cast<int>(chain.steps.size()); ++i)
    if (chain.steps[static_cast<std::size_t>(i)].storage == storage) steps.push_back(i);
  return steps;
}

/// Rows of the whole plot: for each storage its title, its cells, its readers and a gap.
float storage_row_count(const TensorChain& chain) {
  float rows = 2;  // the explanation
  for (int i = 0; i < static_cast<int>(chain.storages.size()); ++i)
    rows += 3.5f + static_cast<float>(readers_of(chain, i).size());
  return rows;
}

/// When each cell is read, as the number of the element that reads it first; -1 for never.
std::vector<std::int64_t> reading_order(const TensorChain& chain, int index, std::int64_t cells) {
  const TensorStep& step = chain.steps[static_cast<std::size_t>(index)];
  std::vector<std::int64_t> order(static_cast<std::size_t>(cells), -1);
  if (step.cells.values.empty()) return order;
  Index local(step.shape.size(), 0);
  std::int64_t number = 0;
  do {
    Index element = local;
    for (std::size_t d = 0; d < element.size(); ++d) element[d] += step.cells.begin[d];
    const std::int64_t cell = memory_cell(chain, step, element).cell;
    if (cell < cells && order[static_cast<std::size_t>(cell)] < 0)
      order[static_cast<std::size_t>(cell)] = number;
    ++number;
  } while (next_index(local, step.cells.size));
  return order;
}

class StoragePainter {
 public:
  StoragePainter(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size)
      : canvas_(canvas),
        palette_(canvas.style().palette),
        chain_(chain),
        left_(corner.x),
        width_(size.x),
        y_(corner.y),
        em_(std::min({px(canvas.style().font_size) * 1.25f,
                      size.y / (kStorageRow * storage_row_count(chain)),
                      size.x / kNarrowestStorage})) {}

  void explain() {
    words({left_, y_}, text("tensors.storage_plot"), Face::regular, palette_.muted);
    y_ += 2 * kStorageRow * em_;
  }

  void storage(int index) {
    const TensorStorage& one = chain_.storages[static_cast<std::size_t>(index)];
    cells_ = std::clamp<std::int64_t>(one.cell_count(), 1, kMostCells);
    words({left_, y_},
          format_text("tensors.storage", fmt::arg("name", storage_name(index)),
                      fmt::arg("cells", one.cell_count()), fmt::arg("size", one.element_size),
                      fmt::arg("bytes", bytes_text(static_cast<double>(one.bytes)))),
          Face::semibold, storage_color(canvas_.style(), index));
    y_ += kStorageRow * em_;
    addresses(index, one);
    const float top = y_;
    for (const int step : readers_of(chain_, index)) reader(step);
    cache_lines(one, top);
    y_ += 1.5f * kStorageRow * em_;
  }

 private:
  float cell_width() const {
    // Cells of a small storage are no wider than they are high twice.
    return std::min((width_ - kLabels * em_) / static_cast<float>(cells_), 2.2f * em_);
  }
  float cell_left(std::int64_t cell) const {
    return left_ + kLabels * em_ + static_cast<float>(cell) * cell_width();
  }
  void words(ImVec2 at, const std::string& line, Face face, const ImVec4& color) const {
    canvas_.text(at, line, {face, em_ * 0.875f, ink(color)});
  }
  /// A number in a box, if it has room.
  void number(ImVec2 low, ImVec2 high, std::int64_t value, const ImVec4& color) const {
    const std::string digits = fmt::format("{}", value);
    const float size = em_ * 0.75f;
    if (text_extent(canvas_.style(), Face::mono, size, digits).x > high.x - low.x - 2) return;
    canvas_.centered({(low.x + high.x) / 2, (low.y + high.y) / 2}, digits,
                     {Face::mono, size, ink(color)});
  }

  void addresses(int index, const TensorStorage& one) {
    words({left_, y_}, text("tensors.cell_numbers"), Face::regular, palette_.muted);
    for (std::int64_t cell = 0; cell < std::min(cells_, one.cell_count()); ++cell) {
      const ImVec2 low{cell_left(cell), y_}, high{cell_left(cell + 1), y_ + em_ * 1.3f};
      const ImVec4 ground = memory_color(canvas_.style(), chain_, {index, cell});
      canvas_.fill(low, high, ink(ground));
      number(low, high, cell, readable_on(ground));
    }
    y_ += kStorageRow * em_;
  }

  void reader(int index) {
    const TensorStep& step = chain_.steps[static_cast<std::size_t>(index)];
    std::string name = fmt::format("{} {}", index + 1, step.operation);
    std::ranges::replace(name, '\n', ' ');
    const auto letters = static_cast<std::size_t>((kLabels - 1) / (0.6f * 0.875f));
    if (name.size() > letters) name = name.substr(0, letters - 3) + "...";
    words({left_, y_}, name, Face::mono, palette_.text);
    const std::vector<std::int64_t> order = reading_order(chain_, index, cells_);
    const auto count = static_cast<float>(std::max<std::int64_t>(step.numel() - 1, 1));
    for (std::int64_t cell = 0; cell < cells_; ++cell) {
      const std::int64_t when = order[static_cast<std::size_t>(cell)];
      const ImVec2 low{cell_left(cell), y_}, high{cell_left(cell + 1), y_ + em_ * 1.3f};
      if (when < 0) continue;
      const ImVec4 ground =
          blend(palette_.surface, palette_.muted, 0.1f + 0.6f * static_cast<float>(when) / count);
      canvas_.fill(low, high, ink(ground));
      number(low, high, when, readable_on(ground));
    }
    y_ += kStorageRow * em_;
  }

  /// A line at the beginning of each cache line, over all readers.
  void cache_lines(const TensorStorage& one, float top) const {
    const std::int64_t per_line = std::max(1, kCacheLineBytes / std::max(1, one.element_size));
    if (static_cast<float>(per_line) * cell_width() < em_ / 2) return;
    for (std::int64_t cell = 0; cell <= cells_; cell += per_line)
      canvas_.line({cell_left(cell), top - kStorageRow * em_}, {cell_left(cell), y_},
                   ink(palette_.muted, 0.8f), std::max(1.0f, em_ / 12));
  }

  Canvas& canvas_;
  const Palette& palette_;
  const TensorChain& chain_;
  float left_, width_, y_, em_;
  std::int64_t cells_ = 1;
};

}  // namespace

float tensor_storage_rows(const TensorChain& chain) {
  return storage_row_count(chain) * kStorageRow;
}

float tensor_storage_height(const TensorChain& chain, const Style& style, float width) {
  return tensor_storage_rows(chain) * std::min(px(style.font_size), width / kNarrowestStorage);
}

void draw_tensor_storage(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size) {
  StoragePainter painter(canvas, chain, corner, size);
  painter.explain();
  for (int i = 0; i < static_cast<int>(chain.storages.size()); ++i) painter.storage(i);
}

}  // namespace nanscope
