#include "ui/charts/chart_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "ui/text/text.h"

namespace nanscope {
namespace {

/// 1, 2 or 5 times a power of ten, so that at most `most` of them make up the span.
double nice_step(double span, double most) {
  double step = std::pow(10, std::floor(std::log10(span / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (span / (step * factor) <= most) return step * factor;
  return step * 10;
}

ScaledAxis linear_axis(Limits extent, double most, bool percent) {
  if (!(extent.span() > 0)) {
    const double around = std::max(std::abs(extent.low) * 0.5, 1e-300);
    extent = {extent.low - around, extent.high + around};
  }
  const double step = nice_step(extent.span(), most);
  ScaledAxis axis;
  axis.limits = {std::floor(extent.low / step + 1e-9) * step,
                 std::ceil(extent.high / step - 1e-9) * step};
  const int count = static_cast<int>(std::lround(axis.limits.span() / step));
  for (int i = 0; i <= count; ++i) {
    const double at = axis.limits.low + i * step;
    axis.ticks.at.push_back(at);
    const double shown = std::abs(at) < step * 1e-9 ? 0 : at;
    axis.ticks.labels.push_back(percent ? fmt::format("{:g} %", 100 * shown)
                                        : fmt::format("{:g}", shown));
  }
  return axis;
}

}  // namespace

double ScaledAxis::scaled(double value) const {
  if (log_base == 0) return value;
  if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
  return log_base == 2 ? std::log2(value) : std::log10(value);
}

ScaledAxis scaled_axis(std::span<const double> values, int log_base, double most,
                       const ImFont* font, bool percent) {
  ScaledAxis axis;
  axis.log_base = log_base;
  Extent extent;
  for (const double value : values) extent.add(axis.scaled(value));
  const Limits limits = extent.empty() ? Limits{0, 1} : extent.limits();
  if (log_base == 0) return linear_axis(limits, most, percent);
  const int divisions = static_cast<int>(most);
  const SnappedAxis snapped =
      log_base == 2 ? snap_binades(limits, 1.0, divisions) : snap(limits, 1.0, divisions);
  axis.limits = {std::max(snapped.limits.low, limits.low - 0.5),
                 std::min(snapped.limits.high, limits.high + 0.5)};
  axis.ticks = power_ticks(snapped, log_base, font, most);
  return axis;
}

float ChartFrame::x_at(double value) const {
  const double share = (x.scaled(value) - x.limits.low) / x.limits.span();
  return low.x + static_cast<float>(share) * (high.x - low.x);
}
float ChartFrame::y_at(double value) const {
  const double share = (y.scaled(value) - y.limits.low) / y.limits.span();
  return high.y - static_cast<float>(share) * (high.y - low.y);
}
ImVec2 ChartFrame::at(double x_value, double y_value) const {
  return {x_at(x_value), y_at(y_value)};
}
bool ChartFrame::has(double x_value, double y_value) const {
  const double slack_x = x.limits.span() * 1e-6, slack_y = y.limits.span() * 1e-6;
  const double sx = x.scaled(x_value), sy = y.scaled(y_value);
  return sx >= x.limits.low - slack_x && sx <= x.limits.high + slack_x &&
         sy >= y.limits.low - slack_y && sy <= y.limits.high + slack_y;
}

void draw_stroke(Canvas& canvas, std::span<const ImVec2> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  const float width = units(canvas.style(), stroke.width);
  if (stroke.dash.off > 0)
    canvas.dashes(points, ink(stroke.color), width, stroke.dash);
  else
    canvas.polyline(points, ink(stroke.color), width);
}

void draw_marker(Canvas& canvas, Mark mark, ImVec2 center, const ImVec4& color) {
  const float r = px(canvas.style().marker_size) * 1.15f;
  const auto [x, y] = std::array{center.x, center.y};
  const ImU32 filled = ink(color);
  switch (mark) {
    case Mark::circle: {
      std::array<ImVec2, 16> points;
      for (std::size_t i = 0; i < points.size(); ++i) {
        const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / 16;
        points[i] = {x + r * std::cos(angle), y + r * std::sin(angle)};
      }
      canvas.polygon(points, filled);
      break;
    }
    case Mark::diamond:
      canvas.polygon(
          std::array<ImVec2, 4>{
              {{x, y - r * 1.3f}, {x + r * 1.3f, y}, {x, y + r * 1.3f}, {x - r * 1.3f, y}}},
          filled);
      break;
    case Mark::square:
      canvas.fill({x - r * 0.9f, y - r * 0.9f}, {x + r * 0.9f, y + r * 0.9f}, filled);
      break;
    case Mark::triangle:
      canvas.polygon(
          std::array<ImVec2, 3>{
              {{x, y - r * 1.3f}, {x + r * 1.2f, y + r * 0.9f}, {x - r * 1.2f, y + r * 0.9f}}},
          filled);
      break;
    case Mark::cross:
      canvas.line({x - r, y - r}, {x + r, y + r}, filled, units(canvas.style(), 2));
      canvas.line({x - r, y + r}, {x + r, y - r}, filled, units(canvas.style(), 2));
  }
}

namespace {

/// Where the entries of a legend stand, from its corner, and how wide a sample of a line is.
struct LegendPlaces {
  std::vector<ImVec2> at;
  float height = 0;
};

float sample_width(const Style& style, const ChartLegendEntry& entry) {
  return body(style) * (entry.line ? 2.2f : 0.7f);
}

LegendPlaces place_legend(const Style& style, std::span<const ChartLegendEntry> entries,
                          float width) {
  const float em = body(style), size = em * 0.875f, row = size * 1.5f;
  LegendPlaces places;
  float x = 0, y = 0;
  for (const ChartLegendEntry& entry : entries) {
    const float wide = sample_width(style, entry) + em * 1.6f +
                       text_extent(style, Face::regular, size, entry.words).x;
    if (x > 0 && x + wide > width) {
      x = 0;
      y += row;
    }
    places.at.push_back({x, y});
    x += wide;
  }
  places.height = entries.empty() ? 0 : y + row;
  return places;
}

}  // namespace

void draw_chart_legend(Canvas& canvas, std::span<const ChartLegendEntry> entries, ImVec2 corner,
                       float width) {
  const Style& style = canvas.style();
  const float em = body(style), size = em * 0.875f;
  const LegendPlaces places = place_legend(style, entries, width);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ChartLegendEntry& entry = entries[i];
    const ImVec2 at{corner.x + places.at[i].x, corner.y + places.at[i].y};
    const float sample = sample_width(style, entry), middle = at.y + size * 0.6f;
    if (entry.line)
      draw_stroke(canvas, std::array{ImVec2{at.x, middle}, ImVec2{at.x + sample, middle}},
                  entry.stroke);
    if (entry.stroke.marked)
      draw_marker(canvas, entry.stroke.mark, {at.x + sample / 2, middle}, entry.stroke.color);
    const float left = at.x + sample + em * 0.4f;
    canvas.text({left, at.y},
                cut_text(style, Face::regular, size, entry.words, corner.x + width - left),
                {Face::regular, size, ink(style.palette.text)});
  }
}

float chart_legend_height(const Style& style, std::span<const ChartLegendEntry> entries,
                          float width) {
  return place_legend(style, entries, width).height;
}

ChartFrame place_chart(const Style& style, ScaledAxis x, ScaledAxis y, ImVec2 corner, ImVec2 size) {
  const float em = body(style), small = em * text_size::small;
  float labels = 0;
  for (const std::string& label : y.ticks.labels)
    labels = std::max(labels, text_extent(style, Face::regular, small, label).x);
  ChartFrame frame{std::move(x), std::move(y), {}, {}};
  frame.low = {std::round(corner.x + labels + em * 0.5f), std::round(corner.y + small * 1.5f)};
  frame.high = {std::round(corner.x + size.x - em), std::round(corner.y + size.y - small * 2.8f)};
  frame.high.x = std::max(frame.high.x, frame.low.x + 1);
  frame.high.y = std::max(frame.high.y, frame.low.y + 1);
  return frame;
}

void draw_chart_frame(Canvas& canvas, const ChartFrame& frame, const std::string& x_name,
                      const std::string& y_name) {
  const Style& style = canvas.style();
  const float small = body(style) * text_size::small;
  const auto place = [](double at, const Limits& limits) {
    return static_cast<float>((at - limits.low) / limits.span());
  };
  const auto inside = [](double at, const Limits& limits) {
    const double slack = limits.span() * 1e-6;
    return at >= limits.low - slack && at <= limits.high + slack;
  };
  for (std::size_t i = 0; i < frame.x.ticks.at.size(); ++i) {
    if (!inside(frame.x.ticks.at[i], frame.x.limits)) continue;
    const float x =
        frame.low.x + place(frame.x.ticks.at[i], frame.x.limits) * (frame.high.x - frame.low.x);
    canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(style.palette.grid), units(style, 1));
    canvas.text({x, frame.high.y + units(style, 3)}, frame.x.ticks.labels[i],
                {Face::regular, small, ink(style.palette.muted), Anchor::middle});
  }
  for (std::size_t i = 0; i < frame.y.ticks.at.size(); ++i) {
    if (!inside(frame.y.ticks.at[i], frame.y.limits)) continue;
    const float y =
        frame.high.y - place(frame.y.ticks.at[i], frame.y.limits) * (frame.high.y - frame.low.y);
    canvas.line({frame.low.x, y}, {frame.high.x, y}, ink(style.palette.grid), units(style, 1));
    canvas.text({frame.low.x - small * 0.4f, y - small * 0.55f}, frame.y.ticks.labels[i],
                {Face::regular, small, ink(style.palette.muted), Anchor::right});
  }
  canvas.outline(frame.low, frame.high, ink(style.palette.border), units(style, 1));
  canvas.text({(frame.low.x + frame.high.x) / 2, frame.high.y + small * 1.5f}, x_name,
              {Face::regular, small, ink(style.palette.text), Anchor::middle});
  canvas.text({frame.low.x, frame.low.y - small * 1.4f}, y_name,
              {Face::regular, small, ink(style.palette.text)});
}

}  // namespace nanscope
