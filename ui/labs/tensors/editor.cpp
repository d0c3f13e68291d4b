#include "ui/labs/tensors/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/tensor_language/syntax.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "imgui_stdlib.h"
#include "ui/canvas/ink.h"
#include "ui/labs/tensors/plots/tensor_colors.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr float kTypeSize = 1.2f;  // of the body
constexpr int kMostLines = 6;

/// The lines that Dear ImGui's field breaks a text into, as [begin, end) in bytes.
struct TextLine {
  int begin = 0, end = 0;
};

std::vector<TextLine> broken_lines(const std::string& words, float width) {
  std::vector<TextLine> lines;
  const char* const begin = words.c_str();
  const char* const end = begin + words.size();
  const char* at = begin;
  while (at < end) {
    const char* stop = ImFontCalcWordWrapPositionEx(ImGui::GetFont(), ImGui::GetFontSize(), at, end,
                                                    width, ImDrawTextFlags_WrapKeepBlanks);
    lines.push_back({static_cast<int>(at - begin), static_cast<int>(stop - begin)});
    at = stop < end && *stop == '\n' ? stop + 1 : stop;
  }
  if (words.empty() || words.back() == '\n')
    lines.push_back({static_cast<int>(words.size()), static_cast<int>(words.size())});
  return lines;
}

/// The text field as it lies on the screen.
struct Field {
  const std::string& words;
  const std::vector<TextLine>& lines;
  ImVec2 origin;  ///< of the first line
  ImDrawList& list;

  /// A line under the bytes [begin, end), at least one letter long.
  void underline(int begin, int end, ImU32 color, float width) const {
    const float height = ImGui::GetFontSize();
    const auto size = static_cast<int>(words.size());
    begin = std::clamp(begin, 0, size);
    end = std::clamp(end, begin, size);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool last = i + 1 == lines.size();
      const int from = std::max(begin, lines[i].begin), to = std::min(end, lines[i].end);
      // A place behind the last letter belongs to the line that it would go on.
      const bool empty_here = begin == end && from == begin &&
                              (begin < lines[i].end || (last && begin == lines[i].end));
      if (from >= to && !empty_here) continue;
      const float left = extent(lines[i].begin, from);
      const float right = std::max(extent(lines[i].begin, to), left + height / 2);
      const float y = origin.y + height * static_cast<float>(i + 1);
      list.AddLine({origin.x + left, y}, {origin.x + right, y}, color, width);
    }
  }

 private:
  float extent(int from, int to) const {
    return ImGui::CalcTextSize(words.c_str() + from, words.c_str() + to).x;
  }
};

void draw_underlines(const Field& field, const TensorChain& chain, int chosen_step,
                     const Style& style) {
  const float width = std::max(1.0f, unit(style) / 5);
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const TensorStep& step = chain.steps[i];
    const bool chosen = static_cast<int>(i) == chosen_step;
    field.underline(step.operation_begin, step.operation_end,
                    ink(storage_color(style, step.storage), chosen ? 1.0f : 0.55f),
                    chosen ? width * 2 : width);
  }
  if (chain.error)
    field.underline(chain.error->begin, chain.error->end, ink(style.palette.bad), width * 2);
}

}  // namespace

std::optional<std::string> chain_editor(const std::string& expression, const TensorChain* chain,
                                        int chosen_step, float width, const Style& style) {
  const ScopedFont font(style, style.fonts.mono, kTypeSize);
  const ImGuiStyle& imgui = ImGui::GetStyle();
  const float inner = width - 2 * imgui.FramePadding.x - imgui.ScrollbarSize;
  std::string typed = expression;
  const std::vector<TextLine> lines = broken_lines(typed, inner);
  const float count = static_cast<float>(std::clamp(static_cast<int>(lines.size()), 1, kMostLines));
  // A little more below, for the underline of the last line.
  const float height =
      count * ImGui::GetFontSize() + 2 * imgui.FramePadding.y + std::round(unit(style) / 2);
  const bool changed =
      ImGui::InputTextMultiline("###chain", &typed, {width, height}, ImGuiInputTextFlags_WordWrap);
  // As a field of one line: who comes by keys types another chain.
  if (ImGui::IsItemActivated() && !ImGui::IsMouseDown(ImGuiMouseButton_Left))
    if (ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetItemID()))
      state->SelectAll();
  item_tooltip(text("help.tensors.expression"));
  ImGuiWindow* parent = ImGui::GetCurrentWindow();
  if (!changed && chain && chain->expression == expression && !parent->DC.ChildWindows.empty()) {
    ImGuiWindow* inside = parent->DC.ChildWindows.back();
    ImDrawList& list = *inside->DrawList;
    list.PushClipRect(inside->InnerRect.Min, inside->InnerRect.Max);
    const ImVec2 origin{inside->Pos.x + imgui.FramePadding.x - inside->Scroll.x,
                        inside->Pos.y + imgui.FramePadding.y - inside->Scroll.y};
    draw_underlines({typed, lines, origin, list}, *chain, chosen_step, style);
    list.PopClipRect();
  }
  // Escape leaves the field. Dear ImGui would take back what was typed; undo does that.
  if (!changed || ImGui::IsKeyPressed(ImGuiKey_Escape, false)) return std::nullopt;
  return typed;
}

void chain_error(const TensorError& error, const std::string& expression, float width,
                 const Style& style) {
  std::string words = message_text(error.what);
  if (error.kind == TensorErrorKind::libtorch)
    words = format_text("tensors.libtorch_says", fmt::arg("message", words));
  if (error.kind == TensorErrorKind::syntax)
    words =
        format_text("tensors.error_at", fmt::arg("place", position_words(expression, error.begin)),
                    fmt::arg("message", words));
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  styled_text(words, style.fonts.regular, 1.0f, style.palette.bad);
  ImGui::PopTextWrapPos();
}

std::optional<std::string> chain_repairs(const TensorError& error) {
  std::optional<std::string> repaired;
  for (std::size_t i = 0; i < error.repairs.size(); ++i) {
    const TensorRepair& repair = error.repairs[i];
    if (i > 0) ImGui::SameLine();
    const std::string label = format_text(fmt::format("tensors.repair.{}", name_of(repair.kind)),
                                          fmt::arg("insert", repair.insert));
    if (ImGui::Button(fmt::format("{}###repair{}", label, i).c_str())) repaired = repair.expression;
    item_tooltip(repair.expression.c_str());
  }
  return repaired;
}

}  // namespace nanscope
