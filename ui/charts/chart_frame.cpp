#include "ui/charts/chart_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ui/charts/chart_signs.h"

namespace nanscope {
namespace {

// Heights of what stands around the plot area, in heights of small text.
constexpr float kAbove = 1.4f, kBelow = 2.65f;
constexpr float kRight = 1;  // of the body's text, right of the plot area

/// What of a line or a mark on the edge of the plot area lies outside of it.
float edge_of(const Style& style, const ChartFrame& frame) {
  const bool zoomed = frame.x.limits != frame.x.home || frame.y.limits != frame.y.home;
  return zoomed ? 0 : 2 * px(style.marker_size);
}

ImVec2 minus(ImVec2 point, float by) { return {point.x - by, point.y - by}; }

double share_of(double at, const Limits& limits) { return (at - limits.low) / limits.span(); }

/// Of a linear axis.
double tick_step(double span, const AxisWish& wish) {
  const double step = round_step(span, wish.most);
  return wish.whole && span >= 1 ? std::max(step, 1.0) : step;
}

Ticks ticks_within(const Limits& limits, const AxisWish& wish, const ImFont* font) {
  if (wish.whole && wish.log_base == 0)
    return value_ticks(limits, tick_step(limits.span(), wish), wish.percent);
  return round_ticks(limits, wish.log_base, wish.most, font, wish.percent);
}

bool within(double at, const Limits& limits) {
  const double slack = limits.span() * 1e-6;
  return at >= limits.low - slack && at <= limits.high + slack;
}

}  // namespace

double ScaledAxis::scaled(double value) const {
  if (log_base == 0) return value;
  if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
  return log_base == 2 ? std::log2(value) : std::log10(value);
}

bool ScaledAxis::at_home(double place) const {
  const double slack = home.span() * 1e-4;
  return place >= home.low - slack && place <= home.high + slack;
}

ScaledAxis scaled_axis(std::span<const double> values, const AxisWish& wish, const ImFont* font) {
  ScaledAxis axis;
  axis.log_base = wish.log_base;
  Extent extent;
  for (const double value : values) extent.add(axis.scaled(value));
  Limits limits = extent.empty() ? Limits{0, 1} : extent.limits();
  const Limits taken = limits;
  if (wish.log_base == 0) {
    if (!(limits.span() > 0)) {
      const double around = std::max(std::abs(limits.low) * 0.5, 1e-300);
      limits = {limits.low - around, limits.high + around};
    }
    // Shares end at 0 and at 100 %.
    if (wish.percent && taken.low >= 0) limits.low = std::max(limits.low, 0.0);
    if (wish.percent && taken.high <= 1) limits.high = std::min(limits.high, 1.0);
    const double step = tick_step(limits.span(), wish);
    axis.limits = axis.home = {std::floor(limits.low / step + 1e-9) * step,
                               std::ceil(limits.high / step - 1e-9) * step};
    axis.ticks = value_ticks(axis.home, step, wish.percent);
  } else {
    const int divisions = static_cast<int>(wish.most);
    const SnappedAxis snapped =
        wish.log_base == 2 ? snap_binades(limits, 1.0, divisions) : snap(limits, 1.0, divisions);
    axis.limits = axis.home = {std::max(snapped.limits.low, limits.low - 0.5),
                               std::min(snapped.limits.high, limits.high + 0.5)};
    axis.ticks = power_ticks(snapped, wish.log_base, font, wish.most);
    // One power alone says nothing of how large values are: round numbers between powers do.
    const auto seen =
        std::ranges::count_if(axis.ticks.at, [&](double at) { return axis.at_home(at); });
    if (seen < 2) axis.ticks = round_ticks(axis.home, wish.log_base, wish.most, font, wish.percent);
  }
  axis.lockable = {axis.home, taken};
  if (wish.held) axis.limits = axis.home = drawable(*wish.held);
  if (wish.zoom) axis.limits = within_reach(*wish.zoom, axis.home);
  if (wish.held || wish.zoom) axis.ticks = ticks_within(axis.limits, wish, font);
  return axis;
}

float ChartFrame::x_at(double value) const { return at_units(x.scaled(value), 0).x; }
float ChartFrame::y_at(double value) const { return at_units(0, y.scaled(value)).y; }

ImVec2 ChartFrame::at(double x_value, double y_value) const {
  return at_units(x.scaled(x_value), y.scaled(y_value));
}

ImVec2 ChartFrame::at_units(double x_place, double y_place) const {
  return {low.x + static_cast<float>(share_of(x_place, x.limits) * double(high.x - low.x)),
          high.y - static_cast<float>(share_of(y_place, y.limits) * double(high.y - low.y))};
}

double ChartFrame::x_unit(float pixel) const {
  return x.limits.low + double(pixel - low.x) / double(high.x - low.x) * x.limits.span();
}

double ChartFrame::y_unit(float pixel) const {
  return y.limits.low + double(high.y - pixel) / double(high.y - low.y) * y.limits.span();
}

bool ChartFrame::contains(ImVec2 pixel, float slack) const {
  return pixel.x >= low.x - slack && pixel.x <= high.x + slack && pixel.y >= low.y - slack &&
         pixel.y <= high.y + slack;
}

FrameClip::FrameClip(Canvas& canvas, const ChartFrame& frame, bool shows_all)
    : clip_(canvas, minus(frame.low, shows_all ? edge_of(canvas.style(), frame) : 0),
            minus(frame.high, shows_all ? -edge_of(canvas.style(), frame) : 0)) {}

float frame_height(const Style& style) {
  return body(style) * text_size::small * (kAbove + kBelow);
}

void draw_beside_y_name(Canvas& canvas, const ChartFrame& frame, const std::string& y_name,
                        const std::string& note, const std::string& brief, bool needed) {
  const Style& style = canvas.style();
  const float small = body(style) * text_size::small;
  const auto width = [&](const std::string& words) {
    return text_extent(style, Face::regular, small, words).x;
  };
  // Of an axis that can be locked the lock stands there.
  const bool lockable = frame.x.lockable || frame.y.lockable;
  const float right = frame.high.x - (lockable ? lock_width(style) : 0);
  const float room = right - frame.low.x - width(y_name) - px(style.spacing);
  const std::string& words = width(note) > room ? brief : note;
  if (width(words) > room && !needed) return;
  canvas.text({right, frame.low.y - small * 1.35f}, words,
              {Face::regular, small, ink(style.palette.muted), Anchor::right});
}

ChartFrame place_chart(const Style& style, ScaledAxis x, ScaledAxis y, ImVec2 corner, ImVec2 size,
                       float least_labels) {
  const float em = body(style), small = em * text_size::small;
  float labels = least_labels;
  for (const std::string& label : y.ticks.labels)
    labels = std::max(labels, text_extent(style, Face::regular, small, label).x);
  ChartFrame frame{std::move(x), std::move(y), {}, {}};
  frame.low = {std::round(corner.x + labels + em * 0.5f), std::round(corner.y + small * kAbove)};
  frame.high = {std::round(corner.x + size.x - em * kRight),
                std::round(corner.y + size.y - small * kBelow)};
  frame.high.x = std::max(frame.high.x, frame.low.x + 1);
  frame.high.y = std::max(frame.high.y, frame.low.y + 1);
  return frame;
}

void draw_chart_frame(Canvas& canvas, const ChartFrame& frame, const std::string& x_name,
                      const std::string& y_name) {
  const Style& style = canvas.style();
  const float small = body(style) * text_size::small;
  float taken = -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < frame.x.ticks.at.size(); ++i) {
    if (!within(frame.x.ticks.at[i], frame.x.limits)) continue;
    const float x = frame.at_units(frame.x.ticks.at[i], 0).x;
    canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(style.palette.grid), units(style, 1));
    // A label stays in the chart's place, and gives way to the one before it.
    const float width = text_extent(style, Face::regular, small, frame.x.ticks.labels[i]).x;
    const float left = std::min(x - width / 2, frame.high.x + body(style) * kRight - width);
    if (left < taken + small * 0.3f) continue;
    taken = left + width;
    canvas.text({left, frame.high.y + units(style, 3)}, frame.x.ticks.labels[i],
                {Face::regular, small, ink(style.palette.muted)});
  }
  float said = std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < frame.y.ticks.at.size(); ++i) {
    if (!within(frame.y.ticks.at[i], frame.y.limits)) continue;
    const float y = frame.at_units(0, frame.y.ticks.at[i]).y;
    canvas.line({frame.low.x, y}, {frame.high.x, y}, ink(style.palette.grid), units(style, 1));
    if (std::abs(said - y) < drawn_size(style, small)) continue;
    said = y;
    canvas.text({frame.low.x - small * 0.4f, y - small * 0.55f}, frame.y.ticks.labels[i],
                {Face::regular, small, ink(style.palette.muted), Anchor::right});
  }
  canvas.outline(frame.low, frame.high, ink(style.palette.border), units(style, 1));
  canvas.text({(frame.low.x + frame.high.x) / 2, frame.high.y + small * 1.45f}, x_name,
              {Face::regular, small, ink(style.palette.text), Anchor::middle});
  if (!y_name.empty())
    canvas.text({frame.low.x, frame.low.y - small * 1.35f}, y_name,
                {Face::regular, small, ink(style.palette.text)});
}

}  // namespace nanscope
