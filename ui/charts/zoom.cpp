#include "ui/charts/zoom.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nanscope {
namespace {

constexpr double kLeastHome = 0.1;  // of what is seen, or of home where that is less
constexpr double kSame = 1e-9;      // of the span: what is left by rounding

/// Limits of this span, moved back where home would leave the sight; nothing for home itself. The
/// span is told beside the limits: far from 0 their difference has lost it.
std::optional<Limits> kept(Limits limits, double span, const Limits& home) {
  const double least = kLeastHome * std::min(span, home.span());
  limits.low = std::clamp(limits.low, home.low + least - span, home.high - least);
  limits.high = limits.low + span;
  const auto same = [&](double a, double b) { return std::abs(a - b) < kSame * home.span(); };
  if (same(limits.low, home.low) && same(limits.high, home.high)) return std::nullopt;
  return limits;
}

PlotZoom limits_of(const std::vector<ViewZoom>& plots, std::string_view plot) {
  const auto found = std::ranges::find(plots, plot, &ViewZoom::plot);
  if (found == plots.end()) return {};
  const auto limits = [](const std::optional<ViewRange>& range) {
    return range ? std::optional(Limits{range->low, range->high}) : std::nullopt;
  };
  return {limits(found->x), limits(found->y)};
}

}  // namespace

Limits within_reach(const Limits& wanted, const Limits& home, const ZoomReach& reach) {
  const Limits limits = drawable(wanted);
  const double middle = limits.low + limits.span() / 2;
  const double span =
      std::clamp(limits.span(), reach.closest * home.span(), reach.furthest * home.span());
  if (span == limits.span()) return kept(limits, span, home).value_or(home);
  return kept({middle - span / 2, middle + span / 2}, span, home).value_or(home);
}

PlotZoom plot_zoom(const ViewSpec& view, std::string_view plot) {
  return limits_of(view.zoom, plot);
}

PlotZoom plot_lock(const ViewSpec& view, std::string_view plot) {
  return limits_of(view.lock, plot);
}

Limits grown(const Limits& held, const Limits& taken, const Limits& home) {
  Limits limits = held;
  if (taken.low < held.low) limits.low = std::min(held.low, home.low);
  if (taken.high > held.high) limits.high = std::max(held.high, home.high);
  return limits;
}

void set_plot_zoom(ViewSpec& view, std::string_view plot, const PlotZoom& zoom) {
  const auto range = [](const std::optional<Limits>& limits) {
    return limits ? std::optional(ViewRange{limits->low, limits->high}) : std::nullopt;
  };
  set_zoom(view, {std::string(plot), range(zoom.x), range(zoom.y)});
}

std::optional<Limits> zoomed(const Limits& seen, const Limits& home, double share, double factor,
                             const ZoomReach& reach) {
  const double span =
      std::clamp(seen.span() / factor, reach.closest * home.span(), reach.furthest * home.span());
  const double about = seen.low + share * seen.span();
  const double low = about - share * span;
  return kept({low, low + span}, span, home);
}

std::optional<Limits> panned(const Limits& seen, const Limits& home, double share) {
  const double by = share * seen.span();
  return kept({seen.low + by, seen.high + by}, seen.span(), home);
}

std::optional<Limits> narrowed(const Limits& seen, const Limits& home, double from, double to,
                               const ZoomReach& reach) {
  const auto [low, high] = std::minmax(from, to);
  const double middle = seen.low + (low + high) / 2 * seen.span();
  const double span = std::max((high - low) * seen.span(), reach.closest * home.span());
  return kept({middle - span / 2, middle + span / 2}, span, home);
}

}  // namespace nanscope
