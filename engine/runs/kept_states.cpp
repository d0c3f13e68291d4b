#include "engine/runs/kept_states.h"

#include <utility>

#include "engine/machine/memory.h"

namespace nanscope {
namespace {

constexpr std::size_t kStates = 2;
/// Steps since a state was kept take so many times as long as keeping it.
constexpr int kShareOfTime = 100;
/// Of the memory that is left, the part that kept states may take.
constexpr std::int64_t kShareOfMemory = 8;

bool has_room_for_states(const TrainingRun& run, int networks) {
  const std::int64_t available = available_memory();
  return available == 0 || static_cast<std::int64_t>(kStates) * networks * run.state_bytes() <
                               available / kShareOfMemory;
}

template <class Run>
KeptStates::State state_of(const Run& run) {
  Checkpoint state;
  run.save(state);
  return std::make_shared<const Checkpoint>(std::move(state));
}

}  // namespace

void KeptStates::begin_with(const TrainingRun& run) {
  if (keeps_) states_.push_back(state_of(run));
}

bool KeptStates::look(const TrainingRun& run) {
  const auto begin = Clock::now();
  if (!keeps_ || begin < next_) return false;
  if (!states_.empty() && run.steps_done() < states_.back()->steps + kStepsApart) return false;
  // Once something is not finite, the last states before it stay.
  keeps_ = states_.empty() ? has_room_for_states(run, networks_) : run.is_finite();
  if (!keeps_) return false;
  State state = state_of(run);
  if (states_.size() == kStates) states_.pop_front();
  states_.push_back(std::move(state));
  const auto end = Clock::now();
  next_ = end + kShareOfTime * networks_ * (end - begin);
  return true;
}

void StatesBefore::look(const NetworkRuns& runs, bool is_wanted) {
  if (!keeps_ || (!is_wanted && !states_.empty())) return;
  if (states_.empty()) keeps_ = has_room_for_states(runs.network(0), runs.count());
  if (keeps_) states_.push_back(state_of(runs));
}

StatesBefore::State StatesBefore::of(std::int64_t steps) {
  const auto is_early = [&](const State& state) {
    return state->steps == 0 || state->steps + kSteps <= steps;
  };
  while (states_.size() > 1 && is_early(states_[1])) states_.pop_front();
  return !states_.empty() && is_early(states_.front()) ? states_.front() : nullptr;
}

}  // namespace nanscope
