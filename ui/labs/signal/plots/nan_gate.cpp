#include "ui/labs/signal/plots/nan_gate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/text/text.h"

namespace nanscope {
namespace {

/// What ATen's kernel makes of a NaN: threshold_backward keeps a gradient unless z <= 0,
/// leaky_relu_backward scales it by the slope unless z > 0. Null: the gradient becomes NaN, too.
const char* gate_text(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "tag.nan_gate_relu";
    case Activation::leaky_relu:
      return "tag.nan_gate_leaky_relu";
    default:
      return nullptr;
  }
}

bool passes(const SignalSnapshot& snapshot, int layer) {
  const auto finite = [](const Statistics& gradient) {
    return gradient.count > 0 && gradient.finite() && gradient.variance > 0;
  };
  return snapshot.layers[layer].of(SignalTensor::preactivation).nans > 0 && layer > 0 &&
         finite(snapshot.layers[layer].of(SignalTensor::activation_grad)) &&
         finite(snapshot.layers[layer - 1].of(SignalTensor::activation_grad));
}

}  // namespace

std::optional<NanGate> find_nan_gate(const SignalSnapshot& snapshot) {
  const char* text = gate_text(effective_activation(snapshot.experiment.network.model));
  if (!text) return std::nullopt;
  std::optional<NanGate> gate;
  for (int i = 0; i < static_cast<int>(snapshot.layers.size()); ++i) {
    if (!passes(snapshot, i)) continue;
    if (!gate) gate = NanGate{i, i, text};
    gate->last = i;
  }
  return gate;
}

void shade_nan_gate(const DepthCanvas& canvas, const NanGate& gate) {
  const ImVec2 low = canvas.low(), high = canvas.high();
  const float left = std::max(canvas.at(gate.first - 0.5, 0).x, low.x);
  const float right = std::min(canvas.at(gate.last + 0.5, 0).x, high.x);
  if (right > left)
    canvas.canvas.fill({left, low.y}, {right, high.y}, ink(canvas.style().palette.caution, 0.1f),
                       0);
}

namespace {

/// False where it would hide something.
bool label_gate(const DepthCanvas& canvas, const NanGate& gate, LabelPlaces& places,
                const std::string& label) {
  const Style& style = canvas.style();
  const ImVec2 low = canvas.low(), high = canvas.high();
  const float right = std::min(canvas.at(gate.last + 0.5, 0).x, high.x);
  if (!(right > low.x)) return true;
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.caution};
  const ImVec2 size = plate_size(style, plate, label);
  const float gap = px(style.spacing / 2);
  // At the region's right end, from the top down, else further left.
  const float x = std::max(low.x + gap, right - 3 * gap - size.x);
  std::vector<ImVec2> corners;
  for (const float share : shares_along(/*from_end=*/true))
    for (float y = low.y + gap; y + size.y < high.y; y += size.y / 2)
      corners.push_back({low.x + gap + share * (x - low.x - gap), y});
  // Where curves take all of that, anywhere.
  for (const ImVec2& at : corners_all_over(places.area(), size)) corners.push_back(at);
  const auto at = places.take(corners, size, 0);
  if (at) draw_plate(canvas.canvas, plate, *at, label, low, high);
  return at.has_value();
}

}  // namespace

void label_nan_gate(const DepthCanvas& canvas, const NanGate& gate, LabelPlaces& places) {
  if (!label_gate(canvas, gate, places, text(gate.text)))
    label_gate(canvas, gate, places, text("tag.nan_gate"));
}

}  // namespace nanscope
