#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/recipe/training_request.h"
#include "engine/session/session.h"

namespace nanscope {

/// The run that the Training lab has under way: what a person does to it, which settings act on it
/// while it goes on, and which begin another one.
///
/// What a hand does without letting go (a drag, typing, a burst of keys at one setting) is one
/// change: a run that goes on takes the last value when the hand lets go, and one that begins anew
/// at each value leaves no run behind but the one that was there before.
class RunTransport {
 public:
  /// Once a frame, before it is asked: whether something is held or typed into, whether a key that
  /// steps a control is down, and the time.
  void begin_frame(bool held, bool key_down, double seconds);
  /// What the session is asked for: the run that is there, which hears of the settings as they are
  /// now, or another one, where it cannot take them.
  const TrainingRequest& request(const Experiment& asked);
  /// Settings wait for the hand to let go.
  bool holds_back() const { return held_back_.has_value(); }
  /// Until they are taken by themselves; infinity where they wait for a hand, or nothing waits.
  double seconds_to_take() const;
  /// Once a frame: what has become of it.
  void look(const SessionView& session);

  /// What it has told so far; null before its first word.
  const std::shared_ptr<const RunSummary>& run() const { return run_; }
  /// What it was asked for, with what was set since.
  const Experiment& asked() const { return asked_; }
  /// What it began with, and what changed on its way; of settings that no run has begun with,
  /// these.
  Recipe recipe(const Experiment& settings) const;
  /// It went on from a checkpoint.
  bool resumed() const { return request_.from != nullptr; }
  /// How many have begun.
  int runs() const { return runs_; }
  /// The run before it, once, when another one has begun; and again when more of it has come, as it
  /// ended while the other one was asked for.
  std::shared_ptr<const RunSummary> take_left() { return std::exchange(left_, nullptr); }
  bool goes() const { return !over() && !rests(); }
  /// It has steps left, and waits for a person's word.
  bool rests() const { return !over() && (wish_.until != RunWish::kNoEnd || died()); }
  /// Nothing follows but what begins it anew or makes it longer.
  bool over() const { return gone_ || (run_ && run_->is_over()); }
  bool can_be_longer() const { return !gone_ && run_ && run_->is_over(); }
  /// It stopped being finite, and nobody wanted it to go on.
  bool died() const { return run_ && run_->is_lost() && !wish_.past_nonfinite; }
  /// What made it begin anew ("width 64"), or "".
  const std::string& changed() const { return changed_; }

  /// Unless one has begun, the next one waits at its first step: nobody has asked for it. It goes
  /// on waiting while its settings change, unless they are touched() or others are opened.
  void wait_at_first() {
    if (!request_.control) wish_.until = 0;
  }
  /// A person has set something at the run's own controls.
  void touched() { touched_ = true; }
  /// What is asked for from now on was opened, as a demo or a file: it is no change of the run that
  /// goes on, but one that begins with these settings and makes these changes on its way, as the
  /// one of the file did. It may be asked for with the changes made, as its controls then show it.
  /// What begins another run ends that.
  void repeat_changes(Experiment experiment, std::vector<LiveChange> changes);
  /// The next run of these settings goes on from the state, which is one of theirs.
  void go_on_from(Experiment experiment, std::shared_ptr<const Checkpoint> state);
  /// Whether the run has a state that can be written.
  bool has_state() const { return request_.control && run_ && !gone_; }
  void save_state(const std::string& path);
  /// What became of it, once; the file to which it is being written, or "".
  std::optional<Result<std::string>> state_saved();
  std::string saving_state() const { return keeper_ ? keeper_->state_wanted() : ""; }
  /// A run that is over begins anew.
  void play_or_pause();
  void step();
  /// The same settings from the same weights; one that waits is there at its first step, and waits.
  void rewind();

 private:
  /// The keys in which settings differ that a person changes one after the other.
  using Keys = std::vector<std::string>;

  void begin(const Experiment& asked, std::int64_t until);
  void wish(std::int64_t until);
  /// The settings become these; the run hears of those that are others than before.
  void ask(const Experiment& asked);
  /// Where a run of these settings has its end that begins as nobody asks for it otherwise.
  std::int64_t first_end(const Experiment& asked) const;
  bool waits_at_first() const { return wish_.until == 0 && !(run_ && run_->steps > 0); }
  bool takes(const Experiment& asked) const;
  /// A person has set something else: whether the hand is the same one as at the change before.
  bool note_change(const Experiment& asked);
  bool hand_is_at_it() const { return held_ || now_ < burst_until_; }
  /// While results are not this run's yet: whether they are more of the one that was left.
  void follow_left(std::shared_ptr<const RunSummary> run);
  /// What waits for the hand acts now.
  void take_held_back();

  static constexpr double kBurst = 0.5;  ///< seconds from one press to the next at most

  TrainingRequest request_;  ///< without a control: none has begun
  Experiment asked_;
  std::optional<Experiment> unasked_;       ///< whose run waited at its first step, and never began
  bool touched_ = false, opened_ = false;   ///< since the last request
  std::pair<Experiment, Recipe> repeated_;  ///< of a file, and what is asked for to get it
  std::shared_ptr<const Checkpoint> from_;  ///< what the next run of `repeated_` goes on from
  bool repeats_ = false;                    ///< the next run is to be that of `repeated_`
  std::shared_ptr<RunControl> keeper_;      ///< of the run whose state was asked for
  RunWish wish_;
  std::shared_ptr<const RunSummary> run_;
  std::shared_ptr<const RunSummary> left_;
  std::shared_ptr<const RunSummary> followed_;  ///< what was left, until the next run answers
  std::optional<Experiment> held_back_;         ///< what was set last, where it waits for the hand
  bool held_ = false;
  double now_ = 0, hand_since_ = 0;  ///< seconds: the hand is at it since then
  double burst_until_ = 0;  ///< another press until then goes on with what the last one did
  double changed_at_ = -std::numeric_limits<double>::infinity();
  Keys changed_keys_;
  bool of_this_hand_ = false;  ///< the run that is there began under the hand that is at it
  int runs_ = 0;
  bool gone_ = false;  ///< its job is no more: stopped or failed
  std::string changed_;
};

}  // namespace nanscope
