#include "ui/labs/optimizers/inspector.h"

#include <fmt/format.h>

#include <string>

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
  const SurfaceText& surface = surface_text(picture.paths->of.surface);
  equation_lines(surface.value, style, requests.copy);
  equation_lines(surface.slope, style, requests.copy);
  ends_table(*picture.paths, style, requests.copy);
}

}  // namespace nanscope
