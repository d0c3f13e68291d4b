#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "ui/labs/numbers/plots/roundoff_look.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"

// What the pointer reads out of a chart.
namespace nanscope {
namespace {

constexpr float kReach = 40;     // units from the pointer to a point
constexpr float kMarkReach = 8;  // and to the line of a mark
constexpr float kSamePoint = 1;  // points closer than this are one on the screen
constexpr std::size_t kMostCurves = 5;

float distance(ImVec2 a, ImVec2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

struct NearPoint {
  const ChartCurve* curve = nullptr;
  std::size_t index = 0;
  ImVec2 at;
  float distance = std::numeric_limits<float>::infinity();
};

NearPoint nearest_on(const ChartCurve& curve, const ChartFrame& frame, ImVec2 pointer) {
  NearPoint best;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const ImVec2 at = frame.at(curve.x[i], curve.y[i]);
    if (!frame.contains(at, 1)) continue;
    if (const float away = distance(at, pointer); away < best.distance)
      best = {&curve, i, at, away};
  }
  return best;
}

/// How an axis of this unit spells a number in few digits.
std::function<std::string(double)> words_in_unit(const std::string& unit) {
  return [unit](double value) { return cell_words(value, unit); };
}

std::string value_line(const ChartAxis& axis, double value) {
  return fmt::format("{}: {}", text(axis.key), exact_words(value, axis.unit));
}

/// The mark whose line is nearest to the pointer, within its reach.
const ChartMark* mark_at(const RoundoffChart& chart, const ChartFrame& frame, ImVec2 pointer,
                         bool histogram, float reach) {
  const ChartMark* nearest = nullptr;
  for (const ChartMark& mark : chart.marks) {
    if ((mark.axis == ChartMark::Axis::histogram_x) != histogram) continue;
    const float away = mark.axis == ChartMark::Axis::y ? std::abs(frame.y_at(mark.at) - pointer.y)
                                                       : std::abs(frame.x_at(mark.at) - pointer.x);
    if (away < reach) {
      reach = away;
      nearest = &mark;
    }
  }
  return nearest;
}

/// The bin that x lies in, or the number of bins.
std::size_t bin_of(const ChartBars& bars, const ChartFrame& frame, float x) {
  for (std::size_t k = 0; k < bars.shares.size(); ++k)
    if (x >= frame.x_at(bars.edges[k]) && x < frame.x_at(bars.edges[k + 1])) return k;
  return bars.shares.size();
}

/// A share in per cent: a hundred times the decimal that the double stands for.
std::string percent_words(double share) {
  return fmt::format("{:.16g} %", 100 * std::strtold(fmt::format("{}", share).c_str(), nullptr));
}

}  // namespace

std::string exact_words(double value, const std::string& unit) {
  if (std::isnan(value)) return "-";
  if (unit == "share") return percent_words(value);
  return fmt::format("{}{}{}", value, unit.empty() ? "" : " ", unit);
}

std::optional<PlotReading> read_roundoff_curves(const RoundoffChart& chart, const Style& style,
                                                const PlotPlace& place, ImVec2 pointer) {
  const ChartLook look(chart, style);
  const ChartFrame frame = place_curves(chart, look, style, place).frame;
  if (!frame.contains(pointer, units(style, kMarkReach))) return std::nullopt;
  std::vector<NearPoint> near;
  for (const ChartCurve& curve : chart.curves)
    if (const NearPoint point = nearest_on(curve, frame, pointer);
        point.distance < units(style, kReach))
      near.push_back(point);
  // A computed point goes before a formula's at the same place.
  std::ranges::stable_sort(near, {}, [](const NearPoint& point) {
    return std::pair(std::round(point.distance), point.curve->evidence == Evidence::predicted);
  });
  if (near.empty()) {
    const ChartMark* mark = mark_at(chart, frame, pointer, false, units(style, kMarkReach));
    if (!mark) return std::nullopt;
    PlotReading reading{pointer, {mark_words(*mark)}};
    reading.on_drawn = false;
    return reading;
  }
  const NearPoint& first = near.front();
  PlotReading reading{first.at, {}};
  for (const NearPoint& point : near)
    if (distance(point.at, first.at) <= kSamePoint && reading.lines.size() < kMostCurves)
      reading.lines.push_back(curve_words(*point.curve));
  const double x = first.curve->x[first.index], y = first.curve->y[first.index];
  reading.lines.push_back(value_line(chart.x, x));
  reading.lines.push_back(value_line(chart.y, y));
  reading.values = {{text(chart.x.key), x, NAN, words_in_unit(chart.x.unit)},
                    {text(chart.y.key), y, frame.y.scaled(y), words_in_unit(chart.y.unit)}};
  return reading;
}

std::optional<PlotReading> read_roundoff_histogram(const RoundoffChart& chart, const Style& style,
                                                   const PlotPlace& place, ImVec2 pointer) {
  const ChartLook look(chart, style);
  const ChartFrame frame = place_histogram(chart, look, style, place).frame;
  if (!frame.contains(pointer)) return std::nullopt;
  std::optional<PlotReading> reading;
  for (const ChartBars& bars : chart.histograms) {
    const std::size_t bin = bin_of(bars, frame, pointer.x);
    if (bin == bars.shares.size() || !(bars.shares[bin] > 0)) continue;
    if (!reading) {
      const double low = bars.edges[bin], high = bars.edges[bin + 1];
      const float middle = (frame.x_at(low) + frame.x_at(high)) / 2;
      reading = PlotReading{{middle, frame.y_at(bars.shares[bin])},
                            {fmt::format("{}: {} .. {}", text(chart.histogram_x.key),
                                         exact_words(low, chart.histogram_x.unit),
                                         exact_words(high, chart.histogram_x.unit))}};
    }
    reading->lines.push_back(fmt::format("{}{}{}, {}: {}", bars.format,
                                         bars.format.empty() ? "" : " ", text(bars.label),
                                         text(fmt::format("plot.{}", name_of(bars.evidence))),
                                         exact_words(bars.shares[bin], "share")));
    reading->values.push_back(
        {text(bars.label), bars.shares[bin], bars.shares[bin], words_in_unit("share")});
  }
  if (const ChartMark* mark = mark_at(chart, frame, pointer, true, units(style, kMarkReach))) {
    if (!reading) {
      reading = PlotReading{pointer, {}};
      reading->on_drawn = false;
    }
    reading->lines.push_back(mark_words(*mark));
  }
  return reading;
}

}  // namespace nanscope
