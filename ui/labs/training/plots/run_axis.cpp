#include "ui/labs/training/plots/run_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Seconds of work before a step: as measured, and by the mean where that is all that is known.
double seconds_before(const RunSummary& run, double step) {
  const RunHistory& history = *run.history;
  const std::vector<double>& seconds = history.seconds;
  if (seconds.empty() || history.steps.empty()) return step / run.steps_per_second();
  const auto count = static_cast<double>(seconds.size());
  // Steps follow one another; a run that goes on from a checkpoint does not begin with 0.
  const double done = step - history.steps.front();
  if (done < 1) return 0;
  if (done <= count) return seconds[static_cast<std::size_t>(done) - 1];
  return seconds.back() * done / count;
}

/// What a step is worth on an axis on which all are the same.
double worth_of_step(const RunSummary& run, RunAxis axis) {
  const double passes = run.experiment.training.accumulation;
  switch (axis) {
    case RunAxis::epoch:
      return run.batches_per_epoch > 0 ? passes / static_cast<double>(run.batches_per_epoch) : NAN;
    case RunAxis::samples:
      return passes * run.experiment.data.batch;
    case RunAxis::flops:
      return run.step_flops();
    case RunAxis::step:
    case RunAxis::seconds:
      break;
  }
  return 1;
}

}  // namespace

RunAxis drawn_axis(const RunSummary& run, const ViewSpec& view) {
  return std::isfinite(place_along(run, view.x, 1)) ? view.x : RunAxis::step;
}

double place_along(const RunSummary& run, RunAxis axis, double step) {
  return axis == RunAxis::seconds ? seconds_before(run, step) : step * worth_of_step(run, axis);
}

std::vector<double> places_along(const RunSummary& run, RunAxis axis,
                                 std::span<const double> steps) {
  std::vector<double> places;
  places.reserve(steps.size());
  for (const double step : steps) places.push_back(place_along(run, axis, step));
  return places;
}

double step_in_sight(const RunSummary& run) {
  constexpr int kCloser = 4;       // times, where so much of the axis would be empty
  constexpr double kFewest = 250;  // steps that are worth an axis of their own
  double last = static_cast<double>(run.goal);
  while (last / kCloser >= std::max(static_cast<double>(run.steps), kFewest)) last /= kCloser;
  return last;
}

std::vector<double> ends_along(const RunPicture& picture) {
  const RunAxis axis = axis_of(picture);
  const auto begin = [&](const RunSummary& run) { return place_along(run, axis, first_step(run)); };
  std::vector<double> ends{begin(*picture.run),
                           place_along(*picture.run, axis, step_in_sight(*picture.run))};
  for (const BesideRun& one : picture.beside) {
    ends.push_back(begin(*one.run));
    ends.push_back(place_along(*one.run, axis, static_cast<double>(one.run->steps)));
  }
  return ends;
}

ScaledAxis axis_along(const RunPicture& picture, const Style& style, const PlotPlace& place,
                      float width) {
  constexpr double kDivisions = 8;  // its ends are a round number of steps
  const std::vector<double> ends = ends_along(picture);
  const bool whole = is_whole(axis_of(picture));
  const ImFont* font = style.fonts.regular;
  const ScaledAxis shared = scaled_axis(ends, {.most = kDivisions, .whole = whole}, font);
  ScaledAxis axis = scaled_axis(ends,
                                {.most = std::max(3.0f, width / (body(style) * 4)),
                                 .zoom = place.zoom.x,
                                 .held = place.held.x.value_or(shared.home),
                                 .whole = whole},
                                font);
  axis.lockable = shared.lockable;
  return axis;
}

std::string title_along(std::string_view plot, RunAxis axis) {
  return format_text(fmt::format("run.along.{}", plot),
                     fmt::arg("along", text(fmt::format("run.look_along.{}", name_of(axis)))));
}

std::string axis_words(RunAxis axis) { return text(fmt::format("plot.axis.{}", name_of(axis))); }

std::string place_words(RunAxis axis, double place, double step) {
  return format_text(fmt::format("run.at_{}", name_of(axis)), fmt::arg("place", number_text(place)),
                     fmt::arg("step", step));
}

}  // namespace nanscope
