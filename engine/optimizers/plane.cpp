#include "engine/optimizers/plane.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nanscope {
namespace {

/// A place on an axis of the grid: the point before it and how far it is to the next one, 0..1.
std::optional<std::pair<int, double>> grid_place(double value, double low, double high, int side) {
  const double place = (value - low) / (high - low) * (side - 1);
  if (side < 2 || !(place >= 0 && place <= side - 1)) return std::nullopt;
  const int before = std::min(static_cast<int>(place), side - 2);
  return std::pair{before, place - before};
}

}  // namespace

std::optional<double> loss_at(const LossPlane& plane, const Pair& at) {
  const auto& [left, right, low, high] = plane.view;
  const auto x = grid_place(at[0], left, right, plane.side);
  const auto y = grid_place(at[1], low, high, plane.side);
  if (!x || !y) return std::nullopt;
  const auto corner = [&](int column, int row) {
    return plane
        .losses[static_cast<std::size_t>((y->first + row) * plane.side + x->first + column)];
  };
  double log = 0;
  bool has_log = true;
  for (const auto& [column, row] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
    const double loss = corner(column, row);
    has_log = has_log && std::isfinite(loss) && loss > 0;
    const double weight = (column ? x->second : 1 - x->second) * (row ? y->second : 1 - y->second);
    if (has_log) log += weight * std::log(loss);
  }
  return has_log ? std::exp(log) : corner(x->second > 0.5, y->second > 0.5);
}

double nonfinite_share(const LossPlane& plane) {
  if (plane.losses.empty()) return 0;
  const auto count =
      std::ranges::count_if(plane.losses, [](double loss) { return !std::isfinite(loss); });
  return static_cast<double>(count) / static_cast<double>(plane.losses.size());
}

PlaneSpec plane_spec(const Experiment& experiment) {
  const Optimizers& optimizers = experiment.optimizers;
  PlaneSpec spec{
      .directions = optimizers.directions, .after = optimizers.after, .span = optimizers.span};
  spec.run.network = experiment.network;
  spec.run.network.networks = 1;
  spec.run.training = experiment.training;
  // What is only looked at changes nothing of it.
  spec.run.training.statistics = spec.run.training.evaluate = 0;
  spec.run.data = experiment.data;
  spec.run.lab = LabName::training;
  return spec;
}

JobRequest descent_request(const Experiment& experiment) {
  PathsRequest paths = paths_request(experiment.optimizers);
  if (experiment.optimizers.surface != SurfaceKind::run) return paths;
  return PlaneRequest{plane_spec(experiment), std::move(paths)};
}

}  // namespace nanscope
