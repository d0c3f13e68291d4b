#include "ui/labs/optimizers/plots/surface_ground.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "ui/charts/legend.h"

namespace nanscope {
namespace {

constexpr int kColumns = 144, kRows = 96;
/// Powers of ten below the largest value that have colours of their own, and that have contours:
/// further down valleys are narrower than cells.
constexpr double kPowers = 6, kContours = 4;

/// Logarithms of the loss at the corners of the cells, rows from above.
struct Corners {
  std::vector<double> log10;
  double low = 0, high = 0;  ///< of what is drawn

  double at(int column, int row) const {
    return log10[static_cast<std::size_t>(row * (kColumns + 1) + column)];
  }
};

ImVec2 corner(const ChartFrame& frame, double column, double row) {
  return {frame.low.x + static_cast<float>(column / kColumns) * (frame.high.x - frame.low.x),
          frame.low.y + static_cast<float>(row / kRows) * (frame.high.y - frame.low.y)};
}

Corners corners_of(const ChartFrame& frame, const Surface& surface) {
  Corners corners;
  double most = -300, least = 300;
  for (int row = 0; row <= kRows; ++row)
    for (int column = 0; column <= kColumns; ++column) {
      const ImVec2 at = corner(frame, column, row);
      const double value = surface.value({frame.x_unit(at.x), frame.y_unit(at.y)});
      const double power = std::clamp(std::log10(value), -300.0, 300.0);
      corners.log10.push_back(power);
      most = std::max(most, power);
      least = std::min(least, power);
    }
  corners.high = most;
  corners.low = std::max(least, most - kPowers);
  return corners;
}

void draw_colors(Canvas& canvas, const ChartFrame& frame, const Corners& corners) {
  constexpr int kShades = 48;
  const Style& style = canvas.style();
  // Of the scale's colour, the rest is the ground's.
  const float quiet = style.theme == ThemeId::dark ? 0.28f : 0.38f;
  const auto shade_of = [&](int column, int row) {
    double mean = 0;
    for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
      mean += std::max(corners.at(column + x, row + y), corners.low) / 4;
    const double share = (mean - corners.low) / std::max(corners.high - corners.low, 1e-9);
    return static_cast<int>(std::lround(share * kShades));
  };
  const auto color_of = [&](int shade) {
    const ImVec4 color = heat_color(style, static_cast<float>(shade) / kShades);
    const ImVec4& ground = style.palette.surface;
    const auto mix = [&](float one, float other) { return quiet * one + (1 - quiet) * other; };
    return ink({mix(color.x, ground.x), mix(color.y, ground.y), mix(color.z, ground.z), 1});
  };
  for (int row = 0; row < kRows; ++row)
    for (int column = 0, end = 0; column < kColumns; column = end) {
      const int shade = shade_of(column, row);
      for (end = column + 1; end < kColumns && shade_of(end, row) == shade;) ++end;
      // Whole pixels, so that no seam shows between two.
      const ImVec2 low = corner(frame, column, row), high = corner(frame, end, row + 1);
      canvas.fill({std::round(low.x), std::round(low.y)}, {std::round(high.x), std::round(high.y)},
                  color_of(shade));
    }
}

/// Where a contour crosses the border of a cell, by linear interpolation; two points or four.
std::vector<ImVec2> crossings(const ChartFrame& frame, const Corners& corners, int column, int row,
                              double level) {
  constexpr std::array<std::array<int, 4>, 4> kSides{
      {{0, 0, 1, 0}, {1, 0, 1, 1}, {1, 1, 0, 1}, {0, 1, 0, 0}}};
  std::vector<ImVec2> points;
  for (const auto& [x0, y0, x1, y1] : kSides) {
    const double a = corners.at(column + x0, row + y0), b = corners.at(column + x1, row + y1);
    if ((a < level) == (b < level)) continue;
    const double share = (level - a) / (b - a);
    points.push_back(corner(frame, column + x0 + share * (x1 - x0), row + y0 + share * (y1 - y0)));
  }
  return points;
}

void draw_contours(Canvas& canvas, const ChartFrame& frame, const Corners& corners) {
  const Style& style = canvas.style();
  const ImVec2 gap{NAN, NAN};
  const double lowest = std::max(corners.low, corners.high - kContours);
  for (double level = std::ceil(2 * lowest) / 2; level < corners.high; level += 0.5) {
    std::vector<ImVec2> lines;
    for (int row = 0; row < kRows; ++row)
      for (int column = 0; column < kColumns; ++column) {
        const std::vector<ImVec2> points = crossings(frame, corners, column, row, level);
        for (std::size_t i = 0; i + 1 < points.size(); i += 2)
          lines.insert(lines.end(), {points[i], points[i + 1], gap});
      }
    const bool whole = level == std::floor(level);
    canvas.polyline(lines, ink(style.palette.muted, whole ? 0.55f : 0.25f), units(style, 1));
  }
}

}  // namespace

void draw_surface_ground(Canvas& canvas, const ChartFrame& frame, const Surface& surface) {
  const Corners corners = corners_of(frame, surface);
  draw_colors(canvas, frame, corners);
  draw_contours(canvas, frame, corners);
}

}  // namespace nanscope
