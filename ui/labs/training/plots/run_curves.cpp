#include "ui/labs/training/plots/run_curves.h"

#include <array>
#include <cmath>
#include <utility>

#include "ui/charts/axis.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

void add_curve(std::vector<DrawnCurve>& drawn, const RunSummary& run, RunAxis axis,
               DrawnCurve one) {
  const RunHistory& history = *run.history;
  one.y = history.*one.curve->y;
  if (one.y.empty()) return;
  one.x = one.steps = std::span(history.*one.curve->x).first(one.y.size());
  if (axis != RunAxis::step) {
    one.places = std::make_shared<const std::vector<double>>(places_along(run, axis, one.steps));
    one.x = *one.places;
    if (!std::isfinite(one.x.back())) return;
  }
  drawn.push_back(std::move(one));
}

}  // namespace

Stroke beside_stroke(int look, const Style& style) {
  constexpr int kColors = 4;  // behind those of the run itself
  const ImVec4& color = style.palette.series[static_cast<std::size_t>(2 + look % kColors)];
  const ImVec4& ground = style.palette.surface;
  // Half of the way to the ground: a line that is seen through would be strong where it is dense.
  const auto half = [](float one, float other) { return (one + other) / 2; };
  Stroke stroke{
      .color = {half(color.x, ground.x), half(color.y, ground.y), half(color.z, ground.z), color.w},
      .width = 0.75f};
  if (look >= kColors) stroke.dash = {6, 3};
  return stroke;
}

std::vector<double> smoothed(std::span<const double> y, double kept) {
  std::vector<double> smooth;
  smooth.reserve(y.size());
  double mean = 0, share = 0;
  for (const double value : y) {
    if (std::isfinite(value)) {
      mean = kept * mean + (1 - kept) * value;
      share = kept * share + (1 - kept);
    }
    smooth.push_back(std::isfinite(value) ? mean / share : value);
  }
  return smooth;
}

std::vector<DrawnCurve> drawn_curves(const RunPicture& picture, const RunQuantity& quantity,
                                     const Style& style) {
  constexpr std::array kMarks{Mark::circle, Mark::diamond};
  std::vector<DrawnCurve> drawn;
  const RunAxis axis = axis_of(picture);
  for (std::size_t i = 0; i < quantity.curves.size(); ++i) {
    const RunCurve& curve = quantity.curves[i];
    // What is held out looks the same in every plot.
    const std::size_t look = curve.seldom ? 1 : i;
    add_curve(drawn, *picture.run, axis,
              {.curve = &curve,
               .words = text(curve.name),
               .stroke = {.color = style.palette.series[look % style.palette.series.size()],
                          .mark = kMarks[look % kMarks.size()],
                          .marked = curve.seldom}});
  }
  for (const BesideRun& one : picture.beside)
    add_curve(drawn, *one.run, axis,
              {.curve = &quantity.curves.front(),
               .words = one.words,
               .stroke = beside_stroke(one.look, style),
               .beside = true});
  if (picture.view.smoothing > 0)
    for (DrawnCurve& one : drawn)
      if (!one.curve->seldom && quantity.log_base != 0)
        one.smooth = smoothed(one.y, picture.view.smoothing);
  return drawn;
}

std::vector<double> ends_of(std::span<const DrawnCurve> curves, int log_base) {
  Extent extent;
  for (const DrawnCurve& one : curves)
    for (const double value : one.y)
      if (log_base == 0 || value > 0) extent.add(value);
  if (extent.empty()) return {};
  return {extent.limits().low, extent.limits().high};
}

}  // namespace nanscope
