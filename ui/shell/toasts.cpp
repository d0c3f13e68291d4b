#include "ui/shell/toasts.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr double kSeconds = 4;
constexpr std::size_t kMost = 3;
constexpr ImGuiWindowFlags kFlags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_AlwaysAutoResize |
    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
    ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove;

}  // namespace

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

void Toasts::draw(const Style& style) {
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  const float gap = 2 * unit(style);
  float bottom = viewport->WorkPos.y + viewport->WorkSize.y - gap;
  ImGui::PushStyleColor(ImGuiCol_WindowBg, style.palette.surface);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, unit(style) / 2);
  for (std::size_t i = 0; i < toasts_.size(); ++i) {
    Toast& toast = toasts_[i];
    ImGui::SetNextWindowPos({viewport->WorkPos.x + viewport->WorkSize.x - gap, bottom},
                            ImGuiCond_Always, {1, 1});
    if (ImGui::Begin(fmt::format("###toast {}", i).c_str(), nullptr, kFlags)) {
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
      if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows))
        toast.seconds_left -= ImGui::GetIO().DeltaTime;
    }
    bottom -= ImGui::GetWindowHeight() + unit(style);
    ImGui::End();
  }
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  std::erase_if(toasts_, [](const Toast& toast) { return toast.seconds_left <= 0; });
}

}  // namespace nanscope
