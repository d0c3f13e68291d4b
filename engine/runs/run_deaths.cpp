#include "engine/runs/run_deaths.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/recipe/checkpoint.h"
#include "engine/recipe/live_change.h"
#include "engine/recipe/networks.h"
#include "engine/recipe/remedies.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

/// From one look at parameters and optimizer state, which takes a step's hundredth part, to the
/// next.
constexpr std::int64_t kStepsBetweenLooks = 16;

FirstNonfiniteStep without_remedies(FirstNonfiniteStep first) {
  first.remedies.clear();
  return first;
}

/// Of the last batch, in magnitude.
double largest_target(const TrainingRun& run) {
  const ValueId target = run.plan().description().target;
  if (target == kNoValue) return 0;
  const at::Tensor& values = run.plan().value(target).data();
  return values.is_floating_point() ? values.abs().max().item<double>() : 0;
}

}  // namespace

RunDeaths::RunDeaths(const Experiment& experiment, NetworkRuns& runs, RunSummary& summary,
                     bool looks_back)
    : experiment_(experiment),
      runs_(runs),
      summary_(summary),
      kept_states_(static_cast<std::size_t>(runs.count()), KeptStates(runs.count())) {
  if (!looks_back) forget_states();
}

Result<void> RunDeaths::go_on_from(const Checkpoint& checkpoint) {
  if (checkpoint.before) {
    if (const auto restored = runs_.restore(*checkpoint.before); !restored) return restored;
    for (int k = 0; k < runs_.count(); ++k)
      kept_states_[static_cast<std::size_t>(k)].begin_with(runs_.network(k));
    states_before_.begin_with(checkpoint.before);
  }
  if (const auto restored = runs_.restore(checkpoint); !restored) return restored;
  summary_.first_nonfinite = checkpoint.first_nonfinite;
  for (std::size_t k = 0; k < summary_.networks.size() && k < checkpoint.networks.size(); ++k)
    summary_.networks[k].first_nonfinite = checkpoint.networks[k].first_nonfinite;
  autopsy_ = checkpoint.autopsy;
  if (summary_.first_nonfinite) take_autopsy();
  if (summary_.first_nonfinite || autopsy_) forget_states();
  return {};
}

void RunDeaths::keep_states(bool writes, bool before_one) {
  bool kept = false;  // one of the last network
  for (int k = 0; k < runs_.count(); ++k)
    kept = kept_states_[static_cast<std::size_t>(k)].look(runs_.network(k));
  if (writes) return states_before_.look(runs_, before_one);
  if (is_one() || !kept) return;
  // For a state that a person may want: one of all at the same step.
  states_before_.look(runs_, true);
  states_before_.of(summary_.steps);
}

void RunDeaths::take(const RunStep& step) {
  for (int k = 0; k < runs_.count(); ++k)
    if (!has_died(k))
      if (const auto first = nonfinite_in(step, k)) notice(*first);
}

bool RunDeaths::has_died(int network) {
  if (summary_.networks.empty()) return summary_.first_nonfinite.has_value();
  return fate(network).first_nonfinite.has_value();
}

/// Loss scaling steps over gradients that overflow; a loss that does is lost.
std::optional<FirstNonfiniteStep> RunDeaths::nonfinite_in(const RunStep& step, int network) const {
  const auto k = static_cast<std::size_t>(network);
  const double loss = step.losses ? step.losses->each[k] : step.loss;
  const double norm = step.grad_norms ? step.grad_norms->each[k] : step.grad_norm;
  const bool skipped = step.skips.empty() ? step.skipped : step.skips[k];
  const auto found = [&](NonfinitePart what, double value) {
    return FirstNonfiniteStep{.step = step.step, .what = what, .value = value, .network = network};
  };
  if (!std::isfinite(loss)) return found(NonfinitePart::loss, loss);
  if (!skipped && !std::isfinite(norm)) return found(NonfinitePart::grad_norm, norm);
  return summary_.steps % kStepsBetweenLooks == 0 ? nonfinite_state(network) : std::nullopt;
}

std::optional<FirstNonfiniteStep> RunDeaths::nonfinite_state(int network) const {
  const TrainingRun& run = runs_.network(network);
  const Value* value = run.nonfinite_value();
  if (!value) return std::nullopt;
  const auto& values = run.plan().description().values;
  const auto of_plan = std::ranges::find(values, value->name(), &PlanValue::name);
  return FirstNonfiniteStep{.step = summary_.steps - 1,
                            .what = NonfinitePart::state,
                            .value = std::numeric_limits<double>::quiet_NaN(),
                            .network = network,
                            .role = of_plan->role,
                            .tensor = value->name()};
}

