#include "ui/labs/plot_menu.h"

#include "imgui.h"
#include "ui/text/text.h"

namespace nanscope {

void draw_plot_menu(const Lab& lab, std::string_view plot, const LabView& view, ViewSpec& looked,
                    InteractiveCharts& charts, LabRequests& requests) {
  AxisLock& lock = charts.lock();
  const bool locked = lock.locked();
  if (ImGui::MenuItem(text("action.view.lock_axes"), "L", locked, locked || !lock.axes().empty()))
    lock.toggle();
  ImGui::Separator();
  if (ImGui::MenuItem(text("plots.export"))) requests.export_plot = plot;
  if (ImGui::MenuItem(text("plots.copy_data"))) requests.copy_data = plot;
  // A lecture hall has one plot.
  if (view.hall || lab.plot_to_enlarge().empty()) return;
  const bool alone = looked.plot == plot;
  if (ImGui::MenuItem(text(alone ? "plots.restore" : "plots.maximize")))
    looked.plot = alone ? "" : plot;
}

}  // namespace nanscope
