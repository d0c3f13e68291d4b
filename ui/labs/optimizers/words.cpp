#include "ui/labs/optimizers/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/labs/describe.h"
#include "ui/labs/optimizers/plots/paths_picture.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::size_t kMostSaid = 2;  // of those that diverge, and of those that stand still

/// Above this rate sgd's steps on a quadratic grow: each element is multiplied by 1 - lr (curvature
/// + lambda), and the largest curvature is the condition number.
double largest_rate(const PathsRequest& request, const Optimizer& optimizer) {
  return 2 / (request.condition + optimizer.weight_decay);
}

std::string divergence_words(const Paths& paths, const Path& path) {
  const Optimizer& optimizer = path.optimizer;
  const std::string_view kind = name_of(optimizer.kind);
  const auto name = fmt::arg("optimizer", kind);
  const auto step = fmt::arg("step", path.divergence->step);
  if (!path.divergence->is_finite) return format_text("optimizers.sentence.nonfinite", name, step);
  const double most = largest_rate(paths.of, optimizer);
  if (paths.of.surface != SurfaceKind::quadratic || optimizer.kind != OptimizerKind::sgd ||
      optimizer.lr <= most)
    return format_text("optimizers.sentence.diverges", name, step);
  return format_text(
      optimizer.weight_decay == 0 ? "optimizers.sentence.rate" : "optimizers.sentence.rate_decay",
      name, step, fmt::arg("lr", number_text(optimizer.lr)),
      fmt::arg("condition", number_text(paths.of.condition)),
      fmt::arg("decay", number_text(optimizer.weight_decay)), fmt::arg("most", number_text(most)));
}

std::string standstill_words(const Paths& paths, const Path& path) {
  return format_text(
      path.standstill->absorbed ? "optimizers.sentence.absorbed" : "optimizers.sentence.no_update",
      fmt::arg("format", paths.of.format), fmt::arg("optimizer", name_of(path.optimizer.kind)),
      fmt::arg("step", path.standstill->step));
}

/// How far a place of the format is from the next one, at the minimum that is nearest.
double spacing_at_minimum(const Paths& paths, const Pair& at) {
  const Result<NumberFormat> format = parse_format(paths.of.format);
  const auto distance = [&](const Pair& minimum) {
    return std::hypot(at[0] - minimum[0], at[1] - minimum[1]);
  };
  const Pair& minimum =
      *std::ranges::min_element(surface_text(paths.of.surface).minima, {}, distance);
  const auto spacing = [&](double value) {
    if (value == 0) return format->smallest_subnormal;
    return std::exp2(std::floor(std::log2(std::abs(value)))) * format->epsilon;
  };
  return format ? std::hypot(spacing(minimum[0]), spacing(minimum[1])) : 0;
}

/// A distance of 0 is one that the format has rounded away.
std::string distance_words(const Paths& paths, const Pair& at, double distance) {
  const double spacing = distance == 0 ? spacing_at_minimum(paths, at) : 0;
  if (spacing == 0) return number_text(distance);
  return format_text("optimizers.sentence.less_than", fmt::arg("distance", number_text(spacing)));
}

/// Which has the smallest loss, where that is not the one that comes nearest.
std::string smallest_loss_words(const Paths& paths, const Path& nearest) {
  const auto loss = [](const Path& path) {
    return path.divergence ? INFINITY : path.steps.back().loss;
  };
  const Path& smallest = *std::ranges::min_element(paths.paths, {}, loss);
  if (!(loss(smallest) < loss(nearest))) return "";
  return " " + format_text("optimizers.sentence.smallest_loss",
                           fmt::arg("optimizer", name_of(smallest.optimizer.kind)),
                           fmt::arg("loss", number_text(loss(smallest))));
}

std::string nearest_words(const Paths& paths) {
  const Surface surface(paths.of.surface, paths.of.condition);
  const auto distance = [&](const Path& path) {
    return path.divergence ? INFINITY : surface.distance_to_minimum(path.steps.back().state.theta);
  };
  const auto nearest = std::ranges::min_element(paths.paths, {}, distance);
  if (nearest->divergence) return "";
  const std::string words = count_text(
      paths.paths.size() == 1 ? "optimizers.sentence.comes" : "optimizers.sentence.nearest",
      nearest->last(), fmt::arg("optimizer", name_of(nearest->optimizer.kind)),
      fmt::arg("distance",
               distance_words(paths, nearest->steps.back().state.theta, distance(*nearest))));
  return words + smallest_loss_words(paths, *nearest);
}

