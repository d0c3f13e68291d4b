#include "ui/charts/legend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "ui/formula/formula.h"

namespace nanscope {
namespace {

/// Viridis in tenths.
constexpr std::array<unsigned, 11> kViridis{0x440154, 0x482475, 0x414487, 0x355f8d,
                                            0x2a788e, 0x21918c, 0x22a884, 0x44bf70,
                                            0x7ad151, 0xbddf26, 0xfde725};

float legend_size(const Style& style) { return body(style) * text_size::legend; }

void draw_colors(Canvas& canvas, ImVec2 at, float width, float height) {
  constexpr int kSteps = 24;
  for (int i = 0; i < kSteps; ++i) {
    // Whole pixels: soft edges would show as stripes.
    const float left = std::round(at.x + width * static_cast<float>(i) / kSteps);
    const float right = std::round(at.x + width * static_cast<float>(i + 1) / kSteps);
    canvas.fill({left, at.y - height / 2}, {right, at.y + height / 2},
                ink(heat_color(canvas.style(), static_cast<float>(i) / (kSteps - 1))));
  }
}

/// How wide what stands before the words is.
float sample_width(const Style& style, const LegendEntry& entry) {
  constexpr float kWidth = 26;  // units
  switch (entry.sample) {
    case Sample::mark:
      return units(style, kWidth) * 0.4f;
    case Sample::colors:
      return units(style, kWidth) * 2;
    case Sample::both:
      return units(style, kWidth) * 1.5f;
    default:
      // Dashes that differ need room to do so.
      return units(style, kWidth) * (entry.stroke.dash.off > 0 ? 1.4f : 1.0f);
  }
}

/// Draws the sample with its left end at `at`, vertically centred there.
void draw_sample(Canvas& canvas, const LegendEntry& entry, ImVec2 at) {
  const Style& style = canvas.style();
  const float width = sample_width(style, entry), height = legend_size(style) * 0.6f;
  ImVec4 color = entry.stroke.color;
  if (!entry.present) color.w *= 0.35f;
  Stroke stroke = entry.stroke;
  stroke.color = color;
  const ImVec2 field_low{at.x, at.y - height / 2}, field_high{at.x + width, at.y + height / 2};
  const auto line = [&](float from, float to, const Stroke& drawn) {
    draw_stroke(canvas, std::array{ImVec2{at.x + from, at.y}, ImVec2{at.x + to, at.y}}, drawn);
  };
  switch (entry.sample) {
    case Sample::both: {
      Stroke predicted = stroke;
      predicted.color = style.palette.predicted;
      predicted.width = stroke.width * 0.6f;
      line(width * 2 / 3 + units(style, 3), width, predicted);
      stroke.dash = {0, 0};
      line(0, width * 2 / 3, stroke);
      draw_mark(canvas, stroke.mark, {at.x + width / 3, at.y}, ink(color));
      break;
    }
    case Sample::line:
      line(0, width, stroke);
      if (!stroke.marked) break;
      [[fallthrough]];
    case Sample::mark:
      draw_mark(canvas, stroke.mark, {at.x + width / 2, at.y}, ink(color), stroke.mark_size);
      break;
    case Sample::predicted:
      canvas.fill(field_low, field_high, ink(color, 0.12f));
      line(0, width, stroke);
      break;
    case Sample::band:
      canvas.fill(field_low, field_high, ink(color, 0.35f));
      break;
    case Sample::colors:
      draw_colors(canvas, at, width, height);
      break;
    case Sample::hatch:
      canvas.fill(field_low, field_high, ink(color, 0.16f));
      draw_hatch(canvas, field_low, field_high, ink(color));
      break;
  }
}

/// Where an entry stands, from the legend's corner, and its formula, which may be left out.
struct LegendPlace {
  ImVec2 at;
  std::optional<FormulaBox> formula;
};
struct LegendPlaces {
  std::vector<LegendPlace> entries;
  float height = 0;
};

constexpr float kTailRoom = 14;  // text sizes: a setting and its value

float legend_gap(const Style& style) { return px(style.spacing * 0.75f); }

const std::string& words_within(const Style& style, const LegendEntry& entry, float width) {
  const float room = width - sample_width(style, entry) - legend_gap(style);
  const bool fits = text_extent(style, Face::regular, legend_size(style), entry.words).x <= room;
  return fits || entry.narrow.empty() ? entry.words : entry.narrow;
}

LegendPlaces place_legend(const Style& style, std::span<const LegendEntry> entries, float width) {
  const float size = legend_size(style), gap = legend_gap(style);
  LegendPlaces places;
  float x = 0, top = 0, row = size * 1.25f;
  std::size_t first = 0;  // of the present row
  const auto end_row = [&] {
    for (std::size_t i = first; i < places.entries.size(); ++i)
      places.entries[i].at.y = top + (row - size * 1.25f) / 2;
    first = places.entries.size();
    top += row;
    x = 0;
    row = size * 1.25f;
  };
  const auto width_of = [&](const LegendEntry& entry) {
    return sample_width(style, entry) + gap +
           text_extent(style, Face::regular, size, words_within(style, entry, width)).x;
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LegendEntry& entry = entries[i];
    float least = width_of(entry);
    LegendPlace place;
    if (!entry.formula.empty()) place.formula = set_formula(style, entry.formula, size);
    if (place.formula && least + gap + place.formula->width > width) place.formula.reset();
    if (place.formula) least += gap + place.formula->width;
    float room = entry.tail.empty() ? 0 : kTailRoom * size;
    // A sample without words has those of the next one.
    const bool shares = entry.words.empty() && i + 1 < entries.size();
    if (shares) room = width_of(entries[i + 1]);
    if (x > 0 && (entry.new_row || x + least + room > width)) end_row();
    if (place.formula) row = std::max(row, place.formula->height() * 1.1f);
    place.at.x = x;
    places.entries.push_back(std::move(place));
    x += least + text_extent(style, Face::regular, size, entry.tail).x +
         (shares ? 0.5f : 2.5f) * gap;
  }
  if (!entries.empty()) end_row();
  places.height = top;
  return places;
}

}  // namespace

std::vector<LegendEntry> brief_legend(std::vector<LegendEntry> entries) {
  for (LegendEntry& entry : entries) {
    if (entry.brief) entry.words = *entry.brief;
    entry.tail.clear();
    entry.new_row = false;
  }
  return entries;
}

float legend_width(const Style& style, const LegendEntry& entry) {
  const float size = legend_size(style), gap = legend_gap(style);
  const float formula =
      entry.formula.empty() ? 0 : gap + set_formula(style, entry.formula, size).width;
  return sample_width(style, entry) + gap +
         text_extent(style, Face::regular, size, entry.words + entry.tail).x + formula;
}

void draw_legend(Canvas& canvas, std::span<const LegendEntry> entries, ImVec2 corner, float width) {
  const Style& style = canvas.style();
  const float size = legend_size(style), gap = legend_gap(style);
  const LegendPlaces places = place_legend(style, entries, width);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LegendEntry& entry = entries[i];
    const LegendPlace& place = places.entries[i];
    const ImVec2 at{corner.x + place.at.x, corner.y + place.at.y};
    const ImU32 color = entry.present ? ink(style.palette.text) : ink(style.palette.muted, 0.75f);
    draw_sample(canvas, entry, {at.x, at.y + size / 2});
    const float left = at.x + sample_width(style, entry) + gap;
    const std::string words =
        cut_text(style, Face::regular, size, words_within(style, entry, width) + entry.tail,
                 corner.x + width - left);
    canvas.text({left, at.y}, words, {Face::regular, size, color});
    if (!place.formula) continue;
    const float right = left + text_extent(style, Face::regular, size, words).x + gap;
    const float base = at.y + base_line(style, Face::regular, size);
    draw_formula(canvas, *place.formula, {right, base - place.formula->ascent}, color);
  }
}

