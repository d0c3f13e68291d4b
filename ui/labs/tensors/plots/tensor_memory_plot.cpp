#include "ui/labs/tensors/plots/tensor_memory_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kMemoryRow = 1.8f;  // em
// Columns in em: the step, its bytes, the bar, what is moved, FLOPs, time.
constexpr std::array kColumns{11.0f, 11.0f, 8.5f, 5.5f, 4.5f, 4.5f};
constexpr float kWidth = 45;
constexpr int kTotals = 3;

float memory_row_count(const TensorChain& chain) {
  return static_cast<float>(chain.steps.size()) + 1 + 1.5f + kTotals;
}

bool owns_memory(const TensorStep& step) {
  return step.kind == StepKind::created || step.kind == StepKind::copy ||
         step.kind == StepKind::computed;
}

class MemoryPainter {
 public:
  MemoryPainter(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size)
      : canvas_(canvas),
        palette_(canvas.style().palette),
        chain_(chain),
        left_(corner.x),
        y_(corner.y),
        em_(std::min({px(canvas.style().font_size) * 1.25f,
                      size.y / (kMemoryRow * memory_row_count(chain)), size.x / kWidth})),
        stretch_(size.x / (kWidth * em_)) {
    for (const TensorStep& step : chain.steps)
      largest_ = std::max(largest_, step.numel() * step.element_size);
  }

  void head() {
    constexpr std::array keys{"tensors.column.step",   "tensors.column.bytes",
                              "tensors.column.memory", "tensors.column.moved",
                              "tensors.column.flops",  "tensors.column.time"};
    for (std::size_t i = 0; i < keys.size(); ++i)
      put(i, text(keys[i]), Face::semibold, palette_.muted);
    y_ += kMemoryRow * em_;
    rule();
  }

  void step(int index) {
    const TensorStep& one = chain_.steps[static_cast<std::size_t>(index)];
    std::string name = fmt::format("{} {}", index + 1, one.operation);
    std::ranges::replace(name, '\n', ' ');
    const auto letters =
        static_cast<std::size_t>(std::max(4.0f, (kColumns[0] * stretch_ - 1) / (0.6f * 0.875f)));
    if (name.size() > letters) name = name.substr(0, letters - 3) + "...";
    put(0, name, Face::mono, palette_.text);
    const std::int64_t bytes = one.numel() * one.element_size;
    put(1, fmt::format("{} · {} B = {}", one.numel(), one.element_size, bytes_words(bytes)),
        Face::mono, palette_.text);
    bar(one, bytes);
    const std::int64_t moved = one.cost.bytes_read + one.cost.bytes_written;
    put(3, moved > 0 ? bytes_words(moved) : "0", Face::mono,
        moved > 0 ? palette_.text : palette_.muted);
    put(4, one.cost.flops > 0 ? number_text(one.cost.flops) : "0", Face::mono,
        one.cost.flops > 0 ? palette_.text : palette_.muted);
    put(5, seconds_text(one.cost.seconds), Face::mono, palette_.text);
    y_ += kMemoryRow * em_;
  }

  void totals() {
    rule();
    y_ += 0.5f * kMemoryRow * em_;
    const TensorMemory& memory = chain_.memory;
    const std::array<std::pair<const char*, std::int64_t>, kTotals> lines{
        {{"tensors.total.storages", memory.storage_bytes},
         {"tensors.total.peak", memory.peak_bytes},
         {"tensors.total.all_copied", memory.all_copied_bytes}}};
    for (const auto& [key, bytes] : lines) {
      put(0, text(key), Face::regular, palette_.text);
      put(1, bytes_words(bytes), Face::mono, palette_.text);
      y_ += kMemoryRow * em_;
    }
  }

 private:
  float column(std::size_t index) const {
    float x = left_;
    for (std::size_t i = 0; i < index; ++i) x += kColumns[i] * em_ * stretch_;
    return x;
  }
  void put(std::size_t index, const std::string& words, Face face, const ImVec4& color) const {
    canvas_.text({column(index), y_}, words, {face, em_ * 0.875f, ink(color)});
  }
  void rule() const {
    const float y = y_ - em_ * 0.4f;
    canvas_.line({left_, y}, {column(kColumns.size()), y}, ink(palette_.border),
                 std::max(1.0f, em_ / 16));
  }
  /// Filled: memory of its own. Dashed: another step's, read in another way.
  void bar(const TensorStep& one, std::int64_t bytes) const {
    const float room = (kColumns[2] - 1) * em_ * stretch_;
    const float length =
        largest_ > 0 ? std::max(2.0f, room * static_cast<float>(static_cast<double>(bytes) /
                                                                static_cast<double>(largest_)))
                     : 0;
    const ImVec2 low{column(2), y_ + em_ * 0.1f}, high{column(2) + length, y_ + em_ * 0.95f};
    const ImU32 color = ink(storage_color(canvas_.style(), one.storage));
    if (owns_memory(one)) {
      canvas_.fill(low, high, color, em_ / 8);
      return;
    }
    const std::array corners{low, ImVec2{high.x, low.y}, high, ImVec2{low.x, high.y}, low};
    canvas_.dashes(corners, color, std::max(1.0f, em_ / 10), {4, 3});
  }

  Canvas& canvas_;
  const Palette& palette_;
  const TensorChain& chain_;
  float left_, y_, em_;
  float stretch_ = 1;  ///< columns are so much wider than they need to be
  std::int64_t largest_ = 0;
};

}  // namespace

float tensor_memory_rows(const TensorChain& chain) { return memory_row_count(chain) * kMemoryRow; }

float tensor_memory_height(const TensorChain& chain, const Style& style, float width) {
  return tensor_memory_rows(chain) * std::min(px(style.font_size), width / kWidth);
}

void draw_tensor_memory(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size) {
  MemoryPainter painter(canvas, chain, corner, size);
  painter.head();
  for (int i = 0; i < static_cast<int>(chain.steps.size()); ++i) painter.step(i);
  painter.totals();
}

}  // namespace nanscope
