#include "ui/export/picture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <new>

#include "engine/experiment/json.h"
#include "engine/recipe/run_json.h"
#include "imgui.h"
#include "imgui_impl_opengl3.h"
#include "ui/export/framebuffer.h"
#include "ui/export/own_context.h"
#include "ui/export/picture_layout.h"

namespace nanscope {
namespace {

constexpr PictureSize kSmallest;
constexpr int kLargestSide = 16384;
/// Below this many logical pixels a plot has no room beside its labels.
constexpr float kSmallestLogicalWidth = 300;
constexpr float kSmallestLogicalHeight = 200;

/// Draws the slide `scale` pixels for each of its own.
void draw_frame(const OwnContext& context, const Figure& figure, const PictureRequest& request,
                const Style& style, float scale, Framebuffer& target) {
  ImGui::GetIO().DisplayFramebufferScale = {scale, scale};
  context.begin_frame(slide_size(request));
  draw_slide(figure, lay_out_slide(figure, request, style), style);
  ImGui::Render();
  target.clear(style.palette.window);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

/// The slide of a request in this many pixels.
Result<Pixels> render(const Figure& figure, const PictureRequest& request, int width, int height) {
  if (const Result<void> good = check_picture(figure, request); !good)
    return tl::unexpected(good.error());
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  Result<Framebuffer> target = Framebuffer::create(width, height);
  if (!target) return tl::unexpected(target.error());
  const DrawInto into(*target);
  const OwnContext context;
  if (!context.started()) return work_error("OpenGL", "Dear ImGui cannot draw with this driver.");
  const Style style = make_style(request.theme, load_fonts(), slide_zoom(figure, request));
  apply(style);
  const float scale = static_cast<float>(width) / slide_size(request).x;
  draw_frame(context, figure, request, style, scale, *target);
  return target->read();
}

}  // namespace

Result<void> check_picture(const PictureRequest& request) {
  if (request.width < kSmallest.width || request.height < kSmallest.height ||
      request.width > kLargestSide || request.height > kLargestSide)
    return input_error("size",
                       "{}x{} pixels cannot be drawn; allowed are {}x{} to "
                       "{}x{}.",
                       request.width, request.height, kSmallest.width, kSmallest.height,
                       kLargestSide, kLargestSide);
  const float scale = request.scale;
  if (!(scale > 0) || static_cast<float>(request.width) / scale < kSmallestLogicalWidth ||
      static_cast<float>(request.height) / scale < kSmallestLogicalHeight)
    return input_error("scale",
                       "{} is not allowed for {}x{} pixels; the drawing "
                       "needs at least {}x{} of its own, which are pixels "
                       "divided by the scale.",
                       fmt::format("{:g}", scale), request.width, request.height,
                       kSmallestLogicalWidth, kSmallestLogicalHeight);
  return {};
}

Result<void> check_picture(const Figure& figure, const PictureRequest& request) {
  if (Result<void> good = check_picture(request); !good) return good;
  const FigurePlot* plot = find_plot(figure, request.plot);
  if (!request.plot.empty() && plot == nullptr) {
    std::vector<std::string> names;
    for (const FigurePlot& one : figure.plots) names.push_back(one.name());
    return input_error("plot", "there is no plot \"{}\"; there are {}.", request.plot,
                       name_list(names));
  }
  const PictureSize least = plot != nullptr ? plot->least : figure.least;
  if (request.width < least.width || request.height < least.height)
    return input_error("size",
                       "in {}x{} pixels what this shows cannot be read; from {}x{} on it can.",
                       request.width, request.height, least.width, least.height);
  return {};
}

Result<void> check_pins(const Figure& figure) {
  if (figure.experiment.view.pins.empty()) return {};
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  const OwnContext context;
  if (!context.started()) return work_error("OpenGL", "Dear ImGui cannot draw with this driver.");
  const Style style = make_style(ThemeId::light, load_fonts());
  apply(style);
  context.begin_frame({1280, 720});
  Result<void> good = check_pins(figure, style);
  ImGui::EndFrame();
  return good;
}

Experiment pictured(const Figure& figure, const PictureRequest& request) {
  Experiment experiment = figure.experiment;
  experiment.view.plot = request.plot;
  return experiment;
}

std::string carried(const Figure& figure, const PictureRequest& request) {
  const Experiment experiment = pictured(figure, request);
  if (figure.changes.empty() && figure.until == 0) return to_json(experiment, -1);
  return header_to_json(
      {.experiment = experiment, .changes = figure.changes, .until = figure.until});
}

Result<Pixels> render_picture(const Figure& figure, const PictureRequest& request) try {
  return render(figure, request, request.width, request.height);
} catch (const std::bad_alloc&) {
  return work_error("picture",
                    "There is not enough memory for {} x {} pixels. Ask for a "
                    "smaller size.",
                    request.width, request.height);
}

Result<Pixels> render_preview(const Figure& figure, const PictureRequest& request, int width) {
  const int height =
      std::max(1, static_cast<int>(static_cast<double>(width) * request.height / request.width));
  return render(figure, request, width, height);
}

}  // namespace nanscope
