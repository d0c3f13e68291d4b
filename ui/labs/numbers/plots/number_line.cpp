#include "ui/labs/numbers/plots/number_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/numbers/conversion.h"
#include "ui/charts/format_look.h"
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

void draw_band(Canvas& canvas, const NumberBits& number, const NumberRow& row,
               const NumberLane& lane, const ImVec4& color) {
  const double largest = row.format.largest;
  const double lowest = row.format.has_sign ? -largest : 0;
  const double low = std::clamp(number.distance(lowest), lane.seen.low, lane.seen.high);
  const double high = std::clamp(number.distance(largest), lane.seen.low, lane.seen.high);
  if (high <= low) return;
  canvas.fill({lane.x(low), lane.y - lane.tick}, {lane.x(high), lane.y}, ink(color, 0.35f));
}

/// Ticks at the values from a code on, to one side.
template <class Next>
void draw_ticks(Canvas& canvas, const NumberBits& number, const NumberFormat& format,
                const NumberLane& lane, const ImVec4& color, std::uint64_t from, const Next& next) {
  std::optional<std::uint64_t> code = from;
  for (int i = 0; code && i < kMostTicks; ++i, code = next(format, *code)) {
    const double value = decode(format, *code);
    const double distance = number.distance(value);
    if (!std::isfinite(value) || (i > 1 && !lane.contains(distance))) return;
    if (!lane.contains(distance)) continue;
    const float x = lane.x(distance);
    canvas.line({x, lane.y - lane.tick}, {x, lane.y}, ink(color, 0.8f),
                units(canvas.style(), 1.25f));
  }
}

/// Ticks at all values that are in sight: from the row's code both ways or, where that is out of
/// sight, from the end of the lane that is nearer to it.
void draw_all_ticks(Canvas& canvas, const NumberBits& number, const NumberRow& row,
                    const NumberLane& lane, const ImVec4& color) {
  const std::uint64_t code = code_on_line(row);
  const double distance = number.distance(decode(row.format, code));
  const auto code_at = [&](double place) {
    return encode(row.format, number.origin + (number.above_origin + place),
                  {.overflow = Overflow::saturate});
  };
  const bool left = distance<lane.seen.low, right = distance> lane.seen.high;
  if (!right)
    draw_ticks(canvas, number, row.format, lane, color, left ? code_at(lane.seen.low) : code,
               next_up);
  if (!left)
    draw_ticks(canvas, number, row.format, lane, color, right ? code_at(lane.seen.high) : code,
               next_down);
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
    const bool right = std::isnan(value) || distance > lane.seen.high;
    const std::string words = std::isnan(value)
                                  ? "nan"
                                  : (right ? "" : "\u2190 ") + digits_text(value, step_of(row)) +
                                        (right ? " \u2192" : "");
    canvas.text({right ? lane.right : lane.left, text_y}, words,
                {Face::mono, size, ink(style.palette.bad), right ? Anchor::right : Anchor::left});
    return;
  }
  const float x = lane.x(distance), middle = lane.y - lane.tick / 2;
  const float from = std::clamp(lane.x(0), lane.left, lane.right);
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
              ink(style.palette.surface));  // the typed number's guide ends here
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

void draw_lane(Canvas& canvas, const NumberBits& number, const NumberRow& row,
               const NumberLane& lane, const ImVec4& color, float name_left) {
  const Style& style = canvas.style();
  const float size = std::min(body(style) * 0.9f, lane.pitch * 0.95f);
  const std::string name = cut_text(style, Face::semibold, size, row.format.name,
                                    lane.left - name_left - body(style) * 0.3f);
  canvas.text({name_left, lane.y - size * 1.1f}, name, {Face::semibold, size, ink(color)});
  canvas.line({lane.left, lane.y}, {lane.right, lane.y}, ink(style.palette.border),
              units(style, 1));
  if (!std::isnan(row.encoding.value)) {
    const double pixels =
        step_of(row) / lane.seen.span() * static_cast<double>(lane.right - lane.left);
    if (pixels < static_cast<double>(units(style, kDensest)))
      draw_band(canvas, number, row, lane, color);
    else
      draw_all_ticks(canvas, number, row, lane, color);
  }
  draw_neighbors(canvas, number, row, lane);
  draw_chosen(canvas, number, row, lane, color);
}