void RunDeaths::notice(const FirstNonfiniteStep& first) {
  if (!is_one()) fate(first.network).first_nonfinite = first;
  if (summary_.first_nonfinite) return;
  summary_.first_nonfinite = first;
  largest_target_ = largest_target(runs_.network(first.network));
  take_autopsy();
  const KeptStates::State from = kept_states_[static_cast<std::size_t>(first.network)].oldest();
  if (!autopsy_ && from)
    postmortem_.emplace(runs_.network(first.network), *from, network_of(experiment_, first.network),
                        summary_.changes);
  forget_states();
}

void RunDeaths::notice_at_the_end() {
  if (looked_at_the_end_ == summary_.steps) return;
  looked_at_the_end_ = summary_.steps;
  for (int k = 0; k < runs_.count(); ++k) {
    if (has_died(k)) continue;
    const auto first = nonfinite_state(k);
    if (!first) continue;
    noticed_at_the_end_.push_back(k);
    notice(*first);
  }
}

void RunDeaths::forget_the_end(std::optional<FirstNonfiniteStep>& first,
                               std::vector<NetworkFate>& networks) const {
  for (const int network : noticed_at_the_end_) {
    if (!networks.empty()) networks[static_cast<std::size_t>(network)].first_nonfinite.reset();
    if (first && first->network == network) first.reset();
  }
}

void RunDeaths::go_on_behind_the_end() {
  if (noticed_at_the_end_.empty()) return;
  forget_the_end(summary_.first_nonfinite, summary_.networks);
  if (!summary_.first_nonfinite) summary_.autopsy.reset();
  noticed_at_the_end_.clear();
}

void RunDeaths::search() {
  const ThreadLimit as_it_ran(runs_.threads_of_one());
  if (postmortem_->advance()) return;
  if (const auto found = postmortem_->autopsy()) {
    Autopsy autopsy = *found;
    if (!is_one())
      autopsy.seed = network_of(experiment_, summary_.first_nonfinite->network).network.seed;
    autopsy_ = std::make_shared<const Autopsy>(std::move(autopsy));
  }
  take_autopsy();
  postmortem_.reset();
  // Layers are looked at in the first network alone.
  if (!is_one())
    runs_.change(before_step(experiment_, summary_.changes, summary_.steps - 1).training);
}

/// Tells of the death what is known: where it was first, if that was found, and what is worth a
/// try in a run of so many steps.
void RunDeaths::take_autopsy() {
  summary_.autopsy = autopsy_;
  FirstNonfiniteStep& first = *summary_.first_nonfinite;
  if (first.what == NonfinitePart::state && autopsy_) {
    first.step = autopsy_->step;
    first.value = autopsy_->result.value;
    if (!is_one()) fate(first.network).first_nonfinite = without_remedies(first);
  }
  Experiment then = before_step(experiment_, summary_.changes, first.step);
  then.training.steps = static_cast<int>(goal_of(experiment_, summary_.changes));
  first.remedies = remedies(then, first, largest_target_);
}

/// One that is dead and has not noticed is looked into before its state is kept: a run that goes on
/// from there has no finite state to repeat its steps from.
void RunDeaths::look_into_what_is_kept() {
  if (!is_one() || summary_.first_nonfinite || autopsy_ || runs_.network(0).is_finite()) return;
  const KeptStates::State from = kept_states_.front().oldest();
  if (!from) return;
  Postmortem postmortem(runs_.network(0), *from, experiment_, summary_.changes);
  while (postmortem.advance()) continue;
  autopsy_ = postmortem.autopsy();
}

void RunDeaths::save(Checkpoint& checkpoint) {
  look_into_what_is_kept();
  checkpoint.first_nonfinite = summary_.first_nonfinite;
  checkpoint.networks = summary_.networks;
  forget_the_end(checkpoint.first_nonfinite, checkpoint.networks);
  checkpoint.autopsy = autopsy_;
  if (checkpoint.first_nonfinite || autopsy_) return;
  checkpoint.before = states_before_.of(checkpoint.steps);
  if (!checkpoint.before && is_one()) checkpoint.before = kept_states_.front().oldest();
}

void RunDeaths::forget_states() {
  for (KeptStates& states : kept_states_) states.forget();
}

}  // namespace nanscope
