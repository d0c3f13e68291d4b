#pragma once

#include <optional>

namespace nanscope {

struct LabRequests;

enum class StepMove { next, previous, first, last };

/// Which step is looked at, by keys and as time goes on.
class StepPlayer {
 public:
  /// From the step that is looked at to the last one, or from the first where that is the last.
  void play_or_pause();
  /// Ends the play.
  void take(StepMove move);
  /// Left, Right and End, whose repetition `id` owns. Home shows all of a plot, as everywhere.
  void take_keys(unsigned id);
  bool plays() const { return plays_; }
  /// The step of 1..`last` to look at in a frame this many seconds after the one before. A step
  /// that something else has moved ends the play.
  int step(int now, int last, double seconds);
  /// The step to look at from this frame on, where that is another one and nothing else is edited:
  /// all of a play, or of a key that is held, is one step back.
  std::optional<int> go_on(int now, int last, LabRequests& requests);
  /// Until the next step; infinity while nothing plays.
  double seconds_to_next() const;

 private:
  bool plays_ = false, begins_ = false;
  std::optional<StepMove> move_;
  int shown_ = 0, last_ = 1;
  double past_ = 0;  ///< of a step
};

}  // namespace nanscope
