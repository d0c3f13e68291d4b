#include "engine/optimizers/walk.h"

#include <cmath>
#include <optional>
#include <utility>

#include "engine/numbers/format.h"

namespace nanscope {
namespace {

/// How a step left the surface, if it did.
std::optional<Divergence> divergence_at(const Pair& theta, int step) {
  const bool is_finite = std::isfinite(theta[0]) && std::isfinite(theta[1]);
  if (is_finite && std::abs(theta[0]) <= kFurthest && std::abs(theta[1]) <= kFurthest)
    return std::nullopt;
  return Divergence{step, is_finite};
}

std::optional<Standstill> standstill_of(const PathsRequest& request, const Path& path) {
  constexpr int kFewest = 2;  // steps: where momentum turns round it stands for one
  int from = path.last();
  while (from > 0 && path.steps[static_cast<std::size_t>(from - 1)].state.theta ==
                         path.steps.back().state.theta)
    --from;
  if (path.divergence || path.last() - from < kFewest) return std::nullopt;
  if (path.steps.back().slope.in_format == Pair{0, 0}) return std::nullopt;
  bool absorbed = false;
  for (const AnatomyLine& line : anatomy_of(request, path, path.last()))
    if (line.operation.name == "theta")
      absorbed = line.operation.absorbed[0] || line.operation.absorbed[1];
  return Standstill{from, absorbed};
}

}  // namespace

Rounder rounder_to(std::string_view format) {
  return Rounder(*parse_format(format), Rounding::nearest_even, std::nullopt);
}

PathsWalk::PathsWalk(PathsRequest request, LookAtSurface look)
    : look_(std::move(look)), rounder_(rounder_to(request.format)) {
  paths_.of = std::move(request);
  PathStep start;
  for (std::size_t e = 0; e < 2; ++e) start.state.theta[e] = rounder_(paths_.of.start[e]);
  const SurfaceLook there = look_(rounder_, start.state.theta);
  start.loss = there.loss;
  start.slope = there.slope;
  for (const Optimizer& optimizer : paths_.of.optimizers) {
    steppers_.emplace_back(optimizer);
    paths_.paths.push_back({.optimizer = optimizer, .steps = {}});
    if (arrive(paths_.paths.back(), start)) going_.push_back(paths_.paths.size() - 1);
  }
}

void PathsWalk::step() {
  turn_ %= going_.size();
  const std::size_t place = going_[turn_];
  Path& path = paths_.paths[place];
  const PathStep& before = path.steps.back();
  PathStep next{.state = before.state};
  steppers_[place].step(rounder_, path.last() + 1, before.slope.in_format, next.state);
  const SurfaceLook there = look_(rounder_, next.state.theta);
  next.loss = there.loss;
  next.slope = there.slope;
  if (arrive(path, next))
    ++turn_;
  else
    going_.erase(going_.begin() + static_cast<std::ptrdiff_t>(turn_));
}

bool PathsWalk::arrive(Path& path, const PathStep& step) {
  path.steps.push_back(step);
  path.divergence = divergence_at(step.state.theta, path.last());
  if (!path.divergence && path.last() < paths_.of.steps) return true;
  path.standstill = standstill_of(paths_.of, path);
  return false;
}

}  // namespace nanscope
