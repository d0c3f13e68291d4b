#include "ui/labs/lab_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/experiment/lab_settings.h"
#include "imgui.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/skeleton.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

// Sizes of words, of the body's.
constexpr float kSentenceSize = 1.3f;
constexpr float kLeastSentenceSize = 0.95f;  // of what has no room on two lines in full size
constexpr float kHintSize = 0.875f;

/// The room of two lines of a sentence in full size.
float sentence_height() { return std::round(ImGui::GetFontSize() * 2 * kSentenceSize * 1.05f); }

/// The sentence in the largest size in which it fits, in the middle of its height.
void draw_sentence(const std::string& words, float width, float height, const Style& style) {
  constexpr float kStep = 0.05f;
  const ImVec2 corner = ImGui::GetCursorPos();
  const auto height_in = [&](float size) {
    ImGui::PushFont(style.fonts.semibold, style.font_size * size);
    const float taken = ImGui::CalcTextSize(words.c_str(), nullptr, false, width).y;
    ImGui::PopFont();
    return taken;
  };
  float size = kSentenceSize;
  while (size - kStep >= kLeastSentenceSize && height_in(size) > height) size -= kStep;
  ImGui::SetCursorPosY(corner.y + std::max(0.0f, std::round((height - height_in(size)) / 2)));
  ImGui::PushTextWrapPos(corner.x + width);
  styled_text(words, style.fonts.semibold, size, style.palette.text);
  ImGui::PopTextWrapPos();
}

constexpr float kMostHintLines = 3;

/// The height of so many lines of a hint.
float hint_lines(float lines, const Style& style) {
  ImGui::PushFont(nullptr, style.font_size * kHintSize);
  const float height = lines * ImGui::GetTextLineHeight();
  ImGui::PopFont();
  return height;
}

/// The height of a hint.
float measure_hint(std::string_view hint, float width, const Style& style) {
  ImGui::PushFont(nullptr, style.font_size * kHintSize);
  const std::string words(hint);
  const float wanted = ImGui::CalcTextSize(words.c_str(), nullptr, false, width).y;
  const float height = std::min(wanted, kMostHintLines * ImGui::GetTextLineHeight());
  ImGui::PopFont();
  return hint.empty() ? 0 : height;
}

/// The hint, cut off at `height` and whole in its help.
void draw_hint(std::string_view hint, float width, float height, const Style& style,
               LabRequests& requests) {
  if (hint.empty()) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::PushFont(nullptr, style.font_size * kHintSize);
  ImGui::PushClipRect(corner, {corner.x + width, corner.y + height}, true);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextDisabled("%.*s", static_cast<int>(hint.size()), hint.data());
  ImGui::PopTextWrapPos();
  ImGui::PopClipRect();
  ImGui::PopFont();
  if (ImGui::GetItemRectSize().y > height) item_tooltip(std::string(hint).c_str());
  copyable_by_menu("hint", std::string(hint), requests.copy);
}

/// What a demo's hint is about: not what is compared with it, nor how often a run is looked at.
Experiment told_by_hint(Experiment experiment) {
  experiment.compare = {};
  experiment.training.statistics = experiment.training.evaluate = 0;
  return experiment;
}

bool notice_button(const char* key) {
  return ImGui::SmallButton(fmt::format("{}###{}", text(key), key).c_str());
}

/// The work, and of what the picture is: false where that has no room and may stand below.
bool draw_notice(const WorkNotice& notice, float width, float height, bool row_below,
                 const Style& style, LabRequests& requests) {
  const float right = ImGui::GetCursorPosX() + width, line = ImGui::GetTextLineHeight();
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::round((height - line) / 2));
  draw_work(notice, style, requests);
  if (notice.shown.empty()) return true;
  ImGui::SameLine(0, 2 * unit(style));
  const float left = right - ImGui::GetCursorPosX();
  const bool fits = ImGui::CalcTextSize(notice.shown.c_str()).x <= left;
  if (!fits && (row_below || left <= 4 * ImGui::GetFontSize())) {
    ImGui::NewLine();
    return false;
  }
  styled_text(fitted(notice.shown, left), style.fonts.regular, 1.0f, style.palette.muted);
  return true;
}

}  // namespace

