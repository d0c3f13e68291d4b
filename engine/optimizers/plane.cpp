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

struct GridAt {
  const std::array<double, 4>* view;
  const std::vector<double>* losses;
  int side = 0;
};

std::optional<GridAt> grid_at(const LossPlane& plane, const Pair& at) {
  std::optional<GridAt> found;
  double apart = 0;  // the area between four of its points
  const auto look = [&](const std::array<double, 4>& view, const std::vector<double>& losses,
                        int side) {
    if (!grid_place(at[0], view[0], view[1], side) || !grid_place(at[1], view[2], view[3], side))
      return;
    const double own = (view[1] - view[0]) * (view[3] - view[2]) / (side - 1) / (side - 1);
    if (found && own >= apart) return;
    found = GridAt{&view, &losses, side};
    apart = own;
  };
  look(plane.view, plane.losses, plane.side);
  look(plane.zoomed.view, plane.zoomed.losses, plane.zoomed.side);
  return found;
}

}  // namespace

std::optional<double> loss_at(const LossPlane& plane, const Pair& at) {
  const auto grid = grid_at(plane, at);
  if (!grid) return std::nullopt;
  const auto& [left, right, low, high] = *grid->view;
  const auto x = grid_place(at[0], left, right, grid->side);
  const auto y = grid_place(at[1], low, high, grid->side);
  const auto corner = [&](int column, int row) {
    return (
        *grid->losses)[static_cast<std::size_t>((y->first + row) * grid->side + x->first + column)];
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
  if (const ViewZoom* zoom = find_zoom(experiment.view, kPlanePlot)) {
    spec.x = zoom->x;
    spec.y = zoom->y;
  }
  return spec;
}

JobRequest descent_request(const Experiment& experiment, std::vector<PlaneChange> changes) {
  PathsRequest paths = paths_request(experiment.optimizers);
  if (experiment.optimizers.surface != SurfaceKind::run) return paths;
  PlaneSpec spec = plane_spec(experiment);
  spec.changes = std::move(changes);
  return PlaneRequest{std::move(spec), std::move(paths)};
}

}  // namespace nanscope
