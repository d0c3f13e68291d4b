#include "ui/export/svg_picture.h"

#include <fmt/format.h>

#include "engine/experiment/svg_text.h"
#include "ui/export/gl.h"
#include "ui/export/own_context.h"
#include "ui/export/picture_layout.h"

namespace nanscope {
namespace {

std::string draw_document(const Figure& figure, const PictureRequest& request,
                          const SlideLayout& layout, const Style& style) {
  SvgCanvas canvas(style, layout.size);
  canvas.note("title", "", figure.title);
  canvas.note("metadata", fmt::format(R"( id="{}")", kSvgExperimentId), carried(figure, request));
  draw_slide_frame(canvas, figure, layout);
  for (const PanelPlace& panel : layout.panels) {
    const PanelPlace area = plot_area(panel, layout);
    SvgCanvas plot(style, area.size);
    draw_figure_plot(plot, *area.plot, {0, 0}, area.size);
    canvas.nest(plot.document(), area.at);
  }
  return canvas.document();
}

}  // namespace

Result<std::string> render_svg(const Figure& figure, const PictureRequest& request) {
  if (const Result<void> good = check_picture(figure, request); !good)
    return tl::unexpected(good.error());
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  const OwnContext context;
  if (!context.started()) return work_error("OpenGL", "Dear ImGui cannot draw with this driver.");
  const Style style = make_style(request.theme, load_fonts(), slide_zoom(figure, request));
  apply(style);
  context.begin_frame(slide_size(request));
  std::string document =
      draw_document(figure, request, lay_out_slide(figure, request, style), style);
  ImGui::EndFrame();
  return document;
}

}  // namespace nanscope
