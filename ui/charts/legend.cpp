#include "ui/charts/legend.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "implot.h"

namespace nanscope {
namespace {

constexpr float kSampleWidth = 26;

void draw_colors(ImDrawList& list, const Style& style, const ImVec2& at, float width,
                 float height) {
  constexpr int kSteps = 24;
  for (int i = 0; i < kSteps; ++i) {
    // Whole pixels: soft edges would show as stripes.
    const float left = std::round(at.x + width * static_cast<float>(i) / kSteps);
    const float right = std::round(at.x + width * static_cast<float>(i + 1) / kSteps);
    list.AddRectFilled({left, at.y - height / 2}, {right, at.y + height / 2},
                       ink(heat_color(style, static_cast<float>(i) / (kSteps - 1))));
  }
}

/// Draws the sample with its left end at `at`, vertically centred there.
void draw_sample(ImDrawList& list, const Style& style, const LegendEntry& entry, const ImVec2& at) {
  const float width = units(style, kSampleWidth);
  const float height = ImGui::GetFontSize() * 0.6f;
  const float alpha = entry.present ? 1.0f : 0.35f;
  const ImVec2 end{at.x + width, at.y};
  const ImVec2 field_low{at.x, at.y - height / 2};
  const ImVec2 field_high{end.x, at.y + height / 2};
  switch (entry.sample) {
    case Sample::both: {
      const std::array<ImVec2, 2> line{ImVec2{end.x + units(style, 3), at.y},
                                       ImVec2{end.x + width / 2, at.y}};
      draw_dashes(list, style, line, ink(style.palette.predicted), px(style.line_width * 0.6f),
                  entry.dash);
      [[fallthrough]];
    }
    case Sample::measured:
      list.AddLine(at, end, ink(entry.color, alpha), px(style.line_width));
      draw_mark(list, style, entry.mark, {at.x + width / 2, at.y}, ink(entry.color, alpha));
      break;
    case Sample::predicted: {
      list.AddRectFilled(field_low, field_high, ink(entry.color, 0.12f));
      const std::array<ImVec2, 2> line{at, end};
      draw_dashes(list, style, line, ink(entry.color), px(style.line_width * 0.6f), entry.dash);
      break;
    }
    case Sample::band:
      list.AddRectFilled(field_low, field_high, ink(entry.color, 0.35f));
      break;
    case Sample::colors:
      draw_colors(list, style, at, width * 2, height);
      break;
  }
}

float sample_width(const Style& style, const LegendEntry& entry) {
  switch (entry.sample) {
    case Sample::colors:
      return units(style, kSampleWidth) * 2;
    case Sample::both:
      return units(style, kSampleWidth) * 1.5f;
    default:
      return units(style, kSampleWidth);
  }
}

void draw_title_row(const Style& style, float width, const std::string& title,
                    const std::string& note) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float title_width = 0;
  float height = 0;
  float baseline = 0;
  {
    const ScopedFont font(style, style.fonts.semibold, text_size::body);
    list.PushClipRect(at, {at.x + width, at.y + ImGui::GetTextLineHeight()}, true);
    list.AddText(at, ink(style.palette.text), title.c_str());
    list.PopClipRect();
    title_width = ImGui::CalcTextSize(title.c_str()).x;
    height = ImGui::GetTextLineHeight();
    baseline = ImGui::GetFontBaked()->Ascent;
  }
  {
    const ScopedFont font(style, style.fonts.regular, text_size::small);
    const float note_width = ImGui::CalcTextSize(note.c_str()).x;
    if (title_width + px(style.spacing * 2) + note_width <= width)
      list.AddText({at.x + width - note_width, at.y + baseline - ImGui::GetFontBaked()->Ascent},
                   ink(style.palette.muted), note.c_str());
  }
  ImGui::Dummy({width, height});
}

}  // namespace

ImVec4 heat_color(const Style& style, float position) {
  const float t = std::clamp(position, 0.0f, 1.0f);
  // Viridis runs from dark to bright; the palest and darkest ends would vanish in the ground.
  const bool dark = style.theme == ThemeId::dark;
  return ImPlot::SampleColormap(dark ? 0.12f + 0.88f * t : 0.93f - 0.93f * t,
                                ImPlotColormap_Viridis);
}

void draw_plot_head(const Style& style, float width, const std::string& title,
                    const std::string& note, const std::vector<LegendEntry>& legend) {
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, px(style.spacing * 0.25f)});
  draw_title_row(style, width, title, note);
  {
    const ScopedFont font(style, style.fonts.regular, text_size::legend);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetTextLineHeight();
    const float gap = px(style.spacing * 0.75f);
    ImVec2 at = start;
    for (const LegendEntry& entry : legend) {
      const float label = ImGui::CalcTextSize(entry.label.c_str()).x;
      const float entry_width = sample_width(style, entry) + gap + label;
      if (at.x > start.x && at.x + entry_width > start.x + width)
        at = {start.x, at.y + line + px(style.spacing * 0.25f)};
      draw_sample(list, style, entry, {at.x, at.y + line / 2});
      list.AddText({at.x + sample_width(style, entry) + gap, at.y},
                   ink(style.palette.muted, entry.present ? 1.0f : 0.75f), entry.label.c_str());
      at.x += entry_width + gap * 2.5f;
    }
    // Below: half of the axis' topmost label.
    ImGui::Dummy({width, at.y + line - start.y + px(style.spacing * 0.5f)});
  }
  ImGui::PopStyleVar();
}

}  // namespace nanscope
