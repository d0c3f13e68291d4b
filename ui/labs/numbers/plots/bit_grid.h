#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/canvas/canvas.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// A number's bits in several formats under one another, aligned where the significand's point is:
// one sees what each format keeps. Layout and drawing are for the screen, PNG and SVG alike.
namespace nanscope {

enum class BitField { sign, exponent, mantissa };

struct BitCell {
  int bit = 0;  ///< 0 is the lowest of the code
  BitField field = BitField::mantissa;
  ImVec2 low, high;
};

struct BitRowLayout {
  float top = 0, bottom = 0;  ///< of the row with its words
  int lines = 2;              ///< of words below the cells: 0..2; with 0 they stand beside them
  std::vector<BitCell> cells;
  ImVec2 hidden_low, hidden_high;  ///< the place of "1." or "0.", before the mantissa
  bool has_hidden = false;
};

/// Where everything is; positions are relative to the upper left corner.
struct BitGridLayout {
  ImVec2 size;
  float cell = 0;            ///< width of a cell
  float digits = 0;          ///< size of the digits in the cells; 0 where there is no room
  float exponent_left = 0;   ///< the widest exponent begins here
  float point = 0;           ///< the significand's point
  float mantissa_right = 0;  ///< the widest mantissa ends here
  float words_left = 0;      ///< of words below cells
  float words_beside = 0;    ///< left edge of words beside cells
  std::vector<BitRowLayout> rows;
};

/// Cells fill the width; the fewer lines of words below them, the less room `size` leaves. Where it
/// does not suffice the layout is higher than that.
BitGridLayout layout_bits(const NumberBits& number, const Style& style, ImVec2 size);

/// Draws the grid into a picture: where not all rows have room, the first ones and how many are
/// left out.
void draw_bits_within(Canvas& canvas, const NumberBits& number, ImVec2 corner, ImVec2 size);

/// A cell that is pointed at or has the keyboard.
struct BitCursor {
  std::size_t row = 0;
  int bit = 0;
};

void draw_bits(Canvas& canvas, const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
               const std::optional<BitCursor>& cursor = {});

/// What a number in a row's words is of.
enum class RowNumber { value, error };
struct RowNumberPlace {
  std::size_t row = 0;
  RowNumber which = RowNumber::value;
  ImVec2 low, high;
};
/// The number at a point, relative to the corner as its place is.
std::optional<RowNumberPlace> number_at(const NumberBits& number, const BitGridLayout& layout,
                                        const Style& style, ImVec2 point);

/// The cell at a point, relative to the corner.
std::optional<BitCursor> bit_at(const BitGridLayout& layout, ImVec2 point);

/// What a bit is worth: "mantissa bit 2^-3: 2^-3 x 2^(11-15) = 0.0078125".
std::string bit_words(const NumberRow& row, int bit);

/// "(-1)^0 x 2^(11 - 15) x 1.599609375", or "-12 x 0.05" of an integer; "" of infinity and NaN.
std::string formula_words(const NumberRow& row, std::size_t room);

/// "off by 2.4e-05 (0.024 %, 0.4 ulp)", "exact".
std::string error_words(const NumberRow& row);

}  // namespace nanscope
