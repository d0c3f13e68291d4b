// Predicted FLOPs beside PyTorch's own counter.
#include <ATen/record_function.h>
#include <torch/csrc/profiler/util.h>

#include "engine/costs/plan_costs.h"
#include "engine/experiment/json.h"
#include "tests/engine/random_runs.h"
#include "tests/engine/runs/make_run.h"

namespace nanscope {
namespace {

/// What PyTorch's profiler counts of the operators that run while this lives.
class FlopsCounter {
 public:
  FlopsCounter() : handle_(at::addThreadLocalCallback(callback())) { count() = 0; }
  ~FlopsCounter() { at::removeCallback(handle_); }
  FlopsCounter(const FlopsCounter&) = delete;
  FlopsCounter& operator=(const FlopsCounter&) = delete;

  double flops() const { return count(); }

 private:
  static double& count() {
    thread_local double flops = 0;
    return flops;
  }
  static at::RecordFunctionCallback callback() {
    return at::RecordFunctionCallback([](const at::RecordFunction& function) {
             const std::string name = function.name();
             // Products alone, as model FLOPs are counted (engine/costs/flops.h).
             if (name == "aten::mm" || name == "aten::addmm" || name == "aten::bmm" ||
                 name == "aten::baddbmm")
               count() += static_cast<double>(torch::profiler::impl::computeFlops(
                   name, torch::profiler::impl::saveExtraArgs(function)));
             return std::unique_ptr<at::ObserverContext>();
           })
        .needsInputs(true)
        .scopes({at::RecordScope::FUNCTION});
  }
  at::CallbackHandle handle_;
};

TEST(Flops, OfRandomRunsAreWhatPyTorchCounts) {
  const c10::InferenceMode without_autograd;
  std::mt19937 generator(4);
  int compared = 0;
  while (compared < 100) {
    Experiment experiment = random_run(generator);
    // Products of its own: the orthogonal step, and samples that a teacher answers.
    if (experiment.training.optimizer.kind == OptimizerKind::muon) continue;
    experiment.data.kind = DataKind::spiral;
    if (!validate(experiment).empty()) continue;
    const auto run = make_run(experiment);
    ASSERT_TRUE(run);
    const PlanCosts costs = plan_costs(experiment, run->plan().description());
    const FlopsCounter counter;
    run->step();
    EXPECT_EQ(counter.flops(), costs.hardware()) << to_json(experiment);
    ++compared;
  }
}

}  // namespace
}  // namespace nanscope
