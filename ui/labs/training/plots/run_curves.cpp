#include "ui/labs/training/plots/run_curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ui/charts/axis.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

Series series_of(const std::vector<double>& values) {
  Series series;
  for (const double value : values) series.push_back(value);
  return series;
}

std::shared_ptr<const Series> remembered(const RunPicture& picture, const CurveMemo::Key& key,
                                         const std::function<std::vector<double>()>& make) {
  if (picture.memo) return picture.memo->get(key, make);
  return std::make_shared<const Series>(series_of(make()));
}

void add_curve(std::vector<DrawnCurve>& drawn, const RunPicture& picture, const RunSummary& run,
               RunAxis axis, DrawnCurve one) {
  const RunHistory& history = *(one.history = run.history);
  const RunColumn column = one.curve->x;
  one.y = history.of_network(one.curve->y, one.network);
  if (one.y.values.empty()) return;
  one.x = CurveNumbers(history.*column).first(one.y.size());
  one.steps = one.x.values;
  if (one.curve->band) {
    const RunHistory::Band& band = history.*one.curve->band;
    one.low = band.low;
    one.high = band.high;
  }
  if (axis != RunAxis::step) {
    one.places = remembered(picture, {.history = run.history, .column = column, .axis = axis},
                            [&] { return places_along(run, axis, history.*column); });
    one.x = CurveNumbers(*one.places).first(one.y.size());
    if (!std::isfinite(one.x.values.back())) return;
  }
  drawn.push_back(std::move(one));
}

}  // namespace

Stroke beside_stroke(int look, const Style& style) {
  constexpr int kColors = 4;  // behind those of the run itself
  constexpr std::array<Dash, 4> kDashes{Dash{0, 0}, {6, 3}, {2, 3}, {10, 3}};
  const ImVec4& color = style.palette.series[static_cast<std::size_t>(2 + look % kColors)];
  const ImVec4& ground = style.palette.surface;
  // Half of the way to the ground: a line that is seen through would be strong where it is dense.
  const auto half = [](float one, float other) { return (one + other) / 2; };
  Stroke stroke{
      .color = {half(color.x, ground.x), half(color.y, ground.y), half(color.z, ground.z), color.w},
      .width = 0.75f};
  static_assert(kColors * kDashes.size() == kRunLooks);
  stroke.dash = kDashes[static_cast<std::size_t>(look / kColors) % kDashes.size()];
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

std::shared_ptr<const Series> CurveMemo::get(const Key& key,
                                             const std::function<std::vector<double>()>& make) {
  auto found = std::ranges::find(kept_, key, &Kept::key);
  if (found == kept_.end())
    found = kept_.insert(kept_.end(), {key, std::make_shared<const Series>(series_of(make()))});
  found->asked = true;
  return found->list;
}

void CurveMemo::begin_frame() {
  std::erase_if(kept_, [](const Kept& one) { return !one.asked; });
  for (Kept& one : kept_) one.asked = false;
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
    add_curve(drawn, picture, *picture.run, axis,
              {.curve = &curve,
               .words = text(curve.name),
               .stroke = {.color = style.palette.series[look % style.palette.series.size()],
                          .mark = kMarks[look % kMarks.size()],
                          .marked = curve.seldom},
               .network = network_of_conditions(*picture.run, picture.view)});
  }
  for (const BesideRun& one : picture.beside)
    add_curve(drawn, picture, *one.run, axis,
              {.curve = &quantity.curves.front(),
               .words = one.words,
               .stroke = beside_stroke(one.look, style),
               .beside = true});
  const double smoothing = picture.view.smoothing;
  for (DrawnCurve& one : drawn)
    if (smoothing > 0 && !one.curve->seldom && quantity.log_base != 0)
      one.smooth = remembered(picture,
                              {.history = one.history,
                               .column = one.curve->y,
                               .smoothing = smoothing,
                               .network = one.network},
                              [&] { return smoothed(one.y.values, smoothing); });
  return drawn;
}

std::vector<double> ends_of(const RunPicture& picture, std::span<const DrawnCurve> curves,
                            int log_base) {
  Extent extent;
  for (const DrawnCurve& one : curves) {
    const auto ends = remembered(
        picture,
        {.history = one.history, .column = one.curve->y, .ends = log_base, .network = one.network},
        [&]() -> std::vector<double> {
          Extent own;
          for (const CurveNumbers& numbers : {one.y, one.low, one.high}) {
            const Extent part = extent_of(numbers, log_base);
            if (part.empty()) continue;
            own.add(part.limits().low);
            own.add(part.limits().high);
          }
          if (own.empty()) return {};
          return {own.limits().low, own.limits().high};
        });
    for (const double end : *ends) extent.add(end);
  }
  if (extent.empty()) return {};
  return {extent.limits().low, extent.limits().high};
}

}  // namespace nanscope