/// Where a run got of whose parameters the plane is drawn, and how much of that the plane shows.
std::string run_words(const LossPlane& plane) {
  const RunPlace& last = plane.run.back();
  const bool until = last.step < plane.steps;
  const char* const moving = until ? "optimizers.sentence.run_until" : "optimizers.sentence.run";
  const char* const still = until ? "optimizers.sentence.still_until" : "optimizers.sentence.still";
  return format_text(moves(plane) ? moving : still, fmt::arg("step", last.step),
                     fmt::arg("loss", number_text(last.loss)),
                     fmt::arg("percent", percent_text(plane.share)));
}

/// Which optimizer gets lowest on a run's plane, where the run got, and what is not finite there.
void add_plane_words(const Paths& paths, std::vector<std::string>& said) {
  const auto loss = [](const Path& path) {
    const double at = path.steps.back().loss;
    return path.divergence || std::isnan(at) ? INFINITY : at;
  };
  const Path& lowest = *std::ranges::min_element(paths.paths, {}, loss);
  if (std::isfinite(loss(lowest)))
    said.push_back(count_text("optimizers.sentence.lowest", lowest.last(),
                              fmt::arg("optimizer", name_of(lowest.optimizer.kind)),
                              fmt::arg("loss", number_text(loss(lowest)))));
  if (!paths.plane->run.empty()) said.push_back(run_words(*paths.plane));
  if (const double share = nonfinite_share(*paths.plane); share > 0)
    said.push_back(format_text("optimizers.sentence.nonfinite_grid",
                               fmt::arg("percent", percent_text(share))));
}

std::string describe_plane(const LossPlane& plane) {
  const char* const principal =
      moves(plane) ? "optimizers.plane.principal" : "optimizers.plane.still";
  return format_text(
      plane.directions == PlaneDirections::random ? "optimizers.plane.random" : principal,
      fmt::arg("after", plane.after), fmt::arg("steps", plane.steps));
}

}  // namespace

std::string paths_sentence(const Paths& paths) {
  std::vector<std::string> said;
  std::size_t diverge = 0, stand = 0;
  for (const Path& path : paths.paths)
    if (path.divergence && diverge++ < kMostSaid) said.push_back(divergence_words(paths, path));
  if (diverge > kMostSaid)
    said.push_back(count_text("optimizers.sentence.more_diverge", diverge - kMostSaid));
  for (const Path& path : paths.paths)
    if (path.standstill && stand++ < kMostSaid) said.push_back(standstill_words(paths, path));
  if (stand > kMostSaid)
    said.push_back(count_text("optimizers.sentence.more_stand", stand - kMostSaid));
  if (paths.plane)
    add_plane_words(paths, said);
  else if (std::string words = nearest_words(paths); !words.empty())
    said.push_back(std::move(words));
  return fmt::format("{}", fmt::join(said, " "));
}

std::string describe_optimizers(const Paths& paths, const Experiment& experiment) {
  const PathsRequest& request = paths.of;
  const std::string separator = text("describe.separator");
  std::string words = paths.plane
                          ? describe(experiment) + separator + describe_plane(*paths.plane)
                          : text(fmt::format("optimizers.surface.{}", name_of(request.surface)));
  if (paths.plane && paths.plane->changes > 0)
    words += separator + count_text("optimizers.changes", paths.plane->changes);
  if (request.surface == SurfaceKind::quadratic)
    words += separator + format_text("optimizers.of_condition",
                                     fmt::arg("condition", number_text(request.condition)));
  words += separator + request.format;
  for (const Optimizer& optimizer : request.optimizers)
    words += separator + fmt::format("{} {}", name_of(optimizer.kind), number_text(optimizer.lr));
  return words;
}

std::string paths_foot(const Paths& paths) {
  const std::string computed =
      format_text("optimizers.computed", fmt::arg("format", paths.of.format));
  if (!paths.plane) return computed;
  return format_text("optimizers.loss_measured", fmt::arg("measured", measured_of(paths))) +
         text("describe.separator") +
         format_text("optimizers.steps_computed", fmt::arg("format", paths.of.format));
}

}  // namespace nanscope
