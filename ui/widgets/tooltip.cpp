#include "ui/widgets/tooltip.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {
namespace {

constexpr float kTwoLines = 2.3f;     // with what formulas rise above and hang below them
constexpr float kReadingSeconds = 2;  // that a reading stays beside a pointer at rest, in a hall
// In the bar's storage: its right end, of which item help was asked for, where the pointer was
// then, whether it has moved on.
constexpr ImGuiID kRight = 1, kAsked = 2, kAskedAtX = 3, kAskedAtY = 4, kMovedOn = 5;

/// The bar that help stands on; null in a hall.
ImGuiWindow* help_bar() {
  ImGuiWindow* bar = ImGui::FindWindowByName(kHelpBar);
  return bar && bar->WasActive ? bar : nullptr;
}

float bar_padding() { return std::round(ImGui::GetStyle().FontSizeBase / 4); }

/// Whether the last item was pressed since the pointer came to it, or a drag ended on it.
bool was_worked_on() {
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImRect& item = ImGui::GetCurrentContext()->LastItemData.Rect;
  const ImGuiID key = ImHashData(&item, sizeof item, ImHashStr("worked on"));
  const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride |
                                            ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  // A field may have been come to by keys.
  const bool dragged = ImGui::IsItemActive() && !ImGui::GetIO().WantTextInput;
  if (dragged || (hovered && ImGui::IsMouseDown(ImGuiMouseButton_Left)))
    storage.SetBool(key, true);
  else if (!hovered && storage.GetBool(key))
    storage.SetBool(key, false);
  return storage.GetBool(key);
}

bool is_waited_for(ImGuiWindow& bar) {
  constexpr ImGuiHoveredFlags kPatiently =
      ImGuiHoveredFlags_Stationary | ImGuiHoveredFlags_DelayNormal |
      ImGuiHoveredFlags_NoNavOverride | ImGuiHoveredFlags_AllowWhenDisabled;
  const bool worked_on = was_worked_on();
  const bool rested_on = !worked_on && ImGui::IsItemHovered(kPatiently | hovered_while_typing());
  const auto asked = static_cast<ImGuiID>(bar.StateStorage.GetInt(kAsked));
  if (asked == 0) return rested_on;
  if (!rested_on || !bar.StateStorage.GetBool(kMovedOn))
    return ImGui::IsItemFocused() && asked == ImGui::GetCurrentContext()->NavId;
  bar.StateStorage.SetInt(kAsked, 0);
  return true;
}

}  // namespace

int hovered_while_typing() {
  return ImGui::GetIO().WantTextInput ? ImGuiHoveredFlags_AllowWhenBlockedByActiveItem
                                      : ImGuiHoveredFlags_None;
}

float help_bar_height() {
  return std::round(kTwoLines * kHelpSize * ImGui::GetFontSize()) + 2 * bar_padding();
}

void end_help_at(float right) {
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  storage.SetFloat(kRight, right);
  const auto focused = static_cast<int>(ImGui::GetCurrentContext()->NavId);
  const ImVec2 pointer = ImGui::GetMousePos();
  const float way =
      std::hypot(pointer.x - storage.GetFloat(kAskedAtX), pointer.y - storage.GetFloat(kAskedAtY));
  if (way > ImGui::GetFontSize()) storage.SetBool(kMovedOn, true);
  if (storage.GetInt(kAsked) != focused) storage.SetInt(kAsked, 0);
}

void ask_for_help() {
  ImGuiWindow* bar = help_bar();
  if (!bar) return;
  const auto focused = static_cast<int>(ImGui::GetCurrentContext()->NavId);
  bar->StateStorage.SetInt(kAsked, bar->StateStorage.GetInt(kAsked) == focused ? 0 : focused);
  bar->StateStorage.SetFloat(kAskedAtX, ImGui::GetMousePos().x);
  bar->StateStorage.SetFloat(kAskedAtY, ImGui::GetMousePos().y);
  bar->StateStorage.SetBool(kMovedOn, false);
}

bool begin_pointer_tooltip() {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  if (!help_bar() && imgui.MouseStationaryTimer >= kReadingSeconds) return false;
  // Dear ImGui puts tooltips beside the focused item while this is set.
  const bool keyboard_leads = std::exchange(imgui.NavHighlightItemUnderNav, false);
  ImGui::BeginTooltipEx(ImGuiTooltipFlags_OverridePrevious, ImGuiWindowFlags_None);
  imgui.NavHighlightItemUnderNav = keyboard_leads;
  return true;
}

void tell_at_place(const std::string& words) {
  if (!begin_pointer_tooltip()) return ImGui::GetCurrentContext()->NextWindowData.ClearFlags();
  ImGui::TextUnformatted(words.c_str());
  ImGui::EndTooltip();
}

double seconds_of_reading() {
  const float rested = ImGui::GetCurrentContext()->MouseStationaryTimer;
  const bool gives_way = !help_bar() && rested < kReadingSeconds;
  return gives_way ? static_cast<double>(kReadingSeconds - rested)
                   : std::numeric_limits<double>::infinity();
}

bool begin_item_help() {
  ImGuiWindow* bar = help_bar();
  // Of the last tooltip in this frame.
  if (!bar || !is_waited_for(*bar) || ImGui::GetCurrentContext()->TooltipPreviousWindow)
    return false;
  const ImRect place = bar->Rect();
  const float width = bar->StateStorage.GetFloat(kRight, place.Max.x) - place.Min.x;
  ImGui::SetNextWindowPos({place.Min.x, place.Max.y}, ImGuiCond_Always, {0, 1});
  ImGui::SetNextWindowSizeConstraints({width, place.GetHeight()}, {width, FLT_MAX});
  const ImVec2 padding{ImGui::GetStyle().WindowPadding.x, bar_padding()};
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  const bool begun = ImGui::BeginTooltip();
  ImGui::PopStyleVar();
  if (!begun) return false;
  ImGui::PushFont(ImGui::GetDefaultFont(), ImGui::GetStyle().FontSizeBase * kHelpSize);
  ImGui::PushTextWrapPos(width - padding.x);
  return true;
}

void end_item_help() {
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  ImGui::EndTooltip();
}

void item_tooltip(const char* words) {
  if (!begin_item_help()) return;
  ImGui::TextUnformatted(words);
  end_item_help();
}

}  // namespace nanscope
