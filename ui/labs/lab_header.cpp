#include "ui/labs/lab_header.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr float kSentenceSize = 1.3f;  // of the body's size
constexpr float kSummarySize = 0.875f;

/// The sentence in the largest size in which it fits: one line, or two small ones.
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

/// The height of the demo's summary, which takes three lines at most.
float measure_summary(std::string_view summary, float width, const Style& style) {
  ImGui::PushFont(nullptr, style.font_size * kSummarySize);
  const std::string words(summary);
  const float wanted = ImGui::CalcTextSize(words.c_str(), nullptr, false, width).y;
  const float height = std::min(wanted, 3 * ImGui::GetTextLineHeight());
  ImGui::PopFont();
  return summary.empty() ? 0 : height;
}

/// The summary, cut off at `height` and whole in a tooltip.
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

}  // namespace

void draw_header(const LabView& view, const std::string& words, const HeaderAside& aside) {
  const Style& style = view.style;
  const ImVec2 corner = ImGui::GetCursorPos();
  const float width = ImGui::GetContentRegionAvail().x;
  // The same height whatever the sentence is: nothing below moves while a control is dragged.
  const float sentence = std::round(ImGui::GetFontSize() * kSentenceSize * 1.25f);
  const float room = aside.draw ? width - aside.width - 2 * unit(style) : width;
  const float summary = measure_summary(view.summary, room, style);
  const float frame = aside.draw ? ImGui::GetFrameHeight() : 0;
  const float second = corner.y + sentence + (aside.draw ? unit(style) / 4 : 0);
  const float row = std::max(summary, frame);
  if (!view.covered) {
    draw_sentence(words, width, sentence, style);
    ImGui::SetCursorPos({corner.x, second + (row - summary) / 2});
    draw_summary(view.summary, room, summary, style);
    ImGui::SetCursorPos({corner.x + width - aside.width, second + row - frame});
    if (aside.draw) aside.draw();
  }
  ImGui::SetCursorPos({corner.x, second + row + unit(style)});
}

}  // namespace nanscope
