#include "ui/export/picture_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/base/version.h"
#include "implot.h"
#include "ui/plots/ink.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr ImGuiWindowFlags kSlideFlags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoInputs;

/// The plots of the request, in reading order.
std::vector<const FigurePlot*> panels(const Figure& figure, const PictureRequest& request) {
  if (const FigurePlot* plot = find_plot(figure, request.plot)) return {plot};
  std::vector<const FigurePlot*> all;
  for (const FigurePlot& plot : figure.plots) all.push_back(&plot);
  return all;
}

/// Wrapped text at the cursor in a given font.
void paragraph(const Style& style, ImFont* font, float size, const ImVec4& color,
               const std::string& words, float width) {
  const ScopedFont scoped(style, font, size);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextUnformatted(words.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
}

/// The largest title size at which the words take one line, or else two.
float title_size(const Style& style, const std::string& words, float width) {
  for (const float lines : {1.1f, 2.1f})
    for (const float size : {1.625f, 1.5f, 1.375f, 1.25f, 1.125f}) {
      const ScopedFont font(style, style.fonts.semibold, size);
      const ImVec2 extent = ImGui::CalcTextSize(words.c_str(), nullptr, false, width);
      if (extent.y <= ImGui::GetTextLineHeight() * lines) return size;
    }
  return 1;
}

void draw_foot(const Figure& figure, const Style& style, const ImVec2& at, float width) {
  const ScopedFont font(style, style.fonts.regular, text_size::small);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string made_by = format_text("picture.made_by", fmt::arg("version", version()));
  const float made_by_width = ImGui::CalcTextSize(made_by.c_str()).x;
  const float room = width - made_by_width - px(style.spacing * 2);
  list.PushClipRect(at, {at.x + room, at.y + ImGui::GetTextLineHeight()}, true);
  list.AddText(at, ink(style.palette.muted), figure.foot.c_str());
  list.PopClipRect();
  list.AddText({at.x + width - made_by_width, at.y}, ink(style.palette.muted), made_by.c_str());
}

/// A card with a plot in it.
void draw_panel(const Style& style, const FigurePlot& plot, const ImVec2& at, const ImVec2& size) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + size.x, at.y + size.y};
  list.AddRectFilled(at, end, ink(style.palette.surface), px(style.spacing * 0.5f));
  list.AddRect(at, end, ink(style.palette.border), px(style.spacing * 0.5f), units(style, 1));
  const float padding = px(style.spacing * 1.25f);
  ImGui::SetCursorScreenPos({at.x + padding, at.y + padding});
  plot.draw(style, {size.x - 2 * padding, size.y - padding * 1.5f});
}

/// Panels under one another, as high as their shares say.
void draw_stacked_panels(const Style& style, const std::vector<const FigurePlot*>& plots,
                         const ImVec2& at, const ImVec2& area) {
  float shares = 0;
  for (const FigurePlot* plot : plots) shares += plot->height;
  const float gap = px(style.spacing * 1.5f);
  const float room = area.y - gap * static_cast<float>(plots.size() - 1);
  float y = at.y;
  for (const FigurePlot* plot : plots) {
    const float height = room * plot->height / shares;
    draw_panel(style, *plot, {at.x, y}, {area.x, height});
    y += height + gap;
  }
}

/// The first panel takes the left part, the others stand under one another beside it.
void draw_leading_panel(const Style& style, const std::vector<const FigurePlot*>& plots,
                        const ImVec2& at, const ImVec2& area) {
  constexpr float kLead = 0.6f;
  const float gap = px(style.spacing * 1.5f);
  const float width = std::round((area.x - gap) * kLead);
  draw_panel(style, *plots.front(), at, {width, area.y});
  draw_stacked_panels(style, {plots.begin() + 1, plots.end()}, {at.x + width + gap, at.y},
                      {area.x - width - gap, area.y});
}

/// Fills the area with the panels: two columns, one on a tall slide. Columns are drawn one after
/// the other, so that ImPlot can align the axes in each.
void draw_panels(const Style& style, const std::vector<const FigurePlot*>& plots, const ImVec2& at,
                 const ImVec2& area) {
  const int count = static_cast<int>(plots.size());
  const int columns = count == 1 || area.x < area.y * 0.75f ? 1 : 2;
  const int rows = (count + columns - 1) / columns;
  const float gap = px(style.spacing * 1.5f);
  const ImVec2 size{(area.x - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns),
                    (area.y - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows)};
  for (int column = 0; column < columns; ++column) {
    ImGui::PushID(column);
    const bool aligned = ImPlot::BeginAlignedPlots("column", true);
    for (int row = 0; row < rows && row * columns + column < count; ++row)
      draw_panel(style, *plots[row * columns + column],
                 {at.x + static_cast<float>(column) * (size.x + gap),
                  at.y + static_cast<float>(row) * (size.y + gap)},
                 size);
    if (aligned) ImPlot::EndAlignedPlots();
    ImGui::PopID();
  }
}

}  // namespace

float slide_zoom(const PictureRequest& request) {
  const auto width = static_cast<float>(request.width);
  const auto height = static_cast<float>(request.height);
  // Type fits the picture: 16 pixels of 720. A thumbnail of four plots needs smaller type than one
  // of a single plot.
  const bool lab = request.plot.empty();
  const float fit = std::clamp(std::min(width / 1280, height / 720), lab ? 0.45f : 0.7f, 16.0f);
  // A scale other than that of the same picture in full HD asks for larger or smaller type.
  const float natural = std::max(1.0f, std::min(width / 1920, height / 1080));
  const float wish = std::clamp(request.scale / natural, 0.75f, 1.5f);
  // A single plot has room for larger type. Four leave the projector's none: 0.75 of it is
  // still 1.2 times the others'.
  const bool projector = request.theme == ThemeId::projector;
  const float room = lab ? (projector ? 0.75f : 1.0f) : (projector ? 1.0f : 1.2f);
  return fit * wish * room / request.scale;
}

ImVec2 slide_size(const PictureRequest& request) {
  return {static_cast<float>(request.width) / request.scale,
          static_cast<float>(request.height) / request.scale};
}

void draw_slide(const Figure& figure, const PictureRequest& request, const Style& style,
                ImVec2 size) {
  const float margin = std::round(px(style.spacing * 2.5f));
  const float width = size.x - 2 * margin;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{margin, margin});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::Begin("slide", nullptr, kSlideFlags);
  ImGui::PopStyleVar(2);

  paragraph(style, style.fonts.semibold, title_size(style, figure.title, width), style.palette.text,
            figure.title, width);
  paragraph(style, style.fonts.regular, text_size::legend, style.palette.muted, figure.settings,
            width);

  const ImVec2 at{margin, ImGui::GetCursorScreenPos().y + px(style.spacing * 0.5f)};
  const float foot_height = style.font_size * text_size::small * 1.25f;
  const float foot = size.y - margin * 0.6f - foot_height;
  const ImVec2 area{width, std::max(1.0f, foot - px(style.spacing) - at.y)};
  const std::vector<const FigurePlot*> plots = panels(figure, request);
  const bool wide = plots.size() > 1 && area.x > area.y;
  if (figure.first_leads && wide)
    draw_leading_panel(style, plots, at, area);
  else if (figure.stacked || figure.first_leads)
    draw_stacked_panels(style, plots, at, area);
  else
    draw_panels(style, plots, at, area);
  draw_foot(figure, style, {margin, foot}, width);
  ImGui::End();
}

}  // namespace nanscope
