#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/machine/other_work.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Multiply-adds of the plan's largest matrix product.
double largest_product(const PlanDescription& plan);

/// The networks of one experiment, which train side by side in the buffers of one plan: weights
/// (N,out,in), rows (N,B,C), of which each has its part. The network k is the run that seed + k
/// alone would give, to the bit: a generator of its own draws its weights, the order of its samples
/// (and which of them are held out) and its dropout masks; its gradients are clipped by their own
/// norm; its loss has its own scale, and its own steps are skipped. So that it has the bits that it
/// would have alone, each operation computes network by network on its part of the buffers: the
/// batched matrix products, which the Signal lab's passes take, sum in another order.
class NetworkRuns {
 public:
  /// Draws the parameters. Errors: as TrainingRun::make().
  static Result<std::unique_ptr<NetworkRuns>> make(const Experiment& experiment);

  /// A step of each, side by side on threads() where a network has no use for more than one. Who
  /// looks at each of them, or at none. What it tells: together().
  RunStep step(const std::vector<StepWatch*>& watches = {});
  /// The layers of all are looked at, where statistics are taken; else those of the first.
  void look_at_all();
  /// From the next step on: of a spec that differs in live keys alone.
  void change(const TrainingSpec& training);
  void restart_loss_scale();
  std::optional<HeldOut> look_at_held_out();
  /// What one of them makes of the plane; nothing where samples are no points of one.
  std::optional<DecisionSurface> look_at_plane(int network) {
    return runs_.front()->look_at_plane(runs_[static_cast<std::size_t>(network)]->plan());
  }
  std::optional<double> loss_scale() const;  ///< the median
  std::int64_t steps_done() const { return runs_.front()->steps_done(); }
  std::int64_t steps_skipped() const;  ///< by one network at least
  std::int64_t batches_per_epoch() const { return runs_.front()->batches_per_epoch(); }
  /// Several networks' tensors stand in it with a leading N, in the order of their seeds.
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

  /// As many threads as steps have use for, and where networks take one each only as many as other
  /// programs leave cores: bits do not depend on it. And those of one network alone.
  int threads();
  int threads_of_one() const { return threads_of_one_; }
  int count() const { return static_cast<int>(runs_.size()); }
  TrainingRun& network(int network) { return *runs_[static_cast<std::size_t>(network)]; }
  const TrainingRun& network(int network) const {
    return *runs_[static_cast<std::size_t>(network)];
  }
  const PlanDescription& plan() const { return *plan_; }  ///< of all
  /// The one of an experiment with one network.
  std::unique_ptr<TrainingRun> take_first() && { return std::move(runs_.front()); }

 private:
  NetworkRuns(std::shared_ptr<const PlanDescription> plan, int threads_of_one);
  template <class Work>
  void for_each(const Work& work);

  std::shared_ptr<const PlanDescription> plan_;
  std::vector<std::unique_ptr<TrainingRun>> runs_;
  std::vector<RunStep> steps_;
  std::int64_t skipped_ = 0;  ///< steps that one of several skipped
  bool looks_at_all_ = false;
  int threads_of_one_;
  OtherWork other_work_;
  OtherWork::Clock::time_point next_look_;
};

/// A live change before the next step: in the runs, and in the experiment as it is now.
void apply_change(const LiveChange& change, Experiment& now, NetworkRuns& runs);

}  // namespace nanscope
