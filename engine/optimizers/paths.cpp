#include "engine/optimizers/paths.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/numbers/format.h"

namespace nanscope {
namespace {

Rounder rounder_to(std::string_view format) {
  // The format of an experiment can be computed in: its key is checked.
  return Rounder(*parse_format(format), Rounding::nearest_even, std::nullopt);
}

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
  Rounder rounder = rounder_to(request.format);
  const Surface surface(request.surface, request.condition);
  if (surface.gradient(rounder, path.steps.back().state.theta) == Pair{0, 0}) return std::nullopt;
  bool absorbed = false;
  for (const AnatomyLine& line : anatomy_of(request, path, path.last()))
    if (line.operation.name == "theta")
      absorbed = line.operation.absorbed[0] || line.operation.absorbed[1];
  return Standstill{from, absorbed};
}

/// All paths, one after the other; a slice ends between two steps.
class PathsJob final : public Job {
 public:
  explicit PathsJob(const PathsRequest& request)
      : surface_(request.surface, request.condition), rounder_(rounder_to(request.format)) {
    paths_.of = request;
  }

  Result<JobResult> advance(JobContext& context) override {
    while (paths_.paths.size() < paths_.of.optimizers.size() || stepper_) {
      if (context.stop().stop_requested()) return cancelled_error();
      if (!stepper_) begin();
      constexpr int kAtOnce = 64;
      for (int i = 0; i < kAtOnce && stepper_; ++i) step();
      if (context.slice_over()) return JobResult();
    }
    return JobResult::of(std::move(paths_));
  }

 private:
  void begin() {
    Path& path = paths_.paths.emplace_back();
    path.optimizer = paths_.of.optimizers[paths_.paths.size() - 1];
    stepper_.emplace(path.optimizer);
    StepState start;
    for (std::size_t e = 0; e < 2; ++e) start.theta[e] = rounder_(paths_.of.start[e]);
    arrive(path, start);
  }
  void step() {
    Path& path = paths_.paths.back();
    StepState state = path.steps.back().state;
    stepper_->step(rounder_, path.last() + 1, surface_.gradient(rounder_, state.theta), state);
    arrive(path, state);
  }
  void arrive(Path& path, const StepState& state) {
    path.steps.push_back({state, surface_.value(state.theta)});
    path.divergence = divergence_at(state.theta, path.last());
    if (!path.divergence && path.last() < paths_.of.steps) return;
    path.standstill = standstill_of(paths_.of, path);
    stepper_.reset();
  }

  Surface surface_;
  Rounder rounder_;
  Paths paths_;
  std::optional<Stepper> stepper_;  ///< of the last path, while it is under way
};

}  // namespace

std::unique_ptr<Job> PathsRequest::make_job() const { return std::make_unique<PathsJob>(*this); }

PathsRequest paths_request(const Optimizers& optimizers) {
  return {.surface = optimizers.surface,
          .condition = optimizers.condition,
          .start = {optimizers.x, optimizers.y},
          .steps = optimizers.steps,
          .format = optimizers.format,
          .optimizers = shown_optimizers(optimizers)};
}

std::vector<AnatomyLine> anatomy_of(const PathsRequest& request, const Path& path, int step) {
  const Surface surface(request.surface, request.condition);
  const auto operations_in = [&](Rounder rounder) {
    std::vector<Operation> operations;
    StepState state = path.steps[static_cast<std::size_t>(step - 1)].state;
    const Pair gradient = surface.gradient(rounder, state.theta);
    operations.push_back({"g", "", gradient});
    Stepper(path.optimizer).step(rounder, step, gradient, state, &operations);
    return operations;
  };
  const std::vector<Operation> exact = operations_in(rounder_to("fp64"));
  std::vector<AnatomyLine> lines;
  auto same = exact.begin();
  for (Operation& operation : operations_in(rounder_to(request.format))) {
    // A norm that rounds to 0 leaves an operation out.
    const auto found = std::find_if(same, exact.end(), [&](const Operation& one) {
      return one.formula == operation.formula && one.name == operation.name;
    });
    if (found == exact.end()) continue;
    same = found + 1;
    lines.push_back({std::move(operation), found->value});
  }
  return lines;
}

}  // namespace nanscope
