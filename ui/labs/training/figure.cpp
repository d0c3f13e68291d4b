#include "ui/labs/training/figure.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "ui/labs/describe.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/plots/layer_map.h"
#include "ui/labs/training/plots/step_layers.h"
#include "ui/labs/training/plots/surface_plot.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// "seed 1, cpu, fp32 native".
std::string foot_words(const RunSummary& run) {
  const std::string separator = text("describe.separator");
  const NetworkSpec& network = run.experiment.network;
  return format_text("picture.seed", fmt::arg("seed", network.seed)) + separator + "cpu" +
         separator + precision_words(network.precision, run.emulated);
}

}  // namespace

std::vector<std::string_view> run_plot_names() {
  std::vector<std::string_view> names;
  for (const RunQuantity& quantity : run_quantities()) names.push_back(quantity.plot);
  names.push_back(kLayerMap);
  names.push_back(kStepLayers);
  names.push_back(kSurfacePlot);
  return names;
}

Figure training_figure(RunPicture picture) {
  const auto shown = std::make_shared<const RunPicture>(std::move(picture));
  const std::shared_ptr<const RunSummary> run = shown->run;
  const Experiment& experiment = run->experiment;
  Figure figure{.experiment = experiment,
                .title = run_sentence(*run),
                .settings = describe_run(experiment),
                .foot = foot_words(*run),
                .plots = {},
                .stacked = true,
                .csv = [run] { return run_to_csv(*run); },
                .json = [run] { return run_to_json(*run); }};
  const bool plane = run->surface != nullptr;
  for (const RunQuantity& quantity : run_quantities()) {
    if (!has(*run, quantity)) continue;
    FigurePlot& plot = figure.plots.emplace_back();
    plot.plot = run_plot(shown, quantity);
    const bool loss = quantity.plot == "loss", accuracy = quantity.plot == "accuracy";
    // Two a row: the loss and what it is worth, and what moves it.
    plot.beside =
        plane ? figure.plots.size() % 2 == 0 : accuracy || quantity.plot == "learning_rate";
    plot.height = loss || (accuracy && !plane) ? 1.4f : 1;
    if (loss && plane)
      figure.plots.push_back({.plot = surface_plot(shown), .height = 1.4f, .beside = true});
  }
  if (has_layers(*run)) {
    const bool beside = plane ? figure.plots.size() % 2 == 1 : !run->history->loss_scale.empty();
    figure.plots.push_back({.plot = layer_map(shown), .height = 1.4f, .beside = beside});
    if (chosen_look(*run, shown->view))
      figure.plots.push_back({.plot = step_layers(shown), .height = 1.4f, .beside = !beside});
  }
  return figure;
}

}  // namespace nanscope
