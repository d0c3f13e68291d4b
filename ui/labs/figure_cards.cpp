#include "ui/labs/figure_cards.h"

#include <vector>

#include "imgui.h"
#include "ui/export/panel_places.h"
#include "ui/labs/plot_menu.h"
#include "ui/widgets/card.h"
#include "ui/widgets/controls.h"

namespace nanscope {

DrawnCards draw_figure_cards(const Lab& lab, const Figure& figure, const LabView& view,
                             ViewSpec& looked, InteractiveCharts& charts, LabRequests& requests,
                             const Style* other_style) {
  const Style& style = other_style ? *other_style : view.style;
  const std::string alone =
      find_plot(figure, view.experiment.view.plot) ? view.experiment.view.plot : "";
  std::vector<const FigurePlot*> plots;
  for (const FigurePlot& plot : figure.plots)
    if (alone.empty() || alone == plot.name()) plots.push_back(&plot);
  const PanelMeasures measures{ImGui::GetFontSize(), unit(style), unit(style)};
  DrawnCards drawn;
  for (const PanelPlace& panel : place_panels(figure, plots, measures, ImGui::GetCursorScreenPos(),
                                              ImGui::GetContentRegionAvail())) {
    ImGui::SetCursorScreenPos(panel.at);
    const Plot& plot = panel.plot->plot;
    const Card card(plot.name.c_str(), panel.size, style);
    drawn.plots.push_back(plot.name);
    if (card.hovered()) drawn.pointed = plot.name;
    ChartEvents events = charts.draw(
        plot, style, ImGui::GetContentRegionAvail(),
        {.menu = [&] { draw_plot_menu(lab, plot.name, view, looked, charts, requests); }});
    if (events.clicked) drawn.clicked = plot.name;
    drawn.click_taken_back = drawn.click_taken_back || events.click_taken_back;
    if (events.moved_to) drawn.moved_to = events.moved_to;
    if (events.gesture != 0) requests.gesture = events.gesture;
    if (events.reading) drawn.reading = std::move(events.reading);
    if (!events.copied.empty()) requests.copy = events.copied;
  }
  return drawn;
}

}  // namespace nanscope
