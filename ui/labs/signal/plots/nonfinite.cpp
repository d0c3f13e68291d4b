#include "ui/labs/signal/plots/nonfinite.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/text/text.h"

namespace nanscope {
namespace {

std::optional<Trouble> trouble_of(const Statistics& statistics, int layer, SignalTensor tensor) {
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

int points_within(std::span<const ImVec2> points, const ImVec2& low, const ImVec2& high) {
  return static_cast<int>(std::ranges::count_if(points, [&](const ImVec2& p) {
    return p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y;
  }));
}

bool drawable_layer(const LayerSignal& layer, std::span<const SignalTensor> tensors) {
  return std::ranges::any_of(tensors, [&](SignalTensor tensor) {
    return !std::isnan(log10_or_gap(layer.of(tensor).variance));
  });
}

}  // namespace

std::optional<Trouble> find_trouble(const SignalSnapshot& snapshot,
                                    std::span<const SignalTensor> tensors, bool backward) {
  const int count = static_cast<int>(snapshot.layers.size());
  std::optional<Trouble> underflow;
  for (int i = 0; i < count; ++i) {
    const int layer = backward ? count - 1 - i : i;
    for (SignalTensor tensor : tensors) {
      const auto trouble = trouble_of(snapshot.layers[layer].of(tensor), layer, tensor);
      if (!trouble) continue;
      if (trouble->kind != Trouble::Kind::underflow) return trouble;
      if (!underflow) underflow = trouble;
    }
  }
  return underflow;
}

void draw_gaps(const DepthCanvas& canvas, std::span<const SignalTensor> tensors) {
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

void draw_trouble(const DepthCanvas& canvas, const Trouble& trouble,
                  std::span<const ImVec2> points) {
  const Style& style = canvas.style;
  const float x = canvas.at(trouble.layer, 0).x;
  canvas.list.AddLine({x, canvas.low.y}, {x, canvas.high.y}, ink(style.palette.bad),
                      units(style, 1.5f));
  const std::string label = format_text(
      tag_key(trouble.kind), fmt::arg("layer", canvas.snapshot.layers[trouble.layer].name),
      fmt::arg("tensor", text("tensor.one." + std::string(name_of(trouble.tensor)))),
      fmt::arg("value", trouble.value));
  const ScopedFont font(style, style.fonts.semibold, text_size::small);
  const ImVec2 size = plate_size(style, label, true);
  const float gap = px(style.spacing);
  const float left = x - gap - size.x;
  const float right = x + gap;
  const float top = canvas.low.y + gap;
  const float bottom = canvas.high.y - gap - size.y;
  ImVec2 best{right, bottom};
  int least = std::numeric_limits<int>::max();
  for (const ImVec2& at :
       {ImVec2{right, bottom}, ImVec2{right, top}, ImVec2{left, bottom}, ImVec2{left, top}}) {
    const bool inside = at.x > canvas.low.x && at.x + size.x < canvas.high.x;
    const int covered = points_within(points, at, {at.x + size.x, at.y + size.y}) +
                        (inside ? 0 : static_cast<int>(points.size()));
    if (covered < least) {
      least = covered;
      best = at;
    }
  }
  draw_plate(canvas.list, style, best, label, style.palette.bad,
             {canvas.low.x + gap / 2, canvas.low.y}, {canvas.high.x - gap / 2, canvas.high.y},
             true);
}

}  // namespace nanscope
