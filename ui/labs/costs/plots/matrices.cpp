#include "ui/labs/costs/plots/matrices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/labs/costs/plots/walk_plot.h"

namespace nanscope {
namespace {

struct MatrixBox {
  const WalkTensor* tensor;
  float width = 0, height = 0;  ///< pixels
  float label = 0;              ///< width of the words below
};

/// Rows and columns as they are multiplied.
std::array<std::int64_t, 2> sides_of(const WalkTensor& tensor) {
  const std::size_t count = tensor.shape.size();
  std::array<std::int64_t, 2> sides{count > 1 ? tensor.shape[count - 2] : 1,
                                    count > 0 ? tensor.shape[count - 1] : 1};
  if (tensor.transposed) std::swap(sides[0], sides[1]);
  return sides;
}

std::string label_of(const WalkTensor& tensor) {
  return fmt::format("{}{} {}", tensor.name, tensor.transposed ? "^T" : "", shape_words(tensor));
}

/// How long a side is drawn: a number's cell, or longer with each power of two.
float side_length(std::int64_t side, bool numbered, float em) {
  if (numbered) return static_cast<float>(side) * em;
  return em * (0.7f + 0.28f * std::log2(static_cast<float>(std::max<std::int64_t>(side, 1)) + 1));
}

MatrixBox box_of(const WalkTensor& tensor, const Style& style, float em) {
  const auto [rows, columns] = sides_of(tensor);
  const bool numbered = !tensor.numbers.empty();
  MatrixBox box{.tensor = &tensor};
  const float cell = numbered ? em * 2.4f : em;
  box.width = numbered ? side_length(columns, true, cell) : side_length(columns, false, em);
  box.height = numbered ? static_cast<float>(rows) * em * 1.35f : side_length(rows, false, em);
  box.label = text_extent(style, Face::mono, em * text_size::legend, label_of(tensor)).x;
  return box;
}

void draw_numbers(Canvas& canvas, const MatrixBox& box, ImVec2 low, float em) {
  const Style& style = canvas.style();
  const auto [rows, columns] = sides_of(*box.tensor);
  const float width = box.width / static_cast<float>(columns);
  const float height = box.height / static_cast<float>(rows);
  for (std::size_t i = 0; i < box.tensor->numbers.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) / columns;
    const auto column = static_cast<std::int64_t>(i) % columns;
    const ImVec2 at{low.x + (static_cast<float>(column) + 0.5f) * width,
                    low.y + (static_cast<float>(row) + 0.5f) * height};
    canvas.centered(at, fmt::format("{:.4g}", box.tensor->numbers[i]),
                    {Face::mono, em, ink(style.palette.text)});
  }
}

void draw_box(Canvas& canvas, const MatrixBox& box, float left, float middle, float label_y,
              const ImVec4& color, bool spared, float em) {
  const Style& style = canvas.style();
  const float place = std::max(box.width, box.label);
  const ImVec2 low{left + (place - box.width) / 2, middle - box.height / 2};
  const ImVec2 high{low.x + box.width, low.y + box.height};
  if (spared) {
    draw_hatch(canvas, low, high, ink(style.palette.muted, 0.6f));
  } else {
    canvas.fill(low, high, ink(color, 0.3f));
    draw_numbers(canvas, box, low, em);
  }
  canvas.outline(low, high, ink(spared ? style.palette.muted : color), units(style, 1.5f));
  canvas.text({left + (place - box.label) / 2, label_y}, label_of(*box.tensor),
              {Face::mono, em * text_size::legend, ink(style.palette.text)});
}

}  // namespace

ImVec4 way_color(const Style& style, const WalkStep& step) {
  switch (step.way) {
    case WalkWay::forward:
    case WalkWay::loss:
      return style.palette.series[0];
    case WalkWay::recomputed:
      return style.palette.series[3];
    case WalkWay::optimizer:
      return style.palette.series[4];
    case WalkWay::backward:
      break;
  }
  return step.by_input ? style.palette.series[1] : style.palette.series[2];
}

void draw_matrices(Canvas& canvas, const WalkStep& step, ImVec2 corner, ImVec2 size,
                   float letters) {
  const Style& style = canvas.style();
  constexpr float kLeast = 0.5f, kStep = 0.05f;
  std::vector<MatrixBox> boxes;
  float em = letters, width = 0, height = 0;
  for (float share = 1; share > kLeast; share -= kStep) {
    em = share * letters;
    boxes.clear();
    width = height = 0;
    for (const WalkTensor& tensor : step.reads) boxes.push_back(box_of(tensor, style, em));
    if (!step.writes.name.empty()) boxes.push_back(box_of(step.writes, style, em));
    for (const MatrixBox& box : boxes) {
      width += std::max(box.width, box.label) + 2.4f * em;
      height = std::max(height, box.height);
    }
    if (width <= size.x && height + 1.6f * em <= size.y) break;
  }
  float x = corner.x;
  const float middle = corner.y + (size.y - 1.4f * em) / 2;
  const float label_y = corner.y + size.y - 1.3f * em;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const bool result = i + 1 == boxes.size() && !step.writes.name.empty();
    if (i > 0) {
      const std::string_view sign = result ? "=" : step.product ? "\u00d7" : ",";
      // What is no product of these is not equal to them either.
      if (result && !step.product)
        canvas.arrow({x - 1.9f * em, middle}, {x - 0.5f * em, middle}, ink(style.palette.muted),
                     units(style, 1.5f), em * 0.5f);
      else
        canvas.centered({x - 1.2f * em, middle}, sign,
                        {Face::regular, em * 1.4f, ink(style.palette.muted)});
    }
    const ImVec4 color = result ? way_color(style, step) : style.palette.series[5];
    draw_box(canvas, boxes[i], x, middle, label_y, color, result && step.spared, em);
    x += std::max(boxes[i].width, boxes[i].label) + 2.4f * em;
  }
}

}  // namespace nanscope
