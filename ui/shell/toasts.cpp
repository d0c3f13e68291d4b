#include "ui/shell/toasts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr double kSeconds = 4;
constexpr std::size_t kMost = 3;
constexpr ImGuiWindowFlags kFlags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_AlwaysAutoResize |
    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
    ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove;

}  // namespace

float hall_notes_height() { return std::round(1.5f * kHelpSize * ImGui::GetFontSize()); }

void Toasts::add(std::string words, std::string button, std::function<void()> run) {
  add({words, words, std::move(button), std::move(run), kSeconds});
}

void Toasts::say(std::string about, std::string words) {
  add({std::move(about), std::move(words), {}, {}, kSeconds});
}

void Toasts::add(Toast toast) {
  std::erase_if(toasts_, [&](const Toast& one) { return one.about == toast.about; });
  if (toasts_.size() == kMost) toasts_.erase(toasts_.begin());
  toasts_.push_back(std::move(toast));
}

double Toasts::seconds_left() const {
  double least = std::numeric_limits<double>::infinity();
  for (const Toast& toast : toasts_) least = std::min(least, toast.seconds_left);
  return least;
}

void Toasts::draw(Toast& toast, const Style& style) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(toast.words.c_str());
  if (toast.run) {
    ImGui::SameLine(0, 2 * unit(style));
    if (ImGui::Button(fmt::format("{}###run", toast.button).c_str())) {
      toast.run();
      toast.seconds_left = 0;
    }
  }
  // The clock stands still while someone reads.
  if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) let_time_pass(toast);
}

/// From the frame on that first shows it: the one before may have drawn a large picture for
/// seconds, or the window may have slept.
void Toasts::let_time_pass(Toast& toast) {
  if (std::exchange(toast.drawn, true)) toast.seconds_left -= ImGui::GetIO().DeltaTime;
}

void Toasts::draw(const Style& style, bool in_hall) {
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const float gap = unit(style), bar = in_hall ? hall_notes_height() : help_bar_height();
  const float top = viewport.Pos.y + viewport.Size.y - bar;
  ImGui::PushFont(nullptr, style.font_size * (in_hall ? kHelpSize : 1));
  if (in_hall)
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 0});
  const ImVec2 padding{ImGui::GetStyle().WindowPadding.x,
                       std::floor((bar - ImGui::GetFrameHeight()) / 2)};
  float right = viewport.Pos.x + viewport.Size.x;
  left_ = std::numeric_limits<float>::infinity();
  ImGui::PushStyleColor(ImGuiCol_WindowBg, style.palette.surface);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, unit(style) / 2);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  for (std::size_t i = toasts_.size(); i-- > 0;) {
    Toast& toast = toasts_[i];
    const float words = ImGui::CalcTextSize(toast.words.c_str()).x + 2 * padding.x;
    if (i + 1 < toasts_.size() && right - words < viewport.Pos.x) {
      let_time_pass(toast);
      continue;
    }
    ImGui::SetNextWindowPos({right, top}, ImGuiCond_Always, {1, 0});
    if (ImGui::Begin(fmt::format("###toast {}", i).c_str(), nullptr, kFlags)) draw(toast, style);
    // Not of a frame in which it is only measured.
    if (!ImGui::GetCurrentWindowRead()->Hidden) left_ = ImGui::GetWindowPos().x;
    right -= ImGui::GetWindowWidth() + gap;
    ImGui::End();
  }
  ImGui::PopStyleVar(in_hall ? 3 : 2);
  ImGui::PopStyleColor();
  ImGui::PopFont();
  std::erase_if(toasts_, [](const Toast& toast) { return toast.seconds_left <= 0; });
}

}  // namespace nanscope
