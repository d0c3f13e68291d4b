#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/job/job.h"
#include "engine/optimizers/stepper.h"
#include "engine/optimizers/surfaces.h"

// Optimizers on their ways down a surface, all from one start.
namespace nanscope {

/// The gradient as an optimizer reads it, in its format, and before it was rounded to that.
struct Slope {
  Pair in_format{}, exact{};
};

/// What there is to know of a place: the loss in fp64 by an equation, or as a network's plan came
/// to it.
struct SurfaceLook {
  double loss = 0;
  Slope slope = {};
};

/// A step's state, and what was found there.
struct PathStep {
  StepState state;
  double loss = 0;
  Slope slope = {};
};

/// How an optimizer's way ends before its last step would be.
struct Divergence {
  int step = 0;
  bool is_finite = false;  ///< it left what is computed; else an element is an infinity or NaN
};

/// The step from which on the parameter stays where it is though the gradient is not 0.
struct Standstill {
  int step = 0;
  bool absorbed = false;  ///< its last update is not 0 but less than half an ulp; else it is 0
};

struct Path {
  Optimizer optimizer;
  std::vector<PathStep> steps;  ///< the start and what each step leads to
  std::optional<Divergence> divergence = {};
  std::optional<Standstill> standstill = {};

  int last() const { return static_cast<int>(steps.size()) - 1; }
};

struct Paths;

struct LossPlane;

/// Answers the paths of these optimizers on a surface of an equation; needs no LibTorch. Those on a
/// run's plane a PlaneRequest answers.
struct PathsRequest {
  using Answer = Paths;
  static constexpr std::string_view kSlot = "optimizers";

  SurfaceKind surface = SurfaceKind::quadratic;
  double condition = 100;
  Pair start{};
  int steps = 200;
  std::string format = "fp64";  ///< of the parameter, its gradient and its state
  std::vector<Optimizer> optimizers = {};

  std::unique_ptr<Job> make_job() const;
  bool operator==(const PathsRequest&) const = default;
};

struct Paths {
  PathsRequest of;
  std::vector<Path> paths;                      ///< one an optimizer
  std::shared_ptr<const LossPlane> plane = {};  ///< of a run; null of an equation
};

PathsRequest paths_request(const Optimizers& optimizers);

/// A path ends where an element is further from 0 than this.
inline constexpr double kFurthest = 1e6;

/// An operation of a step, and what it comes to in fp64 from the same parameter and state.
struct AnatomyLine {
  StepOperation operation;
  Pair exact{};
};

/// Every operation of a step of a path, 1..last(): its gradient's first.
std::vector<AnatomyLine> anatomy_of(const PathsRequest& request, const Path& path, int step);

}  // namespace nanscope
