#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "imgui.h"
#include "ui/labs/lab_header.h"
#include "ui/shell/shell_state.h"
#include "ui/text/language.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

// What the shell has to say: messages, the engine that is missing.
namespace nanscope {
namespace {

/// Where something is wrong: a key by the name that its control has, a file by its path.
void draw_place(const std::string& where, const Style& style) {
  if (where.empty()) return;
  const char* label = spoken_language().find("control." + where);
  styled_text(label ? label : where.c_str(), style.fonts.semibold, 1.0f, style.palette.bad);
  if (!label) return;
  ImGui::SameLine();
  styled_text(where, style.fonts.mono, 0.9f, style.palette.muted);
}

}  // namespace

void ShellState::draw_message(ImVec2 corner, float width, LabRequests& requests) {
  const std::optional<Error> shown = current_message();
  if (!shown) return;
  // It lies over the sentence, which is about another pass than the one that failed.
  ImGui::SetNextWindowPos(corner);
  // At least as high as the sentence and the line below it.
  const float height = ImGui::GetFontSize() * 3.25f;
  ImGui::SetNextWindowSizeConstraints({width, height}, {width, FLT_MAX});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, style.palette.raised);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoFocusOnAppearing |
                                      ImGuiWindowFlags_AlwaysAutoResize;
  if (ImGui::Begin("###message", nullptr, kFlags)) {
    const ImVec2 low = ImGui::GetWindowPos();
    const float bar = unit(style) / 2;
    ImGui::GetWindowDrawList()->AddRectFilled(low, {low.x + bar, low.y + ImGui::GetWindowHeight()},
                                              ImGui::GetColorU32(style.palette.bad));
    const float button = ImGui::GetFrameHeight();
    const float left = ImGui::GetCursorPosX() + bar;
    const float text_width = width - left - button - 3 * unit(style);
    ImGui::SetCursorPosX(left);
    ImGui::PushTextWrapPos(left + text_width);
    ImGui::BeginGroup();
    draw_place(shown->where, style);
    styled_text(message_text(shown->what), style.fonts.regular, 1.0f, style.palette.text);
    if (const std::string words = dimming > 0 ? shown_words() : ""; !words.empty())
      styled_text(words, style.fonts.regular, 1.0f, style.palette.muted);
    ImGui::PopTextWrapPos();
    if (notice && (notice->can_cancel || message)) draw_work(*notice, style, requests);
    ImGui::EndGroup();
    ImGui::SameLine();
    ImGui::SetCursorPosX(width - button - 1.5f * unit(style));
    if (ImGui::Button("\xC3\x97###dismiss", {button, button})) dismiss_message();
    item_tooltip(text("message.dismiss"));
    message_height = ImGui::GetWindowHeight();
  }
  ImGui::End();
  ImGui::PopStyleColor();
}

void ShellState::draw_broken() {
  const float width = std::min(ImGui::GetContentRegionAvail().x, ImGui::GetFontSize() * 40);
  const ImVec2 space = ImGui::GetContentRegionAvail();
  ImGui::SetCursorPos(
      {ImGui::GetCursorPosX() + (space.x - width) / 2, ImGui::GetCursorPosY() + space.y * 0.25f});
  ImGui::BeginGroup();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  styled_text(text("broken.title"), style.fonts.semibold, 1.5f, style.palette.text);
  ImGui::Dummy({0, unit(style) / 2});
  if (view.engine_error) ImGui::TextUnformatted(error_text(*view.engine_error).c_str());
  ImGui::Dummy({0, unit(style) / 2});
  styled_text(text("broken.help"), style.fonts.regular, 1.0f, style.palette.muted);
  ImGui::PopTextWrapPos();
  ImGui::Dummy({0, unit(style)});
  if (view.engine_error && ImGui::Button(fmt::format("{}###copy", text("broken.copy")).c_str()))
    copy(error_text(*view.engine_error), "toast.copied");
  ImGui::EndGroup();
}

}  // namespace nanscope
