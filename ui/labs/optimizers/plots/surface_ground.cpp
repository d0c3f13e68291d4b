#include "ui/labs/optimizers/plots/surface_ground.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ui/charts/cells.h"
#include "ui/charts/legend.h"

namespace nanscope {
namespace {

constexpr int kColumns = 144, kRows = 96;
/// Powers of ten below the largest value that have colours of their own, and that have contours:
/// further down valleys are narrower than cells.
constexpr double kPowers = 6, kContours = 4;
/// Fewer contours than these are drawn closer, down to a 64th of a power.
constexpr double kFewestContours = 7, kClosest = 1.0 / 64;

double at(const SurfaceGround& ground, int column, int row) {
  return ground.log10[static_cast<std::size_t>(row * (kColumns + 1) + column)];
}

ImVec2 corner(const ChartFrame& frame, double column, double row) {
  return {frame.low.x + static_cast<float>(column / kColumns) * (frame.high.x - frame.low.x),
          frame.low.y + static_cast<float>(row / kRows) * (frame.high.y - frame.low.y)};
}

/// Where a contour crosses the border of a cell, by linear interpolation; two points or four.
void add_crossings(const SurfaceGround& ground, int column, int row, double level,
                   std::vector<Pair>& points) {
  constexpr std::array<std::array<int, 4>, 4> kSides{
      {{0, 0, 1, 0}, {1, 0, 1, 1}, {1, 1, 0, 1}, {0, 1, 0, 0}}};
  for (const auto& [x0, y0, x1, y1] : kSides) {
    const double a = at(ground, column + x0, row + y0), b = at(ground, column + x1, row + y1);
    if ((a < level) == (b < level) || !std::isfinite(a) || !std::isfinite(b)) continue;
    const double share = (level - a) / (b - a);
    points.push_back({column + x0 + share * (x1 - x0), row + y0 + share * (y1 - y0)});
  }
}

/// From one contour to the next, in powers of ten.
double between_contours(double powers) {
  double between = 0.5;
  while (powers / between < kFewestContours && between > kClosest) between /= 2;
  return between;
}

/// A corner beside what was measured cuts a crossing off, so that their number is odd.
bool is_whole(const SurfaceGround& ground, int column, int row) {
  for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
    if (!std::isfinite(at(ground, column + x, row + y))) return false;
  return true;
}

std::vector<SurfaceGround::Contour> contours_of(const SurfaceGround& ground) {
  std::vector<SurfaceGround::Contour> contours;
  const double lowest = std::max(ground.low, ground.high - kContours);
  const double between = between_contours(ground.high - lowest);
  for (double level = std::ceil(lowest / between) * between; level < ground.high;
       level += between) {
    contours.push_back({level, {}});
    for (int row = 0; row < kRows; ++row)
      for (int column = 0; column < kColumns; ++column)
        if (is_whole(ground, column, row))
          add_crossings(ground, column, row, level, contours.back().points);
  }
  return contours;
}

/// The loss at a place; NaN where it was not measured, infinity where it is not finite.
std::function<double(const Pair&)> loss_over(const Paths& paths) {
  if (paths.of.surface != SurfaceKind::run)
    return [surface = Surface(paths.of.surface, paths.of.condition)](const Pair& at) {
      return surface.value(at);
    };
  return [plane = paths.plane](const Pair& at) {
    const std::optional<double> loss = plane ? loss_at(*plane, at) : std::nullopt;
    if (!loss) return static_cast<double>(NAN);
    return std::isfinite(*loss) ? *loss : static_cast<double>(INFINITY);
  };
}

SurfaceGround ground_of(const ChartFrame& frame, const Paths& paths) {
  SurfaceGround ground{paths.of.surface, paths.of.condition, paths.plane, frame.x.limits,
                       frame.y.limits};
  const auto loss = loss_over(paths);
  double most = -300, least = 300;
  for (int row = 0; row <= kRows; ++row)
    for (int column = 0; column <= kColumns; ++column) {
      const ImVec2 place = corner(frame, column, row);
      const double value = loss({frame.x_unit(place.x), frame.y_unit(place.y)});
      const double power = std::isfinite(value) || paths.plane == nullptr
                               ? std::clamp(std::log10(value), -300.0, 300.0)
                               : value;
      ground.log10.push_back(power);
      if (!std::isfinite(power)) continue;
      most = std::max(most, power);
      least = std::min(least, power);
    }
  ground.high = most;
  ground.low = std::max(least, most - kPowers);
  ground.contours = contours_of(ground);
  return ground;
}

void draw_colors(Canvas& canvas, const ChartFrame& frame, const SurfaceGround& ground) {
  constexpr int kShades = 48, kNonfinite = -1, kUnmeasured = -2;
  const Style& style = canvas.style();
  // Of the scale's colour, the rest is the ground's.
  const float quiet = style.theme == ThemeId::dark ? 0.28f : 0.38f;
  CellField field;
  for (int column = 0; column <= kColumns; ++column) field.x.push_back(corner(frame, column, 0).x);
  for (int row = 0; row <= kRows; ++row) field.y.push_back(corner(frame, 0, row).y);
  field.look = [&](std::size_t column, std::size_t row) {
    const int left = static_cast<int>(column), top = static_cast<int>(row);
    double mean = 0;
    for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
      mean += std::max(at(ground, left + x, top + y), ground.low) / 4;
    if (!std::isfinite(mean)) return std::isnan(mean) ? kUnmeasured : kNonfinite;
    const double share = (mean - ground.low) / std::max(ground.high - ground.low, 1e-9);
    return static_cast<int>(std::lround(share * kShades));
  };
  draw_cells(frame, field, [&](ImVec2 low, ImVec2 high, int shade) {
    if (shade == kUnmeasured) return;
    if (shade == kNonfinite) return canvas.fill(low, high, ink(style.palette.bad, 0.12f));
    canvas.fill(low, high, ink(heat_color(style, static_cast<float>(shade) / kShades), quiet));
  });
}

/// Slanted lines where the loss is not finite: each goes on from cell to cell.
void draw_nonfinite_hatch(Canvas& canvas, const ChartFrame& frame, const SurfaceGround& ground) {
  const Style& style = canvas.style();
  const float width = frame.high.x - frame.low.x, height = frame.high.y - frame.low.y;
  const auto is_nonfinite = [&](ImVec2 at) {
    const auto cell = [](float share, int cells) {
      return std::clamp(static_cast<int>(share * static_cast<float>(cells)), 0, cells - 1);
    };
    const int column = cell((at.x - frame.low.x) / width, kColumns);
    const int row = cell((at.y - frame.low.y) / height, kRows);
    for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
      if (std::isinf(nanscope::at(ground, column + x, row + y))) return true;
    return false;
  };
  std::vector<ImVec2> lines;
  const float apart = units(style, 8), step = std::max(units(style, 2), height / (2 * kRows));
  for (float x = frame.low.x - height; x < frame.high.x; x += apart) {
    for (float up = std::max(0.0f, frame.low.x - x); up <= std::min(height, frame.high.x - x);
         up += step) {
      const ImVec2 at{x + up, frame.high.y - up};
      lines.push_back(is_nonfinite(at) ? at : ImVec2{NAN, NAN});
    }
    lines.push_back({NAN, NAN});
  }
  canvas.polyline(lines, ink(style.palette.bad, 0.45f), units(style, 1));
}

void draw_contours(Canvas& canvas, const ChartFrame& frame, const SurfaceGround& ground) {
  const Style& style = canvas.style();
  for (const SurfaceGround::Contour& contour : ground.contours) {
    std::vector<ImVec2> lines;
    for (const Pair& point : contour.points) {
      lines.push_back(place_of(frame, point));
      if (lines.size() % 3 == 2) lines.push_back({NAN, NAN});
    }
    canvas.polyline(lines, ink(style.palette.muted, contour.is_whole() ? 0.55f : 0.25f),
                    units(style, 1));
  }
}

}  // namespace

ImVec2 place_of(const ChartFrame& frame, const Pair& point) {
  return corner(frame, point[0], point[1]);
}

void draw_surface_ground(Canvas& canvas, const ChartFrame& frame, const Paths& paths,
                         SurfaceGround& ground) {
  if (ground.kind != paths.of.surface || ground.condition != paths.of.condition ||
      ground.plane != paths.plane || ground.x != frame.x.limits || ground.y != frame.y.limits)
    ground = ground_of(frame, paths);
  draw_colors(canvas, frame, ground);
  if (std::ranges::any_of(ground.log10, [](double one) { return std::isinf(one); }))
    draw_nonfinite_hatch(canvas, frame, ground);
  draw_contours(canvas, frame, ground);
}

}  // namespace nanscope
