#include "ui/labs/training/figure.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "ui/labs/describe.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/plots/gradient_plot.h"
#include "ui/labs/training/plots/layer_map.h"
#include "ui/labs/training/plots/step_layers.h"
#include "ui/labs/training/plots/surface_plot.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// "seed 1, cpu, fp32 native"; of several networks "seeds 1 to 8".
std::string foot_words(const RunSummary& run) {
  const std::string separator = text("describe.separator");
  const NetworkSpec& network = run.experiment.network;
  return seed_words(network) + separator + "cpu" + separator +
         precision_words(network.precision, run.emulated);
}

/// Whether a run that has taken no step yet will measure it.
bool will_measure(const RunSummary& run, std::string_view plot) {
  const Experiment& experiment = run.experiment;
  if (!run.history || !run.history->steps.empty()) return false;
  if (plot == "loss_scale") return experiment.training.loss_scale.kind != LossScaleKind::none;
  if (plot != "accuracy") return plot != kConditionPlot;
  switch (experiment.data.kind) {
    case DataKind::spiral:
    case DataKind::circles:
    case DataKind::moons:
    case DataKind::digits:
      return experiment.data.held_out > 0;
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string_view> run_plot_names() {
  std::vector<std::string_view> names;
  for (const RunQuantity& quantity : run_quantities()) names.push_back(quantity.plot);
  names.push_back(kGradientPlot);
  names.push_back(kLayerMap);
  names.push_back(kStepLayers);
  names.push_back(kSurfacePlot);
  return names;
}

Figure training_figure(RunPicture picture) {
  const auto shown = std::make_shared<const RunPicture>(std::move(picture));
  const std::shared_ptr<const RunSummary> run = shown->run;
  const Experiment& experiment = run->experiment;
  const int network = seen_network(*run, shown->view);
  const int of_conditions = network_of_conditions(*run, shown->view);
  Figure figure{
      .experiment = experiment,
      .title = run_sentence(*run),
      .settings = describe_run(*run),
      .foot = foot_words(*run),
      .plots = {},
      .stacked = true,
      .csv = [run] { return run_to_csv(*run); },
      .json = [run, network, of_conditions] { return run_to_json(*run, network, of_conditions); }};
  // What has hardly a curve leaves its room to what the step in which it died was like.
  const auto death = picture_of_death(*shown);
  const bool searched = !death && shown->searched && is_of_early_death(*shown);
  const auto leaves = [&](std::string_view plot) {
    return (death || searched) && shown->view.plot != plot;
  };
  const bool plane = run->surface != nullptr && !leaves(kSurfacePlot);
  for (const RunQuantity& quantity : run_quantities()) {
    if (!has(*run, quantity) && !will_measure(*run, quantity.plot)) continue;
    if (quantity.plot != "loss" && leaves(quantity.plot)) continue;
    // It is seldom looked at, and takes the room of those that always are.
    if (quantity.plot == kConditionPlot && shown->view.plot != kConditionPlot) continue;
    // A plane takes so much room that a chosen step's layers want the place of what moves least.
    if (plane && chosen_look(*run, shown->view) && quantity.plot == "learning_rate" &&
        shown->view.plot != quantity.plot)
      continue;
    FigurePlot& plot = figure.plots.emplace_back();
    plot.plot = run_plot(shown, quantity);
    if (quantity.plot == kConditionPlot)
      plot.csv = [run, of_conditions] { return conditions_to_csv(*run, of_conditions); };
    const bool loss = quantity.plot == "loss", accuracy = quantity.plot == "accuracy";
    // Two a row: the loss and what it is worth, and what moves it.
    plot.beside =
        plane ? figure.plots.size() % 2 == 0 : accuracy || quantity.plot == "learning_rate";
    plot.height = (death || searched) && loss ? 0.7f : loss || (accuracy && !plane) ? 1.4f : 1;
    // Who looks at one step's layers wants these and the map large, and what the run is worth.
    plot.gives_way = chosen_look(*run, shown->view) && !loss && !accuracy;
    if (loss && plane)
      figure.plots.push_back(
          {.plot = surface_plot(shown), .height = 1.4f, .beside = true, .csv = [run, network] {
             return surface_to_csv(*run, network);
           }});
  }
  // What else there is, two a row.
  std::size_t others = run->history->loss_scale.empty() ? 0 : 1;
  const auto add = [&](Plot plot, float height, std::function<std::string()> csv) {
    const bool beside = (plane ? figure.plots.size() : others++) % 2 == 1;
    figure.plots.push_back(
        {.plot = std::move(plot), .height = height, .beside = beside, .csv = std::move(csv)});
  };
  if (has_narrow_gradients(*run) || (run->gradients && shown->view.plot == kGradientPlot))
    add(gradient_plot(shown), 1, [run, network] { return gradients_to_csv(*run, network); });
  if (has_layers(*run) && !leaves(kLayerMap))
    add(layer_map(shown), 1.4f, [run, network] { return layers_to_csv(*run, network); });
  if (death)
    figure.plots.push_back({.plot = step_layers(death), .height = 1.4f, .csv = [death, network] {
                              const RunSummary& dead = *death->run;
                              return layers_to_csv(dead, network, chosen_look(dead, death->view));
                            }});
  if (searched) figure.plots.push_back({.plot = searched_layers(shown), .height = 1.4f});
  if (const auto look = chosen_look(*run, shown->view))
    add(step_layers(shown), 1.4f,
        [run, network, look] { return layers_to_csv(*run, network, look); });
  return figure;
}

}  // namespace nanscope
