#include "ui/labs/training/run_transport.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/experiment/json.h"
#include "ui/labs/differing_words.h"

namespace nanscope {
namespace {

/// The experiment with all of its changes.
Experiment at_the_end(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  return before_step(experiment, changes, std::numeric_limits<std::int64_t>::max());
}

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
  if (held_back_) ask(*std::exchange(held_back_, std::nullopt));
}

void RunTransport::ask(const Experiment& asked) {
  // A run of a file may have been asked for as it began, and then comes to other values.
  Experiment wished;
  wished.training = wish_.training;
  for (const Key* key : live_run_keys())
    if (key->get(asked) != key->get(asked_)) key->set(wished, key->get(asked));
  wish_.training = wished.training;
  asked_ = asked;
}

std::int64_t RunTransport::first_end(const Experiment& asked) const {
  const bool nobody_asks = !request_.control || (!touched_ && !opened_);
  const bool waits = waits_at_first() || (unasked_ && asked == *unasked_);
  return nobody_asks && waits ? 0 : RunWish::kNoEnd;
}

const TrainingRequest& RunTransport::request(const Experiment& asked) {
  if (request_.control) of_this_hand_ = note_change(asked) && of_this_hand_;
  if (request_.control && asked == asked_) {
    held_back_.reset();
    opened_ = false;
    return request_;
  }
  if (repeats_ && asked == repeated_.second.experiment) repeated_.first = asked;
  const bool repeats = repeats_ && asked == repeated_.first;
  if (!repeats && !opened_ && !of_this_hand_ && takes(asked)) {
    // A run that waits takes nothing before its next step anyway.
    if (goes() && hand_is_at_it()) {
      held_back_ = asked;
      return request_;
    }
    held_back_.reset();
    touched_ = false;
    if (unasked_ == asked_) unasked_ = asked;
    ask(asked);
    wish(wish_.until);
    return request_;
  }
  const std::int64_t end = first_end(asked);
  changed_ = request_.control && end != 0 ? differing_words(asked, asked_) : "";
  // What a hand passes by leaves nothing behind.
  const auto left = of_this_hand_ ? left_ : run_;
  const auto followed = of_this_hand_ ? followed_ : run_;
  const bool first = !request_.control;
  begin(asked, end);
  if (end == 0) unasked_ = asked;
  left_ = left;
  followed_ = followed;
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
  request_ = {.experiment = asked};
  if (asked == repeated_.first) {
    request_.experiment = repeated_.second.experiment;
    request_.changes = repeated_.second.changes;
    request_.from = std::exchange(from_, nullptr);
    if (request_.from) request_.data = request_.from->data;
    repeats_ = false;
  } else if (!repeats_) {
    repeated_ = {};
    from_ = nullptr;
  }
  wish_ = {.until = until, .training = at_the_end(request_.experiment, request_.changes).training};
  request_.control = std::make_shared<RunControl>(wish_);
  touched_ = opened_ = false;
  followed_ = left_ = std::exchange(run_, nullptr);
  held_back_.reset();
  of_this_hand_ = false;
  ++runs_;
  gone_ = false;
}

void RunTransport::wish(std::int64_t until) {
  wish_.until = until;
  request_.control->wish(wish_);
}

void RunTransport::follow_left(std::shared_ptr<const RunSummary> run) {
  if (!followed_ || !run || run == followed_ || run->experiment != followed_->experiment ||
      run->steps < followed_->steps)
    return;
  left_ = followed_ = std::move(run);
}

void RunTransport::look(const SessionView& session) {
  const SlotView& slot = session.slot(TrainingRequest::kSlot);
  const auto* wanted = slot.wanted ? slot.wanted->as<TrainingRequest>() : nullptr;
  const auto run = session.results.latest<TrainingRequest>();
  if (!wanted || wanted->control != request_.control) return follow_left(run);
  gone_ = slot.state == SlotState::idle && !slot.asks;
  if (!slot.up_to_date()) return follow_left(run);
  followed_ = nullptr;
  if (run == run_) return;
  run_ = run;
  // It ended before it could take what was set last.
  if (slot.state != SlotState::resting || !(over() || died())) return;
  std::vector<LiveChange> changes = run->changes;
  std::erase_if(changes, [&](const LiveChange& change) {
    return std::ranges::find(request_.changes, change) != request_.changes.end();
  });
  const Experiment taken =
      before_step(at_the_end(run->experiment, request_.changes), changes, run->steps);
  if (taken.training == wish_.training) return;
  Experiment wished = taken;
  wished.training = wish_.training;
  changed_ = differing_words(wished, taken);
  begin(asked_, RunWish::kNoEnd);
}

void RunTransport::repeat_changes(Experiment experiment, std::vector<LiveChange> changes) {
  repeats_ = !changes.empty();
  opened_ = true;
  Experiment changed = at_the_end(experiment, changes);
  repeated_ = {std::move(changed), {std::move(experiment), std::move(changes)}};
  if (!request_.control || asked_ != repeated_.first) return;
  repeats_ = opened_ = false;
  const Recipe& repeated = repeated_.second;
  if (request_.experiment != repeated.experiment || request_.changes != repeated.changes)
    begin(asked_, RunWish::kNoEnd);
}

void RunTransport::go_on_from(Experiment experiment, std::shared_ptr<const Checkpoint> state) {
  repeated_ = {before_step(experiment, state->changes, state->steps), {experiment, state->changes}};
  from_ = std::move(state);
  repeats_ = touched_ = true;
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
  unasked_.reset();
  if (over()) return begin(asked_, RunWish::kNoEnd);
  if (!rests()) return wish(0);
  wish_.past_nonfinite = run_ && run_->is_lost();
  wish(RunWish::kNoEnd);
}

void RunTransport::step() {
  take_held_back();
  unasked_.reset();
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
