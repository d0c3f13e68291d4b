#include "ui/export/svg_picture.h"

#include <fmt/format.h>

#include <vector>

#include "engine/base/version.h"
#include "ui/export/gl.h"
#include "ui/export/own_contexts.h"
#include "ui/export/picture_layout.h"
#include "ui/plots/canvas.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// A document as an element of another one, its corner at (x, y).
std::string placed(const std::string& document, float x, float y) {
  constexpr std::string_view kOpening = "<svg ";
  return fmt::format(R"(<svg x="{:.7g}" y="{:.7g}" )", x, y) + document.substr(kOpening.size());
}

std::string draw_document(const Figure& figure, const std::vector<const FigurePlot*>& plots,
                          const Style& style, ImVec2 size) {
  const float em = style.font_size, margin = em * 1.5f;
  SvgCanvas head(style, size);
  head.text({margin, margin * 0.7f}, figure.title,
            {Face::semibold, em * 1.4f, ink(style.palette.text)});
  head.text({margin, margin * 0.7f + em * 2}, figure.settings,
            {Face::regular, em * 0.875f, ink(style.palette.muted)});
  const float foot = size.y - em * 1.6f;
  head.text({margin, foot}, figure.foot, {Face::regular, em * 0.8125f, ink(style.palette.muted)});
  head.text({size.x - margin, foot}, format_text("picture.made_by", fmt::arg("version", version())),
            {Face::regular, em * 0.8125f, ink(style.palette.muted), Anchor::right});
  float shares = 0, y = margin * 0.7f + em * 4;
  for (const FigurePlot* plot : plots) shares += plot->height;
  const float room = foot - em - y - em * static_cast<float>(plots.size() - 1);
  std::string inner;
  for (const FigurePlot* plot : plots) {
    const ImVec2 area{size.x - 2 * margin, room * plot->height / shares};
    inner += placed(plot->svg(style, area), margin, y);
    y += area.y + em;
  }
  std::string document = head.document();
  document.insert(document.rfind("</svg>"), inner);
  return document;
}

}  // namespace

Result<std::string> render_svg(const Figure& figure, const PictureRequest& request) {
  if (const Result<void> good = check_picture(request); !good) return tl::unexpected(good.error());
  std::vector<const FigurePlot*> plots;
  for (const FigurePlot& plot : figure.plots)
    if (request.plot.empty() || plot.name == request.plot) plots.push_back(&plot);
  if (plots.empty())
    return input_error("plot", fmt::format("there is no plot \"{}\" in this view.", request.plot));
  for (const FigurePlot* plot : plots)
    if (!plot->svg)
      return input_error("plot",
                         fmt::format("{} is drawn as .png only; ask for that.", plot->name));
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  const OwnContexts contexts;
  if (!contexts.started()) return work_error("OpenGL", "Dear ImGui cannot draw with this driver.");
  const Style style = make_style(request.theme, load_fonts(), slide_zoom(request));
  apply(style);
  const ImVec2 size = slide_size(request);
  contexts.begin_frame(size);
  std::string document = draw_document(figure, plots, style, size);
  ImGui::EndFrame();
  return document;
}

}  // namespace nanscope
