#include "ui/labs/step_player.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "imgui.h"
#include "ui/labs/lab.h"
#include "ui/widgets/pointed_key.h"

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

void StepPlayer::take_keys(unsigned id) {
  constexpr std::array<std::pair<ImGuiKey, StepMove>, 3> kMoves{
      {{ImGuiKey_LeftArrow, StepMove::previous},
       {ImGuiKey_RightArrow, StepMove::next},
       {ImGuiKey_End, StepMove::last}}};
  for (const auto& [key, move] : kMoves)
    if (pointed_key(key, id, true)) take(move);
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

std::optional<int> StepPlayer::go_on(int now, int last, LabRequests& requests) {
  const bool played = plays_;
  const int to = step(now, last, static_cast<double>(ImGui::GetIO().DeltaTime));
  if (requests.edited) return std::nullopt;
  if (played || ImGui::IsKeyDown(ImGuiKey_LeftArrow) || ImGui::IsKeyDown(ImGuiKey_RightArrow))
    requests.gesture = ImGui::GetID("play");
  return to == now ? std::nullopt : std::optional(to);
}

double StepPlayer::seconds_to_next() const {
  if (!plays_) return std::numeric_limits<double>::infinity();
  return (1 - past_) / steps_a_second(last_);
}

}  // namespace nanscope