/// The typed number: where it is, or on which side it is out of sight.
void draw_typed(Canvas& canvas, const NumberBits& number, const NumberLane& lane,
                const PlotPlace& place) {
  constexpr std::size_t kMostLetters = 40;
  const Style& style = canvas.style();
  const float x = lane.x(0), top = place.corner.y + small_text(style) * 1.3f;
  const std::string words = number.shown.size() > kMostLetters
                                ? number.shown.substr(0, kMostLetters - 3) + "..."
                                : number.shown;
  TextLook look{Face::semibold, body(style) * 0.9f, ink(style.palette.accent), Anchor::middle};
  if (lane.contains(0)) {
    canvas.dashes(std::array{ImVec2{x, top}, ImVec2{x, place.corner.y + place.size.y}}, look.color,
                  units(style, 1.5f), {4, 3});
    return canvas.text({x, place.corner.y}, words, look);
  }
  const bool left = lane.seen.low > 0;
  look.anchor = left ? Anchor::left : Anchor::right;
  canvas.text({left ? lane.left : lane.right, place.corner.y},
              left ? "\u2190 " + words : words + " \u2192", look);
}

/// How far the lane's ends are from the typed number, where its name leaves room.
void draw_ends(Canvas& canvas, const NumberLane& lane, float top) {
  const Style& style = canvas.style();
  const TextLook look{Face::mono, small_text(style), ink(style.palette.muted)};
  const auto words = [](double distance) {
    return (distance < 0 ? "\u2212" : "+") + number_text(std::abs(distance));
  };
  if (lane.seen.low <= 0) canvas.text({lane.left, top}, words(lane.seen.low), look);
  TextLook right = look;
  right.anchor = Anchor::right;
  if (lane.seen.high >= 0) canvas.text({lane.right, top}, words(lane.seen.high), right);
}

void draw_line(Canvas& canvas, const NumberBits& number, const PlotPlace& place) {
  if (number.rows.empty()) return;
  const std::vector<NumberLane> lanes = number_lanes(number, canvas.style(), place);
  draw_typed(canvas, number, lanes.front(), place);
  draw_ends(canvas, lanes.front(), place.corner.y);
  std::vector<std::string> names;
  for (const NumberRow& row : number.rows) names.push_back(row.format.name);
  const std::vector<Stroke> strokes = format_strokes(canvas.style(), names);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    draw_lane(canvas, number, number.rows[i], lanes[i], strokes[i].color, place.corner.x);
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
  // Seventeen digits tell any two doubles apart, but are seldom the fewest that do.
  return digits == 17 ? fmt::format("{}", value) : fmt::format("{:.{}g}", value, digits);
}

NumberLineRange number_line_range(const NumberBits& number) {
  double finest = std::numeric_limits<double>::infinity(), coarsest = 0, largest = 0;
  // Formats in which nothing is left of the number would hide the neighbours in all others.
  const auto lost = [](const NumberRow& row) {
    return row.encoding.value == 0 && !row.encoding.is_exact();
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

ZoomReach number_line_reach(const NumberBits& number) {
  const NumberLineRange range = number_line_range(number);
  return {std::min(0.5, range.narrowest / range.natural),
          std::max(2.0, range.widest / range.natural)};
}

float number_line_height(const NumberBits& number, const Style& style) {
  return body(style) * (1.6f + 2.1f * static_cast<float>(number.rows.size()));
}

Plot number_line(std::shared_ptr<const NumberBits> number) {
  return {.name = "number_line",
          .draw = [number](Canvas& canvas,
                           const PlotPlace& place) { draw_line(canvas, *number, place); },
          .frame = [number](
                       const Style& style,
                       const PlotPlace& place) { return number_line_frame(*number, style, place); },
          .read = [number](
                      const Style& style, const PlotPlace& place,
                      ImVec2 pointer) { return read_number_line(*number, style, place, pointer); }};
}

}  // namespace nanscope
