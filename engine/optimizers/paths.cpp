#include "engine/optimizers/paths.h"

#include <algorithm>
#include <utility>

#include "engine/numbers/format.h"
#include "engine/optimizers/walk.h"

namespace nanscope {
namespace {

/// Of an equation. What is exact is calculated only where the format is another one.
class EquationLook {
 public:
  explicit EquationLook(const PathsRequest& request)
      : surface_(request.surface, request.condition),
        exact_(rounder_to("fp64")),
        is_exact_(parse_format(request.format)->name == "fp64") {}

  SurfaceLook operator()(Rounder& rounder, const Pair& at) {
    const Pair in_format = surface_.gradient(rounder, at);
    return {surface_.value(at), {in_format, is_exact_ ? in_format : surface_.gradient(exact_, at)}};
  }

 private:
  Surface surface_;
  Rounder exact_;
  bool is_exact_;
};

/// All paths; a slice ends between two steps.
class PathsJob final : public Job {
 public:
  explicit PathsJob(const PathsRequest& request) : walk_(request, EquationLook(request)) {}

  Result<JobResult> advance(JobContext& context) override {
    while (!walk_.done()) {
      if (context.stop().stop_requested()) return cancelled_error();
      constexpr int kAtOnce = 64;
      for (int i = 0; i < kAtOnce && !walk_.done(); ++i) walk_.step();
      if (context.slice_over()) return JobResult();
    }
    return JobResult::of(std::move(walk_).take());
  }

 private:
  PathsWalk walk_;
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
  const PathStep& from = path.steps[static_cast<std::size_t>(step - 1)];
  const auto operations_in = [&](Rounder rounder, const Pair& gradient) {
    std::vector<StepOperation> operations{{"g", "", gradient}};
    StepState state = from.state;
    Stepper(path.optimizer).step(rounder, step, gradient, state, &operations);
    return operations;
  };
  const std::vector<StepOperation> exact = operations_in(rounder_to("fp64"), from.slope.exact);
  std::vector<AnatomyLine> lines;
  auto same = exact.begin();
  for (StepOperation& operation : operations_in(rounder_to(request.format), from.slope.in_format)) {
    // A norm that rounds to 0 leaves an operation out.
    const auto found = std::find_if(same, exact.end(), [&](const StepOperation& one) {
      return one.formula == operation.formula && one.name == operation.name;
    });
    if (found == exact.end()) continue;
    same = found + 1;
    lines.push_back({std::move(operation), found->value});
  }
  return lines;
}

}  // namespace nanscope
