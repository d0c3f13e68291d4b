#include "ui/shell/glossary_window.h"

#include <fmt/format.h>

#include <algorithm>

#include "imgui.h"
#include "imgui_stdlib.h"
#include "ui/text/glossary/glossary.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/term.h"

namespace nanscope {

void GlossaryWindow::toggle() {
  visible_ = opening_ = !visible_;
  pattern_.clear();
}

void GlossaryWindow::draw(const Style& style) {
  if (!visible_) return;
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const float em = ImGui::GetFontSize();
  ImGui::SetNextWindowPos(viewport.GetWorkCenter(), ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(em * 34, viewport.WorkSize.x * 0.9f),
                            std::min(em * 32, viewport.WorkSize.y * 0.9f)},
                           ImGuiCond_Appearing);
  const std::string title = fmt::format("{}###glossary", text("glossary.title"));
  constexpr ImGuiWindowFlags kFlags =
      ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Begin(title.c_str(), &visible_, kFlags)) {
    if (opening_) ImGui::SetKeyboardFocusHere();
    opening_ = false;
    ImGui::SetNextItemWidth(-1);
    ImGui::InputTextWithHint("###filter", text("glossary.filter"), &pattern_);
    if (ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows) &&
        ImGui::IsKeyPressed(ImGuiKey_Escape))
      visible_ = false;
    bool any = false;
    if (ImGui::BeginChild("terms")) {
      for (const Term* term : terms_by_name()) {
        if (!term_matches(*term, pattern_)) continue;
        if (any) ImGui::Separator();
        any = true;
        term_entry(term->key, style);
      }
      if (!any) ImGui::TextDisabled("%s", text("glossary.nothing"));
    }
    ImGui::EndChild();
  }
  ImGui::End();
}

}  // namespace nanscope
