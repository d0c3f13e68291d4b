#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>

#include "engine/experiment/optimizers.h"
#include "engine/optimizers/plane.h"
#include "ui/charts/legend.h"
#include "ui/labs/optimizers/plots/surface_ground.h"

namespace nanscope {

/// What the lab's plots are drawn of.
struct PathsPicture {
  std::shared_ptr<const Paths> paths;
  Optimizers settings;  ///< which optimizer, step and element are looked at
  /// What the surface's colours are drawn of, kept from frame to frame where the lab keeps it.
  std::shared_ptr<SurfaceGround> ground = std::make_shared<SurfaceGround>();

  const Path& watched() const {
    const auto found = std::ranges::find_if(
        paths->paths, [&](const Path& path) { return path.optimizer.kind == settings.watched; });
    return found == paths->paths.end() ? paths->paths.front() : *found;
  }
  /// The step of a path that is looked at, or its last one.
  int step_of(const Path& path) const { return std::min(settings.step, path.last()); }
};

/// Each optimizer has one colour and one mark, everywhere in the lab.
Stroke optimizer_stroke(const Style& style, OptimizerKind kind);

/// What of the surface is looked at, from x to x and from y to y, and where it is least, as far as
/// that is known.
std::array<double, 4> view_of(const Paths& paths);
std::span<const Pair> minima_of(const Paths& paths);

/// The way of a plane's run.
Stroke run_stroke(const Style& style);

/// Whether the run of a plane moves at all: else its movement has no share in the plane, whose
/// directions are random.
bool moves(const LossPlane& plane);

/// "12.5", of a share of 1.
std::string percent_text(double share);

/// How the losses came about: "measured in native fp32 on 240 rows"; of an equation "".
std::string measured_of(const Paths& paths);

/// A line an optimizer, and one of a plane's run.
std::vector<LegendEntry> optimizers_legend(const PathsPicture& picture, const Style& style);

}  // namespace nanscope
