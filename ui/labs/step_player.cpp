#include "ui/labs/step_player.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nanscope {
namespace {

constexpr double kLongest = 8;         // seconds, of all steps
constexpr double kSlowest = 10;        // steps a second
constexpr double kLongestFrame = 0.1;  // seconds: a window that was away does not leap

double steps_a_second(int last) { return std::max(kSlowest, last / kLongest); }

int moved(int step, StepMove move, int last) {
  switch (move) {
    case StepMove::next:
      return std::min(step + 1, last);
    case StepMove::previous:
      return std::max(step - 1, 1);
    case StepMove::first:
      return 1;
    case StepMove::last:
      break;
  }
  return last;
}

}  // namespace

void StepPlayer::play_or_pause() { plays_ = begins_ = !plays_; }

void StepPlayer::take(StepMove move) {
  move_ = move;
  plays_ = false;
}

int StepPlayer::step(int now, int last, double seconds) {
  last_ = last;
  const int at = std::min(now, last);
  if (const auto move = std::exchange(move_, std::nullopt)) return moved(at, *move, last);
  const bool begins = std::exchange(begins_, false);
  plays_ = plays_ && (begins || now == shown_);
  if (!plays_) return now;
  past_ = begins ? 0 : past_ + std::min(seconds, kLongestFrame) * steps_a_second(last);
  const double whole = std::floor(past_);
  past_ -= whole;
  shown_ = begins && at == last ? 1 : std::min(at + static_cast<int>(whole), last);
  plays_ = shown_ < last;
  return shown_;
}

double StepPlayer::seconds_to_next() const {
  if (!plays_) return std::numeric_limits<double>::infinity();
  return (1 - past_) / steps_a_second(last_);
}

}  // namespace nanscope
