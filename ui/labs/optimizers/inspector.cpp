#include "ui/labs/optimizers/inspector.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "engine/plan/optimizers/optimizers.h"
#include "imgui.h"
#include "ui/labs/optimizers/plots/anatomy_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"

namespace nanscope {
namespace {

void ends_table(const Paths& paths, const Style& style, std::string& copied) {
  heading(text("optimizers.ends"), style);
  NumberTable table("ends", {"", text("plot.axis.step"), text("plot.axis.loss")}, style, copied);
  for (const Path& path : paths.paths)
    table.row({std::string(name_of(path.optimizer.kind)), fmt::format("{}", path.last()),
               path.steps.back().loss},
              path.divergence ? style.palette.bad : style.palette.text);
}

/// What the plane is, and how much of the run it holds.
void plane_lines(const LossPlane& plane, const Style& style, std::string& copied) {
  equation_lines("theta = theta0 + x d1 + y d2; f = L(theta); gx = d1^T g; gy = d2^T g", style,
                 copied);
  const bool random = plane.directions == PlaneDirections::random;
  wrapped_text(
      format_text(random ? "optimizers.about.random" : "optimizers.about.principal",
                  fmt::arg("after", plane.after), fmt::arg("parameters", plane.parameters)),
      style.fonts.regular, text_size::small, style.palette.muted);
  heading(text("optimizers.of_run"), style);
  NumberTable table("run", {"", text("plot.axis.step"), text("plot.axis.loss")}, style, copied);
  if (!plane.run.empty())
    for (const auto& [key, place] : {std::pair{"optimizers.run_first", plane.run.front()},
                                     {"optimizers.run_last", plane.run.back()}})
      table.row({text(key), fmt::format("{}", place.step), place.loss}, style.palette.text);
}

}  // namespace

void draw_optimizers_inspector(const PathsPicture& picture, InteractiveCharts& charts,
                               const LabView& view, LabRequests& requests,
                               const std::function<void()>& menu) {
  const Style& style = view.style;
  const Path& path = picture.watched();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = anatomy_height(picture, style, width);
  const ChartEvents events =
      charts.draw(anatomy_plot(std::make_shared<const PathsPicture>(picture)), style,
                  {width, height}, {.menu = menu});
  if (!events.copied.empty()) requests.copy = events.copied;
  heading(text("optimizers.equation"), style);
  equation_lines(optimizer_text(path.optimizer.kind).equation, style, requests.copy);
  heading(text("optimizers.surface_equation"), style);
  if (picture.paths->plane) {
    plane_lines(*picture.paths->plane, style, requests.copy);
  } else {
    const SurfaceText& surface = surface_text(picture.paths->of.surface);
    equation_lines(surface.value, style, requests.copy);
    equation_lines(surface.slope, style, requests.copy);
  }
  ends_table(*picture.paths, style, requests.copy);
}

}  // namespace nanscope
