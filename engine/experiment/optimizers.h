#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/experiment/training.h"

// The group of an experiment that the Optimizers lab shows.
namespace nanscope {

struct Key;

/// Losses of a parameter of two elements: equations (engine/optimizers/surfaces), or a training
/// run's own loss over a plane through its parameters (engine/optimizers/plane.h).
enum class SurfaceKind { quadratic, rosenbrock, beale, saddle, run };

/// What spans the plane through a run's parameters (Li et al. 2018, "Visualizing the Loss Landscape
/// of Neural Nets").
enum class PlaneDirections {
  principal,  ///< those in which the run moves most: principal components of its way (section 7.2)
  random      ///< N(0,1), each row of a weight as long as the weight's own (section 4)
};

enum class SurfaceElement { x, y };

/// An optimizer in the list of those that are shown: "adam", "adam lr=0.1".
struct ShownOptimizer {
  OptimizerKind kind;
  std::optional<double> lr;  ///< its own rate, in place of optimizers.lr
};

/// What the Optimizers lab shows.
struct Optimizers {
  SurfaceKind surface = SurfaceKind::quadratic;
  double condition = 100;  ///< of the quadratic, 1..1e6
  double x = -4, y = 1;    ///< the start
  int steps = 200;         ///< 1..10000
  // Of a run's plane.
  PlaneDirections directions = PlaneDirections::principal;
  int after = 0;    ///< steps of the run that its middle comes after; the last where it has fewer
  double span = 0;  ///< the grid reaches so far from the middle; 0: as far as shows what is there
  std::string format = "fp64";
  std::string shown = "sgd,momentum,rmsprop lr=0.02,adam lr=0.1";
  OptimizerKind watched = OptimizerKind::momentum;  ///< the first that is shown where this is not
  int step = 1;  ///< that is looked at; the last one where a path has fewer
  SurfaceElement element = SurfaceElement::x;  ///< of the parameter, that is looked at
  /// Of all that are shown. What stands at its default here is each kind's own (with_kind()).
  Optimizer settings{.kind = OptimizerKind::sgd, .lr = 0.01};
  bool operator==(const Optimizers&) const = default;
};

/// The keys of the Optimizers lab; optimizers.surface comes first, since it resets the start.
std::vector<Key> optimizers_keys();

/// The surface with the start from which it shows what it is for.
Optimizers optimizers_on(Optimizers before, SurfaceKind surface);

/// "sgd, adam lr=0.1": each kind once.
Result<std::vector<ShownOptimizer>> parse_shown(std::string_view list);
std::string shown_text(const std::vector<ShownOptimizer>& shown);

/// The optimizers that are shown, each with its settings; none where the list cannot be read.
std::vector<Optimizer> shown_optimizers(const Optimizers& optimizers);

template <>
struct Names<SurfaceKind> {
  static constexpr std::array<std::pair<SurfaceKind, std::string_view>, 5> all{
      {{SurfaceKind::quadratic, "quadratic"},
       {SurfaceKind::rosenbrock, "rosenbrock"},
       {SurfaceKind::beale, "beale"},
       {SurfaceKind::saddle, "saddle"},
       {SurfaceKind::run, "run"}}};
};

template <>
struct Names<PlaneDirections> {
  static constexpr std::array<std::pair<PlaneDirections, std::string_view>, 2> all{
      {{PlaneDirections::principal, "principal"}, {PlaneDirections::random, "random"}}};
};

template <>
struct Names<SurfaceElement> {
  static constexpr std::array<std::pair<SurfaceElement, std::string_view>, 2> all{
      {{SurfaceElement::x, "x"}, {SurfaceElement::y, "y"}}};
};

}  // namespace nanscope
