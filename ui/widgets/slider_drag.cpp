#include "ui/widgets/slider_drag.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

constexpr int kFewestDigits = 3, kMostDigits = 12;
constexpr double kKeyStep = 0.01;  // of the value, or of a linear track

double rounded_to_digits(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double decimals = digits - 1 - std::floor(std::log10(std::abs(value)));
  const double factor = std::pow(10.0, std::abs(decimals));
  // Divide by a power of ten rather than multiply by its inexact inverse: 0.7 stays 0.7.
  return decimals >= 0 ? std::round(value * factor) / factor : std::round(value / factor) * factor;
}

double rounded(double value, int digits, const SliderSpec& spec) {
  const double near = spec.integer ? std::round(value) : rounded_to_digits(value, digits);
  return std::clamp(near, spec.low, spec.high);
}

/// How many digits tell values apart that differ by this part of them, and `more`.
int digits_of_part(double part, int more) {
  if (!(part > 0)) return kFewestDigits;
  const auto digits = static_cast<int>(std::ceil(-std::log10(part) - 1e-9));
  return std::clamp(digits + more, kFewestDigits, kMostDigits);
}

/// A part of the track, as a part of this value.
double part_of_value(double share, double value, const SliderSpec& spec) {
  if (spec.logarithmic) return share * std::log(spec.high / spec.low);
  return value == 0 ? 1 : share * (spec.high - spec.low) / std::abs(value);
}

}  // namespace

double track_share(double value, const SliderSpec& spec) {
  if (!(spec.high > spec.low)) return 0;
  const double clamped = std::clamp(value, spec.low, spec.high);
  return spec.logarithmic ? std::log(clamped / spec.low) / std::log(spec.high / spec.low)
                          : (clamped - spec.low) / (spec.high - spec.low);
}

double stepped(double value, double steps, const SliderSpec& spec) {
  SliderSpec reached = spec;
  reached.low = std::min(spec.low, value);
  reached.high = std::max(spec.high, value);
  // An integer has no parts of a step.
  if (spec.integer) steps = std::copysign(std::max(1.0, std::abs(steps)), steps);
  if (!spec.logarithmic) {
    const double next = value + steps * (spec.integer ? 1 : kKeyStep * (spec.high - spec.low));
    return rounded(next, digits_of_part(std::abs(part_of_value(kKeyStep * steps, next, spec)), 2),
                   reached);
  }
  const double next = rounded(value * std::pow(1 + kKeyStep, steps),
                              digits_of_part(kKeyStep * std::abs(steps), 2), reached);
  // Small integers would stand still when a step is less than one.
  if (spec.integer && next == value)
    return rounded(value + std::copysign(1, steps), kFewestDigits, reached);
  return next;
}

double pace_of_drag(double pixels, double seconds) {
  constexpr double kSlowest = 0.1;
  constexpr double kSlow = 40, kQuick = 160;  // pixels a second
  constexpr double kJump = 6;                 // pixels at once: no slow hand does that
  const double moved = std::abs(pixels);
  if (moved >= kJump || !(seconds > 0)) return 1;
  const double speed = moved / seconds;
  return std::clamp(kSlowest + (1 - kSlowest) * (speed - kSlow) / (kQuick - kSlow), kSlowest, 1.0);
}

SliderDrag dragged(SliderDrag drag, const DragStep& step) {
  if (step.moved == 0) return drag;
  const double before = drag.share;
  drag.share += step.pace * step.moved;
  if (step.pace >= 1) {
    const double wanted = step.pointer - drag.hold;
    const double behind = wanted - drag.share;
    // In the direction of the movement it catches up, by as much again.
    if (behind * step.moved > 0)
      drag.share += std::copysign(std::min(std::abs(behind), std::abs(step.moved)), step.moved);
    // At an end it waits for a pointer that went beyond.
    const bool at_end = (before <= 0 && wanted <= 0) || (before >= 1 && wanted >= 1);
    if (at_end) drag.share = before;
  }
  drag.share = std::clamp(drag.share, 0.0, 1.0);
  return drag;
}

double dragged_value(const SliderDrag& drag, const DragStep& step, const SliderSpec& spec) {
  const double smallest = step.pace * step.pixel;
  constexpr double kNear = 2;
  if (spec.landmark && step.snaps &&
      std::abs(drag.share - track_share(spec.landmark->value, spec)) < kNear * smallest)
    return spec.landmark->value;
  const double value = spec.logarithmic ? spec.low * std::pow(spec.high / spec.low, drag.share)
                                        : spec.low + drag.share * (spec.high - spec.low);
  return rounded(value, digits_of_part(part_of_value(smallest, value, spec), 1), spec);
}

}  // namespace nanscope
