#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/optimizers/paths.h"

namespace nanscope {

/// Looks at a place of a surface, with the gradient in the rounder's format.
using LookAtSurface = std::function<SurfaceLook(Rounder& rounder, const Pair& at)>;

/// To nearest, ties to even. Of a format that can be computed in, as a valid experiment's.
Rounder rounder_to(std::string_view format);

/// All optimizers of a request on their ways from its start, whatever the surface.
class PathsWalk {
 public:
  /// Looks at the start.
  PathsWalk(PathsRequest request, LookAtSurface look);

  bool done() const { return going_.empty(); }
  /// One step of the next one that goes on: they take turns.
  void step();
  /// As far as they have come: of each at least the start.
  const Paths& paths() const { return paths_; }
  Paths take() && { return std::move(paths_); }

 private:
  /// Whether the path goes on from there.
  bool arrive(Path& path, const PathStep& step);

  Paths paths_;
  LookAtSurface look_;
  Rounder rounder_;
  std::vector<Stepper> steppers_;   ///< one a path
  std::vector<std::size_t> going_;  ///< places of those that go on
  std::size_t turn_ = 0;            ///< place in that
};

}  // namespace nanscope
