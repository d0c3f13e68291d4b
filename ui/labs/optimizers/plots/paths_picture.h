#pragma once

#include <algorithm>
#include <memory>

#include "engine/experiment/optimizers.h"
#include "engine/optimizers/paths.h"
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

/// A line an optimizer.
std::vector<LegendEntry> optimizers_legend(const PathsPicture& picture, const Style& style);

}  // namespace nanscope
