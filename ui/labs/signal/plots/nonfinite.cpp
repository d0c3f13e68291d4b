#include "ui/labs/signal/plots/nonfinite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

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

std::string trouble_text(const DepthCanvas& canvas, const Trouble& trouble, const char* key) {
  return format_text(key, fmt::arg("layer", canvas.snapshot.layers[trouble.layer].name),
                     fmt::arg("tensor", text("tensor.one." + std::string(name_of(trouble.tensor)))),
                     fmt::arg("value", trouble.value));
}

bool drawable_layer(const LayerSignal& layer, std::span<const SignalTensor> tensors) {
  return std::ranges::any_of(tensors, [&](SignalTensor tensor) {
    return !std::isnan(log10_or_gap(layer.of(tensor).variance));
  });
}

/// What a tag says, from the longest form that has room to the shortest.
std::vector<std::string> tag_words(const DepthCanvas& canvas, const Trouble& trouble,
                                   const TroubleLook& look, const Plate& plate, float room) {
  std::vector<std::string> forms;
  std::string label;
  for (const char* key : {tag_key(trouble.kind), "tag.short", "tag.shortest"}) {
    label = trouble_text(canvas, trouble, key);
    if (!look.name.empty())
      label = format_text("tag.of", fmt::arg("name", look.name), fmt::arg("tag", label));
    if (text_extent(canvas.style(), plate.face, plate.size, label).x <= room)
      forms.push_back(label);
  }
  if (forms.empty())
    forms.push_back(cut_text(canvas.style(), plate.face, plate.size, std::move(label), room));
  return forms;
}

/// How far a tag is from its line.
float away_from_line(float x, ImVec2 corner, ImVec2 size) {
  return std::max({corner.x - x, x - corner.x - size.x, 0.0f});
}

/// Beside the line: in a corner if one is free, else as far down as there is room; and across it
/// where the plot is too narrow for that. Where curves take all of that, anywhere: the nearer the
/// better.
std::vector<ImVec2> tag_corners(const DepthCanvas& canvas, float x, ImVec2 size,
                                const LabelBox& area) {
  const float gap = px(canvas.style().spacing);
  const float top = canvas.low().y + gap, bottom = canvas.high().y - gap - size.y;
  std::vector<ImVec2> corners;
  const float right = x + gap, left = x - gap - size.x;
  const float across = std::clamp(right, area.low.x, std::max(area.low.x, area.high.x - size.x));
  for (const float column : {right, left, across}) {
    corners.insert(corners.end(), {{column, bottom}, {column, top}});
    for (float y = bottom - size.y / 2; y > top; y -= size.y / 2) corners.push_back({column, y});
  }
  std::vector<ImVec2> anywhere = corners_all_over(area, size);
  std::ranges::stable_sort(anywhere, {},
                           [&](const ImVec2& corner) { return away_from_line(x, corner, size); });
  corners.insert(corners.end(), anywhere.begin(), anywhere.end());
  return corners;
}

/// From the line to a tag that does not stand beside it.
void draw_leader(const DepthCanvas& canvas, float x, ImVec2 corner, ImVec2 size,
                 const ImVec4& color) {
  if (away_from_line(x, corner, size) <= 2 * px(canvas.style().spacing)) return;
  const float y = corner.y + size.y / 2, half = px(canvas.style().marker_size) / 2;
  const float end = corner.x > x ? corner.x : corner.x + size.x;
  canvas.canvas.line({x, y}, {end, y}, ink(color), units(canvas.style(), 1));
  canvas.canvas.fill({x - half, y - half}, {x + half, y + half}, ink(color), half);
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
    const ImVec2 low{std::max(canvas.at(first - 0.5, 0).x, canvas.low().x), canvas.low().y};
    const ImVec2 high{std::min(canvas.at(end - 0.5, 0).x, canvas.high().x), canvas.high().y};
    first = end;
    if (!(high.x > low.x)) continue;
    canvas.canvas.fill(low, high, ink(canvas.style().palette.bad, 0.05f), 0);
    draw_hatch(canvas.canvas, low, high, ink(canvas.style().palette.bad, 0.16f));
  }
}

void draw_trouble(const DepthCanvas& canvas, const Trouble& trouble, const TroubleLook& look) {
  const ImVec2 low = canvas.low(), high = canvas.high();
  const float x = canvas.at(trouble.layer, 0).x;
  const std::array line{ImVec2{x, low.y}, ImVec2{x, high.y}};
  const float width = units(canvas.style(), 1.5f);
  if (!(x >= low.x && x <= high.x)) return;
  if (look.dash.off > 0)
    canvas.canvas.dashes(line, ink(look.color), width, look.dash);
  else
    canvas.canvas.polyline(line, ink(look.color), width);
}

void label_trouble(const DepthCanvas& canvas, const Trouble& trouble, const TroubleLook& look,
                   LabelPlaces& places) {
  const Style& style = canvas.style();
  const float x = canvas.at(trouble.layer, 0).x;
  if (!(x >= canvas.low().x && x <= canvas.high().x)) return;
  const Plate plate{Face::semibold, body(style) * text_size::small, look.color, true};
  const float room = places.area().high.x - places.area().low.x - plate_size(style, plate, "").x;
  const std::vector<std::string> forms = tag_words(canvas, trouble, look, plate, room);
  const auto placed = [&](const std::string& words, std::ptrdiff_t most) {
    const ImVec2 size = plate_size(style, plate, words);
    const auto at = places.take(tag_corners(canvas, x, size, places.area()), size, most);
    if (!at) return false;
    draw_leader(canvas, x, *at, size, look.color);
    draw_plate(canvas.canvas, plate, *at, words, canvas.low(), canvas.high());
    return true;
  };
  // Among the curves of two passes a tag says less before it hides one of them.
  if (look.name.empty()) return void(placed(forms.front(), LabelPlaces::kAny));
  for (const std::string& words : forms)
    if (placed(words, 0)) return;
  placed(forms.back(), LabelPlaces::kAny);
}

}  // namespace nanscope
