#include "ui/labs/numbers/plots/number_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/numbers/conversion.h"
#include "ui/labs/numbers/plots/number_lanes.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr double kDensest = 3;         // units between ticks; closer ones become a band
constexpr int kMostTicks = 1000;       // on one side
constexpr double kNaturalSteps = 3.2;  // of the coarsest format

float small_text(const Style& style) { return body(style) * text_size::small; }

bool is_finite(const NumberRow& row) { return std::isfinite(row.encoding.value); }

/// Where a row is on the line: at its code, or at the largest value if that is infinite.
std::uint64_t code_on_line(const NumberRow& row) {
  if (!std::isinf(row.encoding.value)) return row.encoding.code;
  return encode(row.format, row.encoding.value, {.overflow = Overflow::saturate});
}

/// The colour of a row's chosen value: by its place in the list, as in the chart of an experiment.
ImVec4 row_color(const Style& style, std::size_t index) {
  return style.palette.series[index % style.palette.series.size()];
}

void draw_band(Canvas& canvas, const NumberBits& number, const NumberRow& row,
               const NumberLane& lane, const ImVec4& color) {
  const double half = lane.width / 2;
  const double largest = row.format.largest;
  const double lowest = row.format.has_sign ? -largest : 0;
  const double low = std::clamp(number.distance(lowest), -half, half);
  const double high = std::clamp(number.distance(largest), -half, half);
  if (high <= low) return;
  canvas.fill({lane.x(low), lane.y - lane.tick}, {lane.x(high), lane.y}, ink(color, 0.35f));
}

/// Ticks at the values on one side of the row's code.
template <class Next>
void draw_ticks(Canvas& canvas, const NumberBits& number, const NumberRow& row,
                const NumberLane& lane, const ImVec4& color, const Next& next) {
  std::optional<std::uint64_t> code = code_on_line(row);
  for (int i = 0; code && i < kMostTicks; ++i, code = next(row.format, *code)) {
    const double value = decode(row.format, *code);
    const double distance = number.distance(value);
    if (!std::isfinite(value) || (i > 0 && !lane.contains(distance))) return;
    if (!lane.contains(distance)) continue;
    const float x = lane.x(distance);
    canvas.line({x, lane.y - lane.tick}, {x, lane.y}, ink(color, 0.8f),
                units(canvas.style(), 1.25f));
  }
}

double step_of(const NumberRow& row) {
  const double step = ulp(row.format, code_on_line(row));
  return std::isfinite(step) ? step : 0;
}

/// The value that the number became, as a diamond, and an arrow to it from the typed number.
void draw_chosen(Canvas& canvas, const NumberBits& number, const NumberRow& row,
                 const NumberLane& lane, const ImVec4& color) {
  const Style& style = canvas.style();
  const float size = small_text(style);
  const double value = row.encoding.value;
  const double distance = number.distance(value);
  const float text_y = lane.dense ? lane.y - size * 1.1f : lane.y + units(style, 1);
  if (!std::isfinite(value) || !lane.contains(distance)) {
    const bool right = std::isnan(value) || distance > 0;
    const std::string words = std::isnan(value)
                                  ? "nan"
                                  : (right ? "" : "\u2190 ") + digits_text(value, step_of(row)) +
                                        (right ? " \u2192" : "");
    canvas.text({right ? lane.right : lane.left, text_y}, words,
                {Face::mono, size, ink(style.palette.bad), right ? Anchor::right : Anchor::left});
    return;
  }
  const float x = lane.x(distance), middle = lane.y - lane.tick / 2;
  const float from = lane.x(0);
  const float r = units(style, 4.5f);
  if (std::abs(x - from) > 3 * r)
    canvas.arrow({from, middle}, {x + (x > from ? -r : r), middle}, ink(color), units(style, 1.5f),
                 units(style, 6));
  canvas.polygon(std::array<ImVec2, 4>{{{x, middle - r * 1.3f},
                                        {x + r * 1.3f, middle},
                                        {x, middle + r * 1.3f},
                                        {x - r * 1.3f, middle}}},
                 ink(color));
  const std::string words = digits_text(value, step_of(row));
  const float half = text_extent(style, Face::mono, size, words).x / 2;
  const float beside = x + (x < from ? -1.0f : 1.0f) * (half + 2.5f * r);
  const float text_x = std::clamp(lane.dense ? beside : x, lane.left + half,
                                  std::max(lane.left + half, lane.right - half));
  canvas.fill({text_x - half, text_y}, {text_x + half, text_y + size * 1.1f},
              ink(style.palette.surface, 0.85f));
  canvas.text({text_x, text_y}, words, {Face::mono, size, ink(style.palette.text), Anchor::middle});
}

