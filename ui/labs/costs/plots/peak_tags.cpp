#include "ui/labs/costs/plots/peak_tags.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "ui/canvas/shapes.h"
#include "ui/charts/labels.h"

namespace nanscope {
namespace {

/// A column that is pointed out.
struct PeakTag {
  ImVec2 top;
  std::string words;
  Mark mark = Mark::circle;
  ImVec4 color;
};

/// What tags must not cover.
struct PeakRoom {
  const StackedBars& bars;
  const ChartFrame& frame;
  int first;
  std::vector<LabelBox> taken = {};

  /// Adds from where to where a line of totals reaches between two pixels of x.
  template <class Total>
  void add_reach(std::vector<std::pair<float, float>>& reaches, std::size_t count, float left,
                 float right, Total total) const {
    float high = std::numeric_limits<float>::infinity(), low = -high;
    for (std::size_t i = 0; i < count; ++i) {
      const double middle = first + static_cast<double>(i);
      if (frame.x_at(middle + 0.5) < left || frame.x_at(middle - 0.5) > right) continue;
      const float y = frame.y_at(total(i) / bars.unit);
      high = std::min(high, y);
      low = std::max(low, y);
    }
    if (high <= low) reaches.emplace_back(high, low);
  }

  /// Of the totals, and of where one part begins on another.
  std::vector<std::pair<float, float>> reaches(float left, float right, bool within) const {
    std::vector<std::pair<float, float>> all;
    for (std::size_t part = 1; within && part < bars.parts.size(); ++part)
      add_reach(all, bars.bars.size(), left, right, [&](std::size_t i) {
        const std::vector<double>& values = bars.bars[i].values;
        const std::size_t count = std::min(part, values.size());
        return std::accumulate(values.begin(), values.begin() + std::ptrdiff_t(count), 0.0);
      });
    add_reach(all, bars.bars.size(), left, right,
              [&](std::size_t i) { return bars.bars[i].total(); });
    for (const auto* line : {&bars.before, &bars.measured})
      add_reach(all, line->size(), left, right, [line](std::size_t i) { return (*line)[i]; });
    if (bars.limit) {
      const float y = frame.y_at(bars.limit->value / bars.unit);
      all.emplace_back(y, y);
    }
    return all;
  }

  bool is_free(ImVec2 corner, ImVec2 size, float gap,
               const std::vector<std::pair<float, float>>& lines) const {
    const LabelBox box{{corner.x - gap, corner.y - gap},
                       {corner.x + size.x + gap, corner.y + size.y + gap}};
    for (const LabelBox& other : taken)
      if (other.touches(box)) return false;
    for (const auto& [high, low] : lines)
      if (box.low.y < low && high < box.high.y) return false;
    return true;
  }

  /// The free place that is nearest to the column's top; within a part if there is one.
  std::optional<ImVec2> place(ImVec2 top, ImVec2 size, float gap) const {
    const auto inside = place(top, size, gap, /*within=*/true);
    return inside ? inside : place(top, size, gap, /*within=*/false);
  }

  std::optional<ImVec2> place(ImVec2 top, ImVec2 size, float gap, bool within) const {
    constexpr int kAcross = 12;
    constexpr float kDown = 3;  // pixels
    const float right = frame.high.x - size.x;
    if (right < frame.low.x) return std::nullopt;
    std::optional<ImVec2> best;
    float nearest = std::numeric_limits<float>::infinity();
    for (int i = -1; i <= kAcross; ++i) {
      const float share = static_cast<float>(i) / kAcross;
      const float x = i < 0 ? std::clamp(top.x - size.x / 2, frame.low.x, right)
                            : frame.low.x + share * (right - frame.low.x);
      const auto lines = reaches(x, x + size.x, within);
      for (float y = frame.low.y; y + size.y <= frame.high.y; y += kDown) {
        const float across = std::max(std::abs(x + size.x / 2 - top.x) - size.x / 2, 0.0f);
        const float far = std::hypot(across, y + size.y / 2 - top.y);
        if (far >= nearest || !is_free({x, y}, size, gap, lines)) continue;
        nearest = far;
        best = {x, y};
      }
    }
    return best;
  }
};

}  // namespace

void draw_peaks(Canvas& canvas, const StackedBars& bars, const ChartFrame& frame, int first) {
  const Style& style = canvas.style();
  std::vector<PeakTag> tags;
  const auto add = [&](std::size_t index, double total, const std::string& words, Mark mark,
                       const ImVec4& color) {
    const ImVec2 top = frame.at(first + static_cast<double>(index), total / bars.unit);
    if (frame.contains(top)) tags.push_back({top, words, mark, color});
  };
  if (bars.peak && *bars.peak < bars.bars.size())
    add(*bars.peak, bars.bars[*bars.peak].total(), bars.peak_words, Mark::circle,
        style.palette.text);
  if (bars.before_peak && *bars.before_peak < bars.before.size())
    add(*bars.before_peak, bars.before[*bars.before_peak], bars.before_peak_words, Mark::diamond,
        style.palette.predicted);
  PeakRoom room{bars, frame, first};
  constexpr float kMarkSize = 1.3f;
  const float radius = px(style.marker_size) * kMarkSize * 1.25f;  // of a diamond
  for (const PeakTag& tag : tags) {
    draw_mark(canvas, tag.mark, tag.top, ink(tag.color), kMarkSize);
    room.taken.push_back(
        {{tag.top.x - radius, tag.top.y - radius}, {tag.top.x + radius, tag.top.y + radius}});
  }
  for (const PeakTag& tag : tags) {
    const Plate plate{.size = body(style) * text_size::small, .color = tag.color};
    const ImVec2 size = plate_size(style, plate, tag.words);
    const auto at = room.place(tag.top, size, units(style, 3));
    if (!at) continue;
    draw_plate(canvas, plate, *at, tag.words, frame.low, frame.high);
    room.taken.push_back({*at, {at->x + size.x, at->y + size.y}});
  }
}

void draw_empty_plot(Canvas& canvas, const std::string& words, const PlotPlace& place) {
  const Style& style = canvas.style();
  const float size = body(style);
  const std::vector<std::string> lines =
      wrapped_lines(style, Face::regular, size, words, place.size.x * 0.8f);
  float y = place.corner.y + (place.size.y - size * 1.4f * static_cast<float>(lines.size())) / 2;
  for (const std::string& line : lines) {
    canvas.text({place.corner.x + place.size.x / 2, y}, line,
                {Face::regular, size, ink(style.palette.muted), Anchor::middle});
    y += size * 1.4f;
  }
}

}  // namespace nanscope
