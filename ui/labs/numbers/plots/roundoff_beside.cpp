#include <algorithm>
#include <cmath>

#include "ui/labs/numbers/plots/roundoff_look.h"

namespace nanscope {
namespace {

constexpr float kSamePixel = 1.25f;  // curves closer than this cannot be told apart
// Of the style's line, from one curve's middle to the next, and from the values to the outermost.
constexpr float kPitch = 1.5f, kFarthest = 1;

/// Where a curve's values are drawn; those without a place are gaps.
std::vector<ImVec2> places_of_values(const ChartFrame& frame, const ChartCurve& curve) {
  std::vector<ImVec2> places;
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    places.push_back(frame.at(curve.x[i], curve.y[i]));
  return places;
}

bool is_same_place(ImVec2 a, ImVec2 b) {
  if (is_gap(a) || is_gap(b)) return is_gap(a) && is_gap(b);
  // Two infinite values are equal and have no difference.
  const auto near = [](float c, float d) { return c == d || std::abs(c - d) < kSamePixel; };
  return near(a.x, b.x) && near(a.y, b.y);
}

/// The direction across a line from its first place to its last.
ImVec2 across(const std::vector<ImVec2>& places) {
  // An infinite value has its place beyond the plot and points nowhere.
  const auto real = [](ImVec2 at) { return std::isfinite(at.x) && std::isfinite(at.y); };
  const auto first = std::ranges::find_if(places, real);
  const auto last = std::ranges::find_if(places.rbegin(), places.rend(), real);
  if (first == places.end()) return {0, 1};
  const ImVec2 along{last->x - first->x, last->y - first->y};
  const float length = std::hypot(along.x, along.y);
  return length > 0 ? ImVec2{-along.y / length, along.x / length} : ImVec2{0, 1};
}

}  // namespace

std::vector<ImVec2> side_by_side(const RoundoffChart& chart, const ChartFrame& frame,
                                 const Style& style) {
  struct Bundle {
    std::vector<ImVec2> places;
    std::vector<std::size_t> curves;
  };
  std::vector<Bundle> bundles;
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    if (chart.curves[i].evidence == Evidence::predicted) continue;
    std::vector<ImVec2> places = places_of_values(frame, chart.curves[i]);
    const auto same = std::ranges::find_if(bundles, [&](const Bundle& bundle) {
      return std::ranges::equal(bundle.places, places, is_same_place);
    });
    if (same == bundles.end())
      bundles.push_back({std::move(places), {i}});
    else
      same->curves.push_back(i);
  }
  std::vector<ImVec2> shifts(chart.curves.size());
  for (const Bundle& bundle : bundles) {
    const ImVec2 direction = across(bundle.places);
    const float middle = static_cast<float>(bundle.curves.size() - 1) / 2;
    const float pitch = px(style.line_width) * std::min(kPitch, kFarthest / std::max(middle, 0.5f));
    for (std::size_t k = 0; k < bundle.curves.size(); ++k) {
      const float away = (static_cast<float>(k) - middle) * pitch;
      shifts[bundle.curves[k]] = {direction.x * away, direction.y * away};
    }
  }
  return shifts;
}

}  // namespace nanscope
