#include "ui/charts/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nanscope {
namespace {

/// UTF-8 of the raised digits; their code points are not in a row.
constexpr std::array kRaisedDigits{"\u2070", "\u00B9", "\u00B2", "\u00B3", "\u2074",
                                   "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
constexpr const char* kRaisedMinus = "\u207B";
constexpr ImWchar kRaisedMinusCode = 0x207B;

double next_decimal_step(double step) {
  const double mantissa = step / std::pow(10, std::floor(std::log10(step) + 1e-9));
  return mantissa < 1.5 ? step * 2 : mantissa < 3 ? step * 2.5 : step * 2;
}

template <class Next>
SnappedAxis snap_with(const Limits& extent, double smallest_span, int divisions, Next next) {
  SnappedAxis axis;
  while (extent.span() / axis.step > divisions) axis.step = next(axis.step);
  axis.limits = {std::floor(extent.low / axis.step) * axis.step,
                 std::ceil(extent.high / axis.step) * axis.step};
  // Widened by whole steps on the side where the data stands closer to the edge.
  while (axis.limits.span() < smallest_span) {
    const bool below = extent.low - axis.limits.low < axis.limits.high - extent.high;
    (below ? axis.limits.low : axis.limits.high) += below ? -axis.step : axis.step;
  }
  return axis;
}

}  // namespace

Limits drawable(Limits limits) {
  if (!std::isfinite(limits.low) || !std::isfinite(limits.high)) return {0, 1};
  const double largest = std::max(std::abs(limits.low), std::abs(limits.high));
  const double smallest_span = std::max(1e-6 * largest, 1e-9);
  if (limits.span() >= smallest_span) return limits;
  const double middle = (limits.low + limits.high) / 2;
  return {middle - smallest_span, middle + smallest_span};
}

void Extent::add(double value) {
  if (!std::isfinite(value)) return;
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
}

SnappedAxis snap(const Limits& extent, double smallest_span, int divisions) {
  return snap_with(extent, smallest_span, divisions, next_decimal_step);
}

SnappedAxis snap_binades(const Limits& extent, double smallest_span, int divisions) {
  return snap_with(extent, smallest_span, divisions, [](double step) { return step * 2; });
}

std::string power_text(int base, int exponent, const ImFont* font) {
  // A loaded font that lacks the raised minus lacks the raised digits too.
  if (font && !const_cast<ImFont*>(font)->IsGlyphInFont(kRaisedMinusCode))
    return fmt::format("{}^{}", base, exponent);
  std::string result = std::to_string(base);
  if (exponent < 0) result += kRaisedMinus;
  for (char digit : std::to_string(std::abs(exponent))) result += kRaisedDigits[digit - '0'];
  return result;
}

Ticks power_ticks(const SnappedAxis& axis, int base, const ImFont* font, double most) {
  double step = axis.step;
  while (axis.limits.span() / step > std::max(most, 2.0))
    step = base == 2 ? step * 2 : next_decimal_step(step);
  Ticks ticks;
  for (double at = std::ceil(axis.limits.low / step) * step; at <= axis.limits.high; at += step) {
    ticks.at.push_back(at);
    ticks.labels.push_back(power_text(base, static_cast<int>(std::lround(at)), font));
  }
  return ticks;
}

Ticks plain_ticks(const Limits& limits, double step, const std::string& suffix) {
  Ticks ticks;
  for (double at = std::ceil(limits.low / step) * step; at <= limits.high + step * 1e-6;
       at += step) {
    ticks.at.push_back(at);
    ticks.labels.push_back(fmt::format("{:g}{}", at, suffix));
  }
  return ticks;
}

double log10_or_gap(double value) {
  return value > 0 && std::isfinite(value) ? std::log10(value)
                                           : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace nanscope
