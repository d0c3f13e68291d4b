#pragma once

#include <span>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/plots/canvas.h"

// All formats beside one another: how far they reach and how fine they are.
namespace nanscope {

/// The formats of number_formats(), and those of `more` that are not among them.
std::vector<NumberFormat> shown_formats(const std::vector<std::string>& more);

/// A bar a format on one logarithmic axis, subnormals pale and hatched, epsilon marked; beside it
/// the limits as numbers.
void draw_format_ranges(Canvas& canvas, std::span<const NumberFormat> formats, ImVec2 corner,
                        ImVec2 size);

/// Each format as a point: powers of two from the smallest to the largest number against the bits
/// of its significand.
void draw_format_resolution(Canvas& canvas, std::span<const NumberFormat> formats, ImVec2 corner,
                            ImVec2 size);

}  // namespace nanscope
