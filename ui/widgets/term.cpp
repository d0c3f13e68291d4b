#include "ui/widgets/term.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/text/glossary/glossary.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

void explain_last_item(const Term& term, const Style& style) {
  if (!begin_item_help()) return;
  styled_text(term_name(term), style.fonts.semibold, kHelpSize, style.palette.text);
  ImGui::SameLine(0, 3 * unit(style));
  ImGui::BeginGroup();
  ImGui::TextUnformatted(term_words(term));
  if (!term.formula.empty()) formula_text(term.formula, style, kHelpSize, style.palette.accent);
  ImGui::EndGroup();
  end_item_help();
}

/// Dots below the words.
void underline(ImVec2 low, ImVec2 high, const Style& style) {
  const float dot = std::max(1.0f, std::round(unit(style) / 8)), apart = 3 * dot;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float y = high.y - dot;
  for (float x = low.x; x + dot <= high.x; x += apart)
    list.AddRectFilled({x, y}, {x + dot, y + dot}, ImGui::GetColorU32(style.palette.muted));
}

void mark(const Term& term, const Style& style) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  underline(low, high, style);
  // An item by its name, so that what it says is found from outside; text is none.
  const ImGuiID id = ImGui::GetID(fmt::format("term {}", term.key).c_str());
  if (!ImGui::ItemAdd({low, high}, id, nullptr, ImGuiItemFlags_NoNav)) return;
  explain_last_item(term, style);
}

}  // namespace

void mark_term(std::string_view words, const Style& style) {
  if (const Term* term = term_of_words(words)) mark(*term, style);
}

void term(std::string_view key, const Style& style) {
  const Term* found = find_term(key);
  if (!found) return;
  ImGui::TextUnformatted(term_name(*found));
  mark(*found, style);
}

void term_list(std::span<const std::string_view> keys, const Style& style) {
  if (keys.empty()) return;
  heading(text("glossary.here"), style);
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  const float gap = 2 * unit(style);
  ImGui::PushFont(nullptr, style.font_size * 0.9375f);
  float end = 0;
  for (const std::string_view key : keys) {
    const Term* found = find_term(key);
    if (!found) continue;
    const float width = ImGui::CalcTextSize(term_name(*found)).x;
    if (end > 0 && end + gap + width <= right) ImGui::SameLine(0, gap);
    term(key, style);
    end = ImGui::GetItemRectMax().x;
  }
  ImGui::PopFont();
}

void term_entry(std::string_view key, const Style& style) {
  const Term* found = find_term(key);
  if (!found) return;
  wrapped_text(term_name(*found), style.fonts.semibold, 1.0f, style.palette.text);
  wrapped_text(term_words(*found), style.fonts.regular, 1.0f, style.palette.text);
  if (!found->formula.empty()) formula_text(found->formula, style, 1.0f, style.palette.accent);
}

void term_tooltip(std::string_view key, const Style& style) {
  if (const Term* found = find_term(key)) explain_last_item(*found, style);
}

}  // namespace nanscope
