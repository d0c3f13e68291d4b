#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/charts/plot.h"

// All formats beside one another: how far they reach and how fine they are.
namespace nanscope {

/// The formats with these names, as parse_format() reads them; names that are none are left out.
std::vector<NumberFormat> chosen_formats(const std::vector<std::string>& names);

using SharedFormats = std::shared_ptr<const std::vector<NumberFormat>>;

/// A bar a format on one logarithmic axis, subnormals pale and hatched, epsilon marked; beside it
/// the limits as numbers. Reads the format of the pointer's row and the limit that is nearest to
/// it, or that of its column.
Plot format_ranges(SharedFormats formats);

/// Each format as a point: powers of two from the smallest to the largest number against the bits
/// of its significand. Reads the format whose point is within reach of the pointer.
Plot format_resolution(SharedFormats formats);

std::optional<PlotReading> read_format_ranges(std::span<const NumberFormat> formats,
                                              const Style& style, const PlotPlace& place,
                                              ImVec2 pointer);
std::optional<PlotReading> read_format_resolution(std::span<const NumberFormat> formats,
                                                  const Style& style, const PlotPlace& place,
                                                  ImVec2 pointer);

}  // namespace nanscope
