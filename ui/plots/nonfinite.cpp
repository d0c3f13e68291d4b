#include "ui/plots/nonfinite.h"

#include <algorithm>
#include <cmath>

#include "ui/text/text.h"

namespace nanscope {
namespace {

std::optional<Trouble> trouble_of(const Statistics& statistics, int layer, Tensor tensor) {
  if (statistics.positive_infs > 0) return Trouble{Trouble::Kind::overflow, layer, tensor, "inf"};
  if (statistics.negative_infs > 0) return Trouble{Trouble::Kind::overflow, layer, tensor, "-inf"};
  if (statistics.nans > 0) return Trouble{Trouble::Kind::nan, layer, tensor, "nan"};
  if (statistics.count > 0 && statistics.zeros == statistics.count)
    return Trouble{Trouble::Kind::underflow, layer, tensor, "0"};
  return std::nullopt;
}

const char* tag_key(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::overflow:
      return "tag.overflow";
    case Trouble::Kind::nan:
      return "tag.nan";
    case Trouble::Kind::underflow:
      break;
  }
  return "tag.underflow";
}

bool drawable_layer(const LayerSignal& layer, std::span<const Tensor> tensors) {
  return std::ranges::any_of(
      tensors, [&](Tensor tensor) { return !std::isnan(log10_or_gap(layer.of(tensor).variance)); });
}

}  // namespace

std::optional<Trouble> find_trouble(const SignalSnapshot& snapshot, std::span<const Tensor> tensors,
                                    bool backward) {
  const int count = static_cast<int>(snapshot.layers.size());
  std::optional<Trouble> underflow;
  for (int i = 0; i < count; ++i) {
    const int layer = backward ? count - 1 - i : i;
    for (Tensor tensor : tensors) {
      const auto trouble = trouble_of(snapshot.layers[layer].of(tensor), layer, tensor);
      if (!trouble) continue;
      if (trouble->kind != Trouble::Kind::underflow) return trouble;
      if (!underflow) underflow = trouble;
    }
  }
  return underflow;
}

void draw_gaps(const DepthCanvas& canvas, std::span<const Tensor> tensors) {
  const auto& layers = canvas.snapshot.layers;
  const int count = static_cast<int>(layers.size());
  for (int first = 0; first < count; ++first) {
    if (drawable_layer(layers[first], tensors)) continue;
    int end = first;
    while (end < count && !drawable_layer(layers[end], tensors)) ++end;
    const ImVec2 low{canvas.at(first - 0.5, 0).x, canvas.low.y};
    const ImVec2 high{canvas.at(end - 0.5, 0).x, canvas.high.y};
    canvas.list.AddRectFilled(low, high, ink(canvas.style.palette.bad, 0.05f));
    draw_hatch(canvas.list, canvas.style, low, high, ink(canvas.style.palette.bad, 0.16f));
    first = end;
  }
}

void draw_trouble(const DepthCanvas& canvas, const Trouble& trouble, bool backward) {
  const Style& style = canvas.style;
  const float x = canvas.at(trouble.layer, 0).x;
  canvas.list.AddLine({x, canvas.low.y}, {x, canvas.high.y}, ink(style.palette.bad),
                      units(style, 1.5f));
  const std::string label = format_text(
      tag_key(trouble.kind), fmt::arg("layer", canvas.snapshot.layers[trouble.layer].name),
      fmt::arg("tensor", text("tensor.one." + std::string(name_of(trouble.tensor)))),
      fmt::arg("value", trouble.value));
  const ScopedFont font(style, style.fonts.semibold, text_size::small);
  // The pass goes on beyond the line, where there is nothing left to cover.
  const float width = ImGui::CalcTextSize(label.c_str()).x + px(style.spacing * 2.5f);
  const float gap = px(style.spacing);
  const bool room_right = x + width < canvas.high.x;
  const bool room_left = x - width > canvas.low.x;
  const bool right = backward ? !room_left && room_right : room_right || !room_left;
  // A curve that overflows ends above, so the tag stands below it; one that underflows, above.
  const bool low = trouble.kind != Trouble::Kind::underflow;
  const float y =
      low ? canvas.high.y - gap - ImGui::GetTextLineHeight() * 1.6f : canvas.low.y + gap;
  draw_plate(canvas.list, style, {right ? x + gap : x - width, y}, label, style.palette.bad,
             {canvas.low.x + gap / 2, canvas.low.y}, {canvas.high.x - gap / 2, canvas.high.y},
             true);
}

}  // namespace nanscope
