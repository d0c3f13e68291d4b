#include "ui/charts/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ui/canvas/power_text.h"

namespace nanscope {
namespace {

double next_decimal_step(double step) {
  const double mantissa = step / std::pow(10, std::floor(std::log10(step) + 1e-9));
  return mantissa < 1.5 ? step * 2 : mantissa < 3 ? step * 2.5 : step * 2;
}

/// A value in as many digits as tell it from those a step away.
std::string tick_text(double value, double step, bool percent) {
  const double shown = std::abs(value) < step * 1e-9 ? 0 : value;
  const double ratio = shown == 0 ? 1 : std::abs(shown) / step;
  const int digits = std::clamp(static_cast<int>(std::ceil(std::log10(ratio) + 1e-9)) + 1, 6, 15);
  return percent ? fmt::format("{:.{}g} %", 100 * shown, digits)
                 : fmt::format("{:.{}g}", shown, digits);
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

/// Ticks at 1, 2 and 5 times the powers of ten within limits that are logarithms: as far from one
/// another as these are, where round values a step apart would crowd at the upper end.
Ticks one_two_five(const Limits& limits, bool percent) {
  Ticks ticks;
  for (double power = std::floor(limits.low); power <= limits.high; ++power)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double at = power + std::log10(factor), value = factor * std::pow(10.0, power);
      if (at < limits.low - 1e-9 || at > limits.high + 1e-9) continue;
      ticks.at.push_back(at);
      ticks.labels.push_back(tick_text(value, value / 2, percent));
    }
  return ticks;
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

double round_step(double span, double most) {
  const double step = std::pow(10, std::floor(std::log10(span / most)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (span / (step * factor) <= most) return step * factor;
  return step * 10;
}

Ticks value_ticks(const Limits& limits, double step, bool percent) {
  Ticks ticks;
  if (!(step > 0) || !std::isfinite(step)) return ticks;
  const double first = std::ceil(limits.low / step - 1e-9);
  for (int i = 0; (first + i) * step <= limits.high + step * 1e-6; ++i) {
    const double at = (first + i) * step;
    ticks.at.push_back(at);
    ticks.labels.push_back(tick_text(at, step, percent));
  }
  return ticks;
}

Ticks round_ticks(const Limits& limits, int log_base, double most, const ImFont* font,
                  bool percent) {
  most = std::max(most, 2.0);
  // Two powers and more are in sight: they say that the axis is logarithmic.
  if (log_base != 0 && std::floor(limits.high) - std::ceil(limits.low) >= 1)
    return power_ticks({limits, 1}, log_base, font, most);
  if (log_base == 0) return value_ticks(limits, round_step(limits.span(), most), percent);
  constexpr double kWide = 0.75;  // decades
  if (log_base == 10 && limits.span() >= kWide) return one_two_five(limits, percent);
  const Limits values{std::pow(log_base, limits.low), std::pow(log_base, limits.high)};
  Ticks ticks = value_ticks(values, round_step(values.span(), most), percent);
  // One number alone does not say how far it is to another one.
  for (int finer = 2; ticks.at.size() < 2 && finer <= 8; finer *= 2)
    ticks = value_ticks(values, round_step(values.span(), most * finer), percent);
  for (double& at : ticks.at) at = std::log(at) / std::log(log_base);
  return ticks;
}

Ticks without_crowding(const Ticks& ticks, double distance) {
  Ticks kept;
  for (std::size_t i = 0; i < ticks.at.size(); ++i) {
    const bool near = std::ranges::any_of(
        kept.at, [&](double other) { return std::abs(other - ticks.at[i]) < distance; });
    if (near) continue;
    kept.at.push_back(ticks.at[i]);
    kept.labels.push_back(ticks.labels[i]);
  }
  return kept;
}

double log10_or_gap(double value) {
  return value > 0 && std::isfinite(value) ? std::log10(value)
                                           : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace nanscope
