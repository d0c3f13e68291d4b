#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ui/canvas/canvas.h"

namespace nanscope {

/// A number in a line of words, with its unit, or a tuple; and where it stands.
struct PointedNumber {
  ImVec2 low, high;
  std::string words;
};

/// The number of these words that a point is on, if any: "(2, 3)", "96 B", "1e-05". They are drawn
/// with their upper left corner at `at`.
std::optional<PointedNumber> number_in(const Style& style, ImVec2 at, std::string_view words,
                                       const TextLook& look, ImVec2 point);
/// That of a drawing, which is drawn on a canvas that only listens.
std::optional<PointedNumber> number_at(const Style& style, ImVec2 point,
                                       const std::function<void(Canvas&)>& draw);

}  // namespace nanscope
