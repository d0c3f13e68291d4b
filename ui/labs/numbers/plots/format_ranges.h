#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/canvas/canvas.h"
#include "ui/charts/plot_reading.h"

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

/// The format of the pointer's row and the limit that is nearest to it, or that of its column.
std::optional<PlotReading> read_format_ranges(std::span<const NumberFormat> formats,
                                              const Style& style, ImVec2 corner, ImVec2 size,
                                              ImVec2 pointer);

/// The format whose point is within reach of the pointer.
std::optional<PlotReading> read_format_resolution(std::span<const NumberFormat> formats,
                                                  const Style& style, ImVec2 corner, ImVec2 size,
                                                  ImVec2 pointer);

}  // namespace nanscope