float legend_height(const Style& style, std::span<const LegendEntry> entries, float width) {
  return place_legend(style, entries, width).height;
}

float title_height(const Style& style) { return body(style) * 1.15f; }

bool draw_title(Canvas& canvas, const std::string& title, const std::string& note, ImVec2 corner,
                float width, const std::string& shorter) {
  const Style& style = canvas.style();
  const float size = body(style), small = size * text_size::small;
  const std::string shown = cut_text(style, Face::semibold, size, title, width);
  canvas.text(corner, shown, {Face::semibold, size, ink(style.palette.text)});
  const float taken = text_extent(style, Face::semibold, size, shown).x + px(style.spacing * 2);
  const auto has_room = [&](const std::string& words) {
    return taken + text_extent(style, Face::regular, small, words).x <= width;
  };
  if (!has_room(note) && (shorter.empty() || !has_room(shorter))) return false;
  // On one line with the title: a font's ascent grows with its size.
  const float drop = font_of(style, Face::semibold)->GetFontBaked(size)->Ascent -
                     font_of(style, Face::regular)->GetFontBaked(small)->Ascent;
  canvas.text({corner.x + width, corner.y + drop}, has_room(note) ? note : shorter,
              {Face::regular, small, ink(style.palette.muted), Anchor::right});
  return true;
}

ImVec4 heat_color(const Style& style, float position) {
  // Viridis runs from dark to bright; the palest and darkest ends would vanish in the ground.
  const float t = std::clamp(position, 0.0f, 1.0f);
  const bool dark = style.theme == ThemeId::dark;
  const float place = (dark ? 0.12f + 0.88f * t : 0.93f - 0.93f * t) * (kViridis.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kViridis.size() - 2);
  const float share = place - static_cast<float>(below);
  const auto channel = [&](int shift) {
    const auto part = [&](unsigned color) { return static_cast<float>(color >> shift & 255u); };
    return (part(kViridis[below]) * (1 - share) + part(kViridis[below + 1]) * share) / 255;
  };
  return veiled({channel(16), channel(8), channel(0), 1}, style.palette);
}

}  // namespace nanscope
