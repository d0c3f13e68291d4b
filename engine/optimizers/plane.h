#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/job/job_request.h"
#include "engine/optimizers/paths.h"

// The plane theta0 + x d1 + y d2 through a run's parameters, after Li et al. 2018, "Visualizing the
// Loss Landscape of Neural Nets": its loss is the run's own, measured with the run's precision.
namespace nanscope {

/// Which plane.
struct PlaneSpec {
  Experiment run = {};  ///< the run's settings alone: what else an experiment holds is default
  PlaneDirections directions = PlaneDirections::principal;
  int after = 0;    ///< steps of the run to theta0; the last where it has fewer
  double span = 0;  ///< Optimizers::span
  bool operator==(const PlaneSpec&) const = default;
};

/// Answers the paths of these optimizers on the plane, and the plane. In Paths::plane it publishes
/// the grid from coarse to fine. Needs LibTorch.
struct PlaneRequest {
  using Answer = Paths;
  static constexpr std::string_view kSlot = PathsRequest::kSlot;

  PlaneSpec plane;
  PathsRequest paths;
  bool operator==(const PlaneRequest&) const = default;
};

/// Where a run is nearest to the plane: its parameters after some steps, projected onto it.
struct RunPlace {
  int step = 0;
  Pair at{};
  double loss = 0;  ///< of the run's own parameters, which lie beside the plane, on its samples
};

/// What was measured of a plane.
struct LossPlane {
  PlaneDirections directions = PlaneDirections::principal;
  int after = 0;                 ///< steps of the run that theta0 comes after
  int steps = 0;                 ///< of the run
  std::array<double, 4> view{};  ///< what the grid reaches: from x to x, from y to y
  int side = 0;                  ///< points of the grid a side; 0: nothing is measured yet
  std::vector<double> losses =
      {};  ///< (side,side), from the lowest y and x on; any may be inf, NaN
  std::vector<RunPlace> run = {};
  /// Of the squared distances of the run's places from theta0, the part that lies in the plane, and
  /// along each direction where these are at right angles.
  double share = 0;
  Pair shares{};
  Pair lengths{};                 ///< of the directions, in the parameters' own units
  std::int64_t rows = 0;          ///< that the loss is the mean of
  std::int64_t rows_trained = 0;  ///< of the table; 0: they are the samples of the run's first step
  std::int64_t parameters = 0;
  Precision precision = Precision::fp32;  ///< of the run
  bool emulated = false;
};

/// The grid's loss at a place by bilinear interpolation of its logarithm; where a corner has none,
/// that of the nearest point. Nothing beside the grid.
std::optional<double> loss_at(const LossPlane& plane, const Pair& at);

/// Of the points of the grid, the share that has a loss which is not finite.
double nonfinite_share(const LossPlane& plane);

PlaneSpec plane_spec(const Experiment& experiment);

/// What the Optimizers lab asks for.
JobRequest descent_request(const Experiment& experiment);

}  // namespace nanscope
