#include "ui/labs/training/run_transport.h"

#include <algorithm>
#include <utility>

#include "ui/labs/differing_words.h"

namespace nanscope {
namespace {

/// The experiment with the live keys of another one.
Experiment with_live_keys_of(Experiment experiment, const Experiment& from) {
  for (const Key* key : live_run_keys()) key->set(experiment, key->get(from));
  return experiment;
}

}  // namespace

const TrainingRequest& RunTransport::request(const Experiment& asked) {
  if (request_.control && asked == asked_) return request_;
  if (!(repeats_ && asked == repeated_.first) && takes(asked)) {
    asked_ = asked;
    wish(wish_.until);
  } else {
    changed_ = request_.control ? differing_words(asked, asked_) : "";
    begin(asked, request_.control ? RunWish::kNoEnd : wish_.until);
  }
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
  if (over()) return begin(asked_, RunWish::kNoEnd);
  if (!rests()) return wish(0);
  wish_.past_nonfinite = run_ && run_->is_lost();
  wish(RunWish::kNoEnd);
}

void RunTransport::step() {
  if (can_be_longer()) return;
  if (gone_) return begin(asked_, 1);
  const std::int64_t done = run_ ? run_->steps : 0;
  const bool waits = wish_.until != RunWish::kNoEnd;
  wish_.past_nonfinite = run_ && run_->is_lost();
  wish(std::max(done, waits ? wish_.until : 0) + 1);
}

void RunTransport::rewind() {
  changed_.clear();
  begin(asked_, rests() && !died() ? 0 : RunWish::kNoEnd);
}

}  // namespace nanscope
