#include "ui/export/picture_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/base/version.h"
#include "ui/canvas/ink.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr ImGuiWindowFlags kSlideFlags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoInputs;

/// The plots of the request, in reading order.
std::vector<const FigurePlot*> asked_plots(const Figure& figure, const PictureRequest& request) {
  if (const FigurePlot* plot = find_plot(figure, request.plot)) return {plot};
  std::vector<const FigurePlot*> all;
  for (const FigurePlot& plot : figure.plots)
    if (!plot.alone) all.push_back(&plot);
  return all;
}

/// The title in the largest size in which it takes one line, or else two.
void fit_title(SlideLayout& layout, const Style& style, const std::string& words, float width) {
  for (const std::size_t lines : {1u, 2u})
    for (const float size : {1.625f, 1.5f, 1.375f, 1.25f, 1.125f}) {
      layout.title_size = px(style.font_size * size);
      layout.title = wrapped_lines(style, Face::semibold, layout.title_size, words, width);
      if (layout.title.size() <= lines) return;
    }
}

/// Lines of text under one another.
void draw_lines(Canvas& canvas, const std::vector<std::string>& lines, ImVec2 at,
                const TextLook& look) {
  for (const std::string& line : lines) {
    canvas.text(at, line, look);
    at.y += look.size;
  }
}

}  // namespace

float slide_zoom(const Figure& figure, const PictureRequest& request) {
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
  return fit * wish * room * (lab ? figure.type : 1.0f) / request.scale;
}

ImVec2 slide_size(const PictureRequest& request) {
  return {static_cast<float>(request.width) / request.scale,
          static_cast<float>(request.height) / request.scale};
}

SlideLayout lay_out_slide(const Figure& figure, const PictureRequest& request, const Style& style) {
  SlideLayout layout;
  layout.size = slide_size(request);
  layout.margin = std::round(px(style.spacing * 2.5f));
  layout.padding = px(style.spacing * 1.25f);
  const float width = layout.size.x - 2 * layout.margin;
  layout.settings_size = px(style.font_size * text_size::legend);
  layout.foot_size = px(style.font_size * text_size::small);
  fit_title(layout, style, figure.title, width);
  layout.settings =
      wrapped_lines(style, Face::regular, layout.settings_size, figure.settings, width);
  layout.foot = layout.size.y - layout.margin * 0.6f - layout.foot_size * 1.25f;
  const float gap = px(style.spacing * 0.75f);
  layout.settings_top =
      layout.margin + gap + layout.title_size * static_cast<float>(layout.title.size());
  const float head =
      layout.settings_top + layout.settings_size * static_cast<float>(layout.settings.size());
  const ImVec2 at{layout.margin, head + px(style.spacing * 1.25f)};
  const ImVec2 area{width, std::max(1.0f, layout.foot - px(style.spacing) - at.y)};
  const std::vector<const FigurePlot*> plots = asked_plots(figure, request);
  layout.panels = place_panels(
      figure, plots, {px(style.font_size), px(style.spacing * 1.5f), layout.padding}, at, area);
  return layout;
}

PanelPlace plot_area(const PanelPlace& panel, const SlideLayout& layout) {
  const float padding = layout.padding;
  return {panel.plot,
          {panel.at.x + padding, panel.at.y + padding},
          {panel.size.x - 2 * padding, panel.size.y - 1.5f * padding}};
}

void draw_slide_frame(Canvas& canvas, const Figure& figure, const SlideLayout& layout) {
  const Style& style = canvas.style();
  const Palette& palette = style.palette;
  canvas.fill({0, 0}, layout.size, ink(palette.window));
  draw_lines(canvas, layout.title, {layout.margin, layout.margin},
             {Face::semibold, layout.title_size, ink(palette.text)});
  draw_lines(canvas, layout.settings, {layout.margin, layout.settings_top},
             {Face::regular, layout.settings_size, ink(palette.muted)});
  const float rounding = px(style.spacing * 0.5f);
  for (const PanelPlace& panel : layout.panels) {
    const ImVec2 end{panel.at.x + panel.size.x, panel.at.y + panel.size.y};
    canvas.fill(panel.at, end, ink(palette.surface), rounding);
    canvas.outline(panel.at, end, ink(palette.border), units(style, 1), rounding);
  }
  const std::string made_by = format_text("picture.made_by", fmt::arg("version", version()));
  const float made_by_width = text_extent(style, Face::regular, layout.foot_size, made_by).x;
  const float room = layout.size.x - 2 * layout.margin - made_by_width - px(style.spacing * 2);
  TextLook look{Face::regular, layout.foot_size, ink(palette.muted)};
  canvas.text({layout.margin, layout.foot},
              cut_text(style, Face::regular, layout.foot_size, figure.foot, room), look);
  look.anchor = Anchor::right;
  canvas.text({layout.size.x - layout.margin, layout.foot}, made_by, look);
}

void draw_slide(const Figure& figure, const SlideLayout& layout, const Style& style) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(layout.size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::Begin("slide", nullptr, kSlideFlags);
  ImGui::PopStyleVar(2);
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  draw_slide_frame(canvas, figure, layout);
  for (const PanelPlace& panel : layout.panels) {
    const PanelPlace area = plot_area(panel, layout);
    draw_figure_plot(canvas, *area.plot, area.at, area.size);
  }
  ImGui::End();
}

}  // namespace nanscope
