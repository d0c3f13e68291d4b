#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/job/job_request.h"
#include "engine/optimizers/paths.h"

// The plane theta0 + x d1 + y d2 through a run's parameters, after Li et al. 2018, "Visualizing the
// Loss Landscape of Neural Nets": its loss is the run's own, measured with the run's precision.
namespace nanscope {

/// A live key of the run that takes another value before a step.
struct PlaneChange {
  std::int64_t step = 0;
  KeyChange change;
  bool operator==(const PlaneChange&) const = default;
};

/// Which plane.
struct PlaneSpec {
  Experiment run = {};  ///< the run's settings alone: what else an experiment holds is default
  PlaneDirections directions = PlaneDirections::principal;
  int after = 0;    ///< steps of the run to theta0; the last where it has fewer
  double span = 0;  ///< Optimizers::span
  std::vector<PlaneChange> changes = {};  ///< by step
  /// The part that is looked at, of which there is a grid of its own; an axis without one shows
  /// all.
  std::optional<ViewRange> x = {}, y = {};
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

/// Losses over a part of a plane.
struct LossGrid {
  std::array<double, 4> view{};  ///< what it reaches: from x to x, from y to y
  int side = 0;                  ///< points a side; 0: nothing is measured yet
  /// (side,side), from the lowest y and x on; any may be inf, NaN
  std::vector<double> losses = {};
};

/// What was measured of a plane.
struct LossPlane {
  PlaneDirections directions = PlaneDirections::principal;
  int after = 0;                 ///< steps of the run that theta0 comes after
  int steps = 0;                 ///< of the run
  int changes = 0;               ///< that it made on its way
  std::array<double, 4> view{};  ///< what the grid reaches: from x to x, from y to y
  int side = 0;                  ///< points of the grid a side; 0: nothing is measured yet
  std::vector<double> losses =
      {};                ///< (side,side), from the lowest y and x on; any may be inf, NaN
  LossGrid zoomed = {};  ///< of the part that is looked at; nothing where that is all
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

/// The loss at a place by bilinear interpolation of its logarithm, in the grid whose points are
/// closest there, the whole plane's or that of the part that is looked at; where a corner has none,
/// that of the nearest point. Nothing beside the grids.
std::optional<double> loss_at(const LossPlane& plane, const Pair& at);

/// Of the points of the grid, the share that has a loss which is not finite.
double nonfinite_share(const LossPlane& plane);

/// The plot of it: its zoom says which part is looked at.
inline constexpr std::string_view kPlanePlot = "loss_surface";

PlaneSpec plane_spec(const Experiment& experiment);

/// What the Optimizers lab asks for. `changes`: of the run on its way.
JobRequest descent_request(const Experiment& experiment, std::vector<PlaneChange> changes = {});

}  // namespace nanscope
