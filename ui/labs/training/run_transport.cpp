#include "ui/labs/training/run_transport.h"

#include <algorithm>
#include <utility>

#include "engine/experiment/json.h"
#include "ui/labs/differing_words.h"

namespace nanscope {
namespace {

/// The experiment with the live keys of another one.
Experiment with_live_keys_of(Experiment experiment, const Experiment& from) {
  for (const Key* key : live_run_keys()) key->set(experiment, key->get(from));
  return experiment;
}

}  // namespace

void RunTransport::begin_frame(bool held, bool key_down, double seconds) {
  const bool was_at_it = hand_is_at_it();
  held_ = held;
  now_ = seconds;
  if (key_down) burst_until_ = seconds + kBurst;
  if (hand_is_at_it() && !was_at_it) hand_since_ = seconds;
}

bool RunTransport::note_change(const Experiment& asked) {
  const Experiment& before = held_back_ ? *held_back_ : asked_;
  if (asked == before) return true;
  Keys keys = differing_keys(asked, before);
  const bool same = hand_is_at_it() && changed_at_ >= hand_since_ && keys == changed_keys_;
  changed_keys_ = std::move(keys);
  changed_at_ = now_;
  return same;
}

double RunTransport::seconds_to_take() const {
  if (!held_back_ || held_) return std::numeric_limits<double>::infinity();
  return std::max(burst_until_ - now_, 0.0);
}

void RunTransport::take_held_back() {
  if (held_back_) asked_ = *std::exchange(held_back_, std::nullopt);
}

const TrainingRequest& RunTransport::request(const Experiment& asked) {
  if (request_.control) of_this_hand_ = note_change(asked) && of_this_hand_;
  if (request_.control && asked == asked_) {
    held_back_.reset();
    return request_;
  }
  const bool repeats = repeats_ && asked == repeated_.first;
  if (!repeats && !of_this_hand_ && takes(asked)) {
    // A run that waits takes nothing before its next step anyway.
    if (goes() && hand_is_at_it()) {
      held_back_ = asked;
      return request_;
    }
    held_back_.reset();
    asked_ = asked;
    wish(wish_.until);
    return request_;
  }
  changed_ = request_.control ? differing_words(asked, asked_) : "";
  // What a hand passes by leaves nothing behind.
  const auto left = of_this_hand_ ? left_ : run_;
  const bool first = !request_.control;
  begin(asked, first ? wish_.until : RunWish::kNoEnd);
  left_ = left;
  of_this_hand_ = !first;
  return request_;
}

Recipe RunTransport::recipe(const Experiment& settings) const {
  if (!request_.control) return {settings};
  return {request_.experiment, run_ ? run_->changes : request_.changes};
}

bool RunTransport::takes(const Experiment& asked) const {
  if (!request_.control || gone_ || died()) return false;
  if (with_live_keys_of(request_.experiment, asked) != asked) return false;
  if (!over()) return true;
  Experiment longer = asked_;
  longer.training.steps = asked.training.steps;
  return longer == asked && asked.training.steps > run_->steps;
}

void RunTransport::begin(const Experiment& asked, std::int64_t until) {
  asked_ = asked;
  wish_ = {.until = until, .training = asked.training};
  const auto& [repeated, changes] = repeated_;
  request_ = {.experiment = asked, .control = std::make_shared<RunControl>(wish_)};
  const auto from = std::exchange(from_, nullptr);
  repeats_ = false;
  if (asked == repeated) {
    request_.changes = changes;
    request_.from = from;
    if (from) request_.data = from->data;
  }
  left_ = std::exchange(run_, nullptr);
  held_back_.reset();
  of_this_hand_ = false;
  ++runs_;
  gone_ = false;
}

void RunTransport::wish(std::int64_t until) {
  wish_.until = until;
  wish_.training = asked_.training;
  request_.control->wish(wish_);
}

void RunTransport::look(const SessionView& session) {
  const SlotView& slot = session.slot(TrainingRequest::kSlot);
  const auto* wanted = slot.wanted ? slot.wanted->as<TrainingRequest>() : nullptr;
  if (!wanted || wanted->control != request_.control) return;
  gone_ = slot.state == SlotState::idle && !slot.asks;
  if (!slot.up_to_date()) return;
  const auto run = session.results.latest<TrainingRequest>();
  if (run == run_) return;
  run_ = run;
  // It ended before it could take what was set last.
  if (slot.state != SlotState::resting || !(over() || died())) return;
  std::vector<LiveChange> changes = run->changes;
  std::erase_if(changes, [&](const LiveChange& change) {
    return std::ranges::find(request_.changes, change) != request_.changes.end();
  });
  const Experiment taken = before_step(run->experiment, changes, run->steps);
  if (taken.training == asked_.training) return;
  changed_ = differing_words(asked_, taken);
  begin(asked_, RunWish::kNoEnd);
}

void RunTransport::repeat_changes(Experiment experiment, std::vector<LiveChange> changes) {
  repeats_ = !changes.empty();
  repeated_ = {std::move(experiment), std::move(changes)};
  const bool repeated = asked_ == repeated_.first && request_.changes != repeated_.second;
  if (request_.control && repeated) begin(asked_, RunWish::kNoEnd);
}

void RunTransport::go_on_from(Experiment experiment, std::shared_ptr<const Checkpoint> state) {
  repeated_ = {std::move(experiment), state->changes};
  from_ = std::move(state);
  repeats_ = true;
  if (request_.control && asked_ == repeated_.first) begin(asked_, RunWish::kNoEnd);
}

void RunTransport::save_state(const std::string& path) {
  keeper_ = request_.control;
  keeper_->want_state(path);
}

std::optional<Result<std::string>> RunTransport::state_saved() {
  if (!keeper_) return std::nullopt;
  // Of a run that is no more nobody answers.
  if (const std::string path = saving_state();
      !path.empty() && keeper_ == request_.control && gone_)
    keeper_->answer_state(work_error(path, "The run was stopped, and its state is no more."));
  auto answer = keeper_->take_state_answer();
  if (answer) keeper_ = nullptr;
  return answer;
}

void RunTransport::play_or_pause() {
  take_held_back();
  if (over()) return begin(asked_, RunWish::kNoEnd);
  if (!rests()) return wish(0);
  wish_.past_nonfinite = run_ && run_->is_lost();
  wish(RunWish::kNoEnd);
}

void RunTransport::step() {
  take_held_back();
  if (can_be_longer()) return;
  if (gone_) return begin(asked_, 1);
  const std::int64_t done = run_ ? run_->steps : 0;
  const bool waits = wish_.until != RunWish::kNoEnd;
  wish_.past_nonfinite = run_ && run_->is_lost();
  wish(std::max(done, waits ? wish_.until : 0) + 1);
}

void RunTransport::rewind() {
  take_held_back();
  changed_.clear();
  begin(asked_, rests() && !died() ? 0 : RunWish::kNoEnd);
}

}  // namespace nanscope
