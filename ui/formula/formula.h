#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/canvas/canvas.h"

// Formulas as they are set in print, in the window, PNG and SVG alike. They are written in plain
// text that is read as well where nothing can be set, in a terminal or in JSON, and stand once,
// beside the code that computes them:
//
//   start + n b - sqrt(sum p (1-p) ulp^2)
//
// A blank multiplies; "/" divides the product before it by the factor behind it; "^" and "_" raise
// and lower what follows; sqrt(...) is a root, sum a large sigma; names of Greek letters are the
// letters; a number behind a name is its index, "h3"; what stands in one letter is italic, words
// are upright. TeX's \frac{a}{b}, \sqrt{a} and {groups} are read, too.
//
// Set here and not by MicroTeX: it would have to be compiled into the program with its own fonts
// and a drawing layer for SVG.
namespace nanscope {

/// A formula that was set: what is drawn, relative to the left end of its base line.
struct FormulaBox {
  struct Sign {
    ImVec2 at;  ///< base line of its left end
    std::string text;
    Face face = Face::regular;
    float size = 13;
  };
  struct Line {
    std::vector<ImVec2> points;
    float width = 1;
  };
  float width = 0, ascent = 0, descent = 0;  ///< pixels; descent is positive below the line
  std::vector<Sign> signs;
  std::vector<Line> lines;

  float height() const { return ascent + descent; }
};

/// Sets a formula in one line, for text of this size.
FormulaBox set_formula(const Style& style, std::string_view source, float size);

/// The same in lines of at most `room` pixels, broken before operators and behind commas that stand
/// in no bracket; a part that is longer stays whole.
std::vector<FormulaBox> set_formula_lines(const Style& style, std::string_view source, float size,
                                          float room);

/// Draws it with its upper left corner there.
void draw_formula(Canvas& canvas, const FormulaBox& box, ImVec2 corner, ImU32 color);

/// Where the base line of text of this face and size is, below its upper edge.
float base_line(const Style& style, Face face, float size);

}  // namespace nanscope
