#include "ui/export/svg_picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/experiment/json.h"
#include "engine/experiment/svg_text.h"
#include "ui/export/gl.h"
#include "ui/export/own_contexts.h"
#include "ui/export/picture_layout.h"

namespace nanscope {
namespace {

std::string draw_document(const Figure& figure, const SlideLayout& layout, const Style& style) {
  SvgCanvas canvas(style, layout.size);
  canvas.note("title", "", figure.title);
  canvas.note("metadata", fmt::format(R"( id="{}")", kSvgExperimentId),
              to_json(figure.experiment, -1));
  draw_slide_frame(canvas, figure, layout);
  for (const PanelPlace& panel : layout.panels) {
    const PanelPlace area = plot_area(panel, layout);
    canvas.nest(area.plot->svg(style, area.size), area.at);
  }
  return canvas.document();
}

}  // namespace

Error only_png() {
  return {Error::Kind::input, "plot", "these plots are drawn as .png only; ask for that."};
}

bool has_svg(const Figure& figure, std::string_view plot) {
  if (const FigurePlot* one = find_plot(figure, plot)) return static_cast<bool>(one->svg);
  return std::ranges::all_of(figure.plots,
                             [](const FigurePlot& one) { return static_cast<bool>(one.svg); });
}

Result<std::string> render_svg(const Figure& figure, const PictureRequest& request) {
  if (const Result<void> good = check_picture(figure, request); !good)
    return tl::unexpected(good.error());
  if (!has_svg(figure, request.plot)) return tl::unexpected(only_png());
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  const OwnContexts contexts;
  if (!contexts.started()) return work_error("OpenGL", "Dear ImGui cannot draw with this driver.");
  const Style style = make_style(request.theme, load_fonts(), slide_zoom(figure, request));
  apply(style);
  contexts.begin_frame(slide_size(request));
  std::string document = draw_document(figure, lay_out_slide(figure, request, style), style);
  ImGui::EndFrame();
  return document;
}

}  // namespace nanscope
