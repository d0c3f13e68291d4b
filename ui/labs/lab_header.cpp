#include "ui/labs/lab_header.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr float kSentenceSize = 1.3f;  // of the body's size
constexpr float kSummarySize = 0.875f;

}  // namespace

void draw_header(const LabView& view, const std::string& words) {
  const ImVec2 corner = ImGui::GetCursorPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float row = sentence_row(), summary = measure_summary(view.summary, width, view.style);
  if (!view.covered) {
    draw_sentence(words, width, row, view.style);
    ImGui::SetCursorPos({corner.x, corner.y + row});
    draw_summary(view.summary, width, summary, view.style);
  }
  ImGui::SetCursorPos({corner.x, corner.y + row + summary + unit(view.style)});
}

float sentence_row() { return std::round(ImGui::GetFontSize() * kSentenceSize * 1.25f); }

void draw_sentence(const std::string& words, float width, float height, const Style& style) {
  const ImVec2 corner = ImGui::GetCursorPos();
  float size = kSentenceSize;
  bool fits = false;
  for (; size > 0.8f && !fits; size -= 0.1f) {
    ImGui::PushFont(style.fonts.semibold, style.font_size * size);
    const ImVec2 extent = ImGui::CalcTextSize(words.c_str(), nullptr, false, width);
    fits = extent.y <= height * 1.1f;
    ImGui::PopFont();
    if (fits) break;
  }
  ImGui::SetCursorPosY(corner.y);
  ImGui::PushTextWrapPos(corner.x + width);
  styled_text(words, style.fonts.semibold, size, style.palette.text);
  ImGui::PopTextWrapPos();
}

float measure_summary(std::string_view summary, float width, const Style& style) {
  ImGui::PushFont(nullptr, style.font_size * kSummarySize);
  const std::string words(summary);
  const float wanted = ImGui::CalcTextSize(words.c_str(), nullptr, false, width).y;
  const float height = std::min(wanted, 3 * ImGui::GetTextLineHeight());
  ImGui::PopFont();
  return summary.empty() ? 0 : height;
}

void draw_summary(std::string_view summary, float width, float height, const Style& style) {
  if (summary.empty()) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::PushFont(nullptr, style.font_size * kSummarySize);
  ImGui::PushClipRect(corner, {corner.x + width, corner.y + height}, true);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextDisabled("%.*s", static_cast<int>(summary.size()), summary.data());
  ImGui::PopTextWrapPos();
  ImGui::PopClipRect();
  ImGui::PopFont();
  if (!ImGui::BeginItemTooltip()) return;
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 26);
  ImGui::TextUnformatted(summary.data(), summary.data() + summary.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace nanscope