/// The neighbours' values below their ticks, where they do not touch the chosen one's.
void draw_neighbors(Canvas& canvas, const NumberBits& number, const NumberRow& row,
                    const NumberLane& lane) {
  if (!is_finite(row) || lane.dense) return;
  const Style& style = canvas.style();
  const float size = small_text(style);
  const double step = step_of(row);
  const float chosen = lane.x(number.distance(row.encoding.value));
  const float chosen_half =
      text_extent(style, Face::mono, size, digits_text(row.encoding.value, step)).x / 2;
  for (const std::optional<Neighbor>* neighbor : {&row.encoding.below, &row.encoding.above}) {
    if (!*neighbor || !std::isfinite((*neighbor)->value)) continue;
    const double distance = number.distance((*neighbor)->value);
    const std::string words = digits_text((*neighbor)->value, step);
    const float half = text_extent(style, Face::mono, size, words).x / 2;
    const float x = lane.x(distance);
    if (!lane.contains(distance) || x - half < lane.left || x + half > lane.right) continue;
    if (std::abs(x - chosen) < half + chosen_half + size) continue;
    canvas.text({x, lane.y + units(style, 1)}, words,
                {Face::mono, size, ink(style.palette.muted), Anchor::middle});
  }
}

void draw_lane(Canvas& canvas, const NumberBits& number, std::size_t index, const NumberLane& lane,
               float name_left) {
  const Style& style = canvas.style();
  const NumberRow& row = number.rows[index];
  const ImVec4 color = row_color(style, index);
  const float size = std::min(body(style) * 0.9f, lane.pitch * 0.95f);
  const std::string name = cut_text(style, Face::semibold, size, row.format.name,
                                    lane.left - name_left - body(style) * 0.3f);
  canvas.text({name_left, lane.y - size * 1.1f}, name, {Face::semibold, size, ink(color)});
  canvas.line({lane.left, lane.y}, {lane.right, lane.y}, ink(style.palette.border),
              units(style, 1));
  if (!std::isnan(row.encoding.value)) {
    const double pixels = step_of(row) / lane.width * static_cast<double>(lane.right - lane.left);
    if (pixels < static_cast<double>(units(style, kDensest))) {
      draw_band(canvas, number, row, lane, color);
    } else {
      draw_ticks(canvas, number, row, lane, color, next_up);
      draw_ticks(canvas, number, row, lane, color, next_down);
    }
  }
  draw_neighbors(canvas, number, row, lane);
  draw_chosen(canvas, number, row, lane, color);
}

}  // namespace

std::string digits_text(double value, double step) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  constexpr std::size_t kShort = 7;
  if (std::string whole = fmt::format("{}", value); whole.size() <= kShort) return whole;
  int digits = 3;
  if (value != 0 && step > 0)
    digits = std::clamp(static_cast<int>(std::ceil(std::log10(std::abs(value) / step))) + 2, 3, 17);
  return fmt::format("{:.{}g}", value, digits);
}

NumberLineRange number_line_range(const NumberBits& number) {
  double finest = std::numeric_limits<double>::infinity(), coarsest = 0, largest = 0;
  // Formats in which nothing is left of the number would hide the neighbours in all others.
  const auto lost = [](const NumberRow& row) {
    return row.encoding.value == 0 && row.encoding.absolute_error.value_or(0) != 0;
  };
  const bool all_lost = std::ranges::all_of(number.rows, lost);
  for (const NumberRow& row : number.rows) {
    if (std::isnan(row.encoding.value) || (lost(row) && !all_lost)) continue;
    const double step = step_of(row);
    if (step <= 0) continue;
    finest = std::min(finest, step);
    coarsest = std::max(coarsest, step);
    largest = std::max(largest, std::abs(decode(row.format, code_on_line(row))));
  }
  if (coarsest == 0) return {1, 1, 1};
  const double widest = std::max({coarsest * 64, largest * 4, std::abs(number.origin) * 4});
  const double most = std::numeric_limits<double>::max() / 4;
  return {finest * 2, std::min(coarsest * kNaturalSteps, most),
          std::isfinite(widest) ? std::min(widest, most) : most};
}

float number_line_height(const NumberBits& number, const Style& style) {
  return body(style) * (1.6f + 2.1f * static_cast<float>(number.rows.size()));
}

void draw_number_line(Canvas& canvas, const NumberBits& number, double width, ImVec2 corner,
                      ImVec2 size) {
  if (number.rows.empty() || !(width > 0)) return;
  const Style& style = canvas.style();
  const std::vector<NumberLane> lanes = number_lanes(number, width, style, corner, size);
  const NumberLane& lane = lanes.front();
  const float small = small_text(style);
  const float x = lane.x(0);
  const std::array typed{ImVec2{x, corner.y + small * 1.3f}, ImVec2{x, corner.y + size.y}};
  canvas.dashes(typed, ink(style.palette.accent), units(style, 1.5f), {4, 3});
  const std::string words =
      number.input.size() > 40 ? number.input.substr(0, 37) + "..." : number.input;
  canvas.text({x, corner.y}, words,
              {Face::semibold, body(style) * 0.9f, ink(style.palette.accent), Anchor::middle});
  const std::string half = number_text(width / 2);
  canvas.text({lane.left, corner.y}, "\u2212" + half,
              {Face::mono, small, ink(style.palette.muted)});
  canvas.text({lane.right, corner.y}, "+" + half,
              {Face::mono, small, ink(style.palette.muted), Anchor::right});
  for (std::size_t i = 0; i < lanes.size(); ++i) draw_lane(canvas, number, i, lanes[i], corner.x);
}

}  // namespace nanscope
