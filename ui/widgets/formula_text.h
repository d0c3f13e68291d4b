#pragma once

#include <string>
#include <string_view>

#include "ui/theme/theme.h"

namespace nanscope {

/// A formula (ui/formula has the grammar) in the window, in a size relative to the body's, wrapped
/// after `room` pixels; 0: at the right edge. Returns the width of its last line in pixels.
float formula_text(std::string_view formula, const Style& style, float relative_size,
                   const ImVec4& color, float room = 0);

/// The same in the body's size; a click copies it, and so does the menu of a right click: as
/// `exact`, where that has more digits than are shown.
void copyable_formula(const std::string& formula, const Style& style, const ImVec4& color,
                      std::string& copied, const std::string& exact = "");

/// Assignments between "; ", one below the other, each to be copied.
void equation_lines(std::string_view equation, const Style& style, std::string& copied);

/// Sentences with formulas between dollar signs, "variances change by $gain^2$ a layer", in the
/// body's face and a size relative to its, wrapped where the current text is, or at the right edge.
void text_with_formulas(std::string_view words, const Style& style, const ImVec4& color,
                        float relative_size = 1);

}  // namespace nanscope