void draw_work(const WorkNotice& notice, const Style& style, LabRequests& requests) {
  // Before the words, where Cancel is never: its second click would run the work again.
  if (notice.can_run) {
    if (notice_button("work.run")) requests.run = true;
    ImGui::SameLine();
  }
  styled_text(notice.words, style.fonts.semibold, 1.0f, style.palette.text);
  if (notice.can_cancel) {
    ImGui::SameLine();
    if (notice_button("work.cancel")) requests.cancel = true;
  }
  if (notice.fraction < 0) return;
  ImGui::SameLine();
  ImGui::ProgressBar(static_cast<float>(notice.fraction),
                     {ImGui::GetFontSize() * 8, ImGui::GetTextLineHeight()}, "");
}

void draw_no_plot(const LabView& view, ImVec2 size) {
  const bool comes = view.notice == nullptr || view.notice->can_cancel;
  if (comes)
    plot_skeleton(size, view.plain_style);
  else
    plot_empty(text("plots.none"), size, view.plain_style);
}

void draw_no_inspection(const LabView& view) {
  wrapped_text(text("inspector.empty"), view.plain_style.fonts.regular, 1.0f,
               view.plain_style.palette.text);
}

std::string_view hint_words(std::string_view summary, const Experiment& experiment,
                            const Experiment& demo) {
  if (summary.empty() || same_settings(demo.lab, told_by_hint(experiment), told_by_hint(demo)))
    return summary;
  return text("hint.changed");
}

void draw_hint(const LabView& view, LabRequests& requests) {
  const float width = ImGui::GetContentRegionAvail().x;
  const std::string_view hint = hint_words(view.summary, view.experiment, view.reset_to);
  draw_hint(hint, width, measure_hint(hint, width, view.plain_style), view.plain_style, requests);
}

void draw_header(const LabView& view, const std::string& words, LabRequests& requests,
                 const HeaderAside& aside) {
  const Style& style = view.plain_style;
  const ImVec2 corner = ImGui::GetCursorPos();
  const float width = ImGui::GetContentRegionAvail().x;
  // The same height whatever the sentence is: nothing below moves while a control is dragged.
  const float sentence = sentence_height();
  const float room = aside.draw ? width - aside.width - 2 * unit(style) : width;
  // The room of the demo's hint stays when another one takes its place.
  const bool compares = !aside.compared.empty();
  std::string_view hint = compares ? std::string_view(aside.compared)
                                   : hint_words(view.summary, view.experiment, view.reset_to);
  const float frame = aside.draw ? ImGui::GetFrameHeight() : 0;
  // Settings take one line or two, and change while they are dragged.
  const float least = compares ? std::max(frame, hint_lines(2, style)) : frame;
  const float row = std::max(measure_hint(view.summary, room, style), least);
  // A second line of the sentence stays apart from the hint.
  const float second = corner.y + sentence + (row > 0 ? std::round(unit(style) / 2) : 0);
  if (!view.covered) {
    if (view.notice == nullptr) {
      draw_sentence(words, width, sentence, style);
      copyable_by_menu("sentence", words, requests.copy);
    } else if (!draw_notice(*view.notice, width, sentence, row >= hint_lines(1, style), style,
                            requests)) {
      hint = view.notice->shown;
    }
    const float whole_lines = std::floor(row / hint_lines(1, style) + 0.01f);
    const float hint_height =
        std::min(measure_hint(hint, room, style), hint_lines(whole_lines, style));
    ImGui::SetCursorPos({corner.x, second + (row - hint_height) / 2});
    draw_hint(hint, room, hint_height, style, requests);
    ImGui::SetCursorPos({corner.x + width - aside.width, second + row - frame});
    if (aside.draw) aside.draw();
  }
  ImGui::SetCursorPos({corner.x, second + row + unit(style)});
}

}  // namespace nanscope
