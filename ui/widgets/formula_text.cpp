#include "ui/widgets/formula_text.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "imgui_internal.h"
#include "ui/formula/formula.h"
#include "ui/widgets/context_menu.h"

namespace nanscope {
namespace {

/// What is not broken: a word, or a formula and the words that touch it.
struct Piece {
  std::vector<FormulaBox> boxes;
  float width = 0, ascent = 0, descent = 0;

  void add(FormulaBox box) {
    width += box.width;
    ascent = std::max(ascent, box.ascent);
    descent = std::max(descent, box.descent);
    boxes.push_back(std::move(box));
  }
};

FormulaBox word_box(const Style& style, const std::string& word, float size) {
  const float base = base_line(style, Face::regular, size);
  return {.width = text_extent(style, Face::regular, size, word).x,
          .ascent = base,
          .descent = size - base,
          .signs = {{{}, word, Face::regular, size}},
          .lines = {}};
}

std::vector<Piece> pieces_of(std::string_view words, const Style& style, float size) {
  std::vector<Piece> pieces;
  bool formula = false, apart = true;
  const auto piece = [&]() -> Piece& {
    if (std::exchange(apart, false)) pieces.emplace_back();
    return pieces.back();
  };
  while (!words.empty()) {
    const std::size_t end = std::min(words.find_first_of(formula ? "$" : " $"), words.size());
    const std::string part(words.substr(0, end));
    if (!part.empty())
      piece().add(formula ? set_formula(style, part, size) : word_box(style, part, size));
    if (end < words.size() && words[end] == '$')
      formula = !formula;
    else
      apart = true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return pieces;
}

void draw_line(std::span<const Piece> line, const Style& style, const ImVec4& color, float blank) {
  float ascent = 0, descent = 0, x = 0;
  for (const Piece& piece : line) {
    ascent = std::max(ascent, piece.ascent);
    descent = std::max(descent, piece.descent);
  }
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  for (const Piece& piece : line) {
    for (const FormulaBox& box : piece.boxes) {
      draw_formula(canvas, box, {corner.x + x, corner.y + ascent - box.ascent}, ink(color));
      x += box.width;
    }
    x += blank;
  }
  ImGui::Dummy({std::max(0.0f, x - blank), std::ceil(ascent + descent)});
}

}  // namespace

void text_with_formulas(std::string_view words, const Style& style, const ImVec4& color,
                        float relative_size) {
  const float size = body(style) * relative_size;
  const float wrap = ImGui::GetCurrentWindow()->DC.TextWrapPos;
  const float room = wrap > 0 ? wrap - ImGui::GetCursorPosX() : ImGui::GetContentRegionAvail().x;
  const float blank = text_extent(style, Face::regular, size, " ").x;
  const std::vector<Piece> pieces = pieces_of(words, style, size);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0});
  ImGui::BeginGroup();
  for (std::size_t begin = 0; begin < pieces.size();) {
    std::size_t end = begin + 1;
    float width = pieces[begin].width;
    while (end < pieces.size() && width + blank + pieces[end].width <= room)
      width += blank + pieces[end++].width;
    draw_line(std::span(pieces).subspan(begin, end - begin), style, color, blank);
    begin = end;
  }
  ImGui::EndGroup();
  ImGui::PopStyleVar();
}

float formula_text(std::string_view formula, const Style& style, float relative_size,
                   const ImVec4& color, float room) {
  const float size = body(style) * relative_size;
  // No lower than a line of text, with its base line where that one's would be.
  const float base = base_line(style, Face::regular, size), below = size - base;
  if (room <= 0) room = ImGui::GetContentRegionAvail().x;
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  float width = 0;
  for (const FormulaBox& line : set_formula_lines(style, formula, size, room)) {
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float ascent = std::max(base, line.ascent), descent = std::max(below, line.descent);
    draw_formula(canvas, line, {corner.x, corner.y + ascent - line.ascent}, ink(color));
    ImGui::Dummy({std::min(line.width, room), std::ceil(ascent + descent)});
    width = line.width;
  }
  return width;
}

void copyable_formula(const std::string& formula, const Style& style, const ImVec4& color,
                      std::string& copied, const std::string& exact) {
  ImGui::BeginGroup();  // its lines are one thing to click on
  formula_text(formula, style, 1.0f, color);
  ImGui::EndGroup();
  copyable(formula.c_str(), exact.empty() ? formula : exact, style, copied);
}

void equation_lines(std::string_view equation, const Style& style, std::string& copied) {
  while (!equation.empty()) {
    const std::size_t end = equation.find("; ");
    copyable_formula(std::string(equation.substr(0, end)), style, style.palette.text, copied);
    equation = end == std::string_view::npos ? std::string_view() : equation.substr(end + 2);
  }
}

}  // namespace nanscope
