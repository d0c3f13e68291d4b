#include "ui/labs/costs/figure.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ui/labs/costs/data.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/moving_data.h"
#include "ui/labs/costs/plots/calibration_plot.h"
#include "ui/labs/costs/plots/measured_bars.h"
#include "ui/labs/costs/plots/napkin_plot.h"
#include "ui/labs/costs/plots/roofline.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/transformer_plots.h"
#include "ui/labs/costs/plots/treemap.h"
#include "ui/labs/costs/plots/walk_plot.h"
#include "ui/labs/costs/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::array<std::pair<std::string_view, CostsView>, 18> kPlots{
    {{"memory", CostsView::memory},
     {"memory_timeline", CostsView::memory},
     {"memory_layers", CostsView::memory},
     {"memory_treemap", CostsView::memory},
     {"flops", CostsView::flops},
     {"flops_layers", CostsView::flops},
     {"operation_seconds", CostsView::flops},
     {"transformer_memory", CostsView::transformer},
     {"transformer_parameters", CostsView::transformer},
     {"transformer_flops", CostsView::transformer},
     {"attention_share", CostsView::transformer},
     {"napkin", CostsView::napkin},
     {"walk", CostsView::walk},
     {"roofline", CostsView::roofline},
     {"calibration", CostsView::calibration},
     {"data_ways", CostsView::data},
     {"data_overlap", CostsView::data},
     {"data_loader", CostsView::data}}};

/// As high as its rows.
FigurePlot rows_plot(StackedBars bars) {
  FigurePlot plot;
  plot.text_height = bar_rows_height(bars);
  plot.plot = bar_rows(std::make_shared<const StackedBars>(std::move(bars)));
  return plot;
}

FigurePlot columns_plot(StackedBars bars, int first) {
  return {bar_columns(std::make_shared<const StackedBars>(std::move(bars)), first)};
}

void add_transformer_plots(Figure& figure, const std::shared_ptr<const CostsPicture>& picture) {
  figure.plots.push_back(rows_plot(device_memory_bars(*picture)));
  figure.plots.push_back({attention_share(picture)});
  figure.plots.back().beside = figure.plots.back().gives_way = true;
  FigurePlot parameters = rows_plot(parameter_bars(*picture));
  FigurePlot flops = rows_plot(component_flops_bars(*picture));
  // The one that has more rows says how high both are.
  parameters.text_height = flops.text_height = 0;
  parameters.height = flops.height = 1.3f;
  flops.beside = true;
  figure.plots.push_back(std::move(parameters));
  figure.plots.push_back(std::move(flops));
}

/// Memory layer by layer: where there is little room, the step's timeline has it.
void add_layer_plots(Figure& figure, const CostsPicture& picture) {
  StackedBars layers = memory_layer_bars(picture);
  FigurePlot treemap{treemap_plot(std::make_shared<const StackedBars>(layers))};
  figure.plots.push_back(columns_plot(std::move(layers), first_layer_of(*picture.run)));
  figure.plots.back().gives_way = treemap.gives_way = treemap.beside = true;
  figure.plots.push_back(std::move(treemap));
}

void add_plots(Figure& figure, const std::shared_ptr<const CostsPicture>& picture) {
  switch (picture->settings.view) {
    case CostsView::memory:
      figure.plots.push_back(rows_plot(memory_bars(*picture)));
      figure.plots.push_back(columns_plot(memory_timeline_bars(*picture), 1));
      figure.plots.back().csv = [picture] {
        return timeline_to_csv(picture->run->timeline, picture->measured.get());
      };
      add_layer_plots(figure, *picture);
      return;
    case CostsView::flops:
      figure.plots.push_back(rows_plot(flops_bars(*picture)));
      figure.plots.push_back(
          columns_plot(flops_layer_bars(*picture), first_layer_of(*picture->run)));
      if (picture->settings.measured) {
        figure.plots.push_back(columns_plot(operation_seconds_bars(*picture), 1));
        figure.plots.back().csv = [picture] { return operations_to_csv(*picture); };
      }
      return;
    case CostsView::roofline:
      figure.plots.push_back({roofline_plot(picture)});
      figure.plots.back().csv = [picture] { return operations_to_csv(*picture); };
      return;
    case CostsView::calibration:
      figure.plots.push_back({calibration_plot(picture->calibration)});
      return;
    case CostsView::transformer:
      return add_transformer_plots(figure, picture);
    case CostsView::napkin:
      figure.plots.push_back({napkin_plot(picture)});
      return;
    case CostsView::data:
      return add_moving_data_plots(figure, picture->data);
    case CostsView::walk:
      figure.plots.push_back({walk_plot(picture)});
      return;
  }
}

}  // namespace

std::optional<Figure> costs_figure(const Experiment& experiment,
                                   std::shared_ptr<const CostsPicture> picture) {
  if (!picture->complete()) return std::nullopt;
  Figure figure{.experiment = experiment,
                .title = costs_sentence(*picture),
                .settings = describe_costs(experiment, *picture),
                .foot = foot_words(*picture),
                .plots = {},
                .stacked = true,
                .csv = [picture] { return costs_to_csv(*picture); },
                .json = [picture] { return costs_to_json(*picture); }};
  add_plots(figure, picture);
  constexpr PictureSize kLeast{480, 320};
  figure.least = kLeast;
  for (FigurePlot& plot : figure.plots) plot.least = kLeast;
  return figure;
}

std::vector<std::string_view> costs_plot_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, view] : kPlots) names.push_back(name);
  return names;
}

CostsView view_of_plot(std::string_view plot) {
  const auto found =
      std::ranges::find(kPlots, plot, &std::pair<std::string_view, CostsView>::first);
  return found == kPlots.end() ? CostsView::memory : found->second;
}

}  // namespace nanscope
