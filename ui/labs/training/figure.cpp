#include "ui/labs/training/figure.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "ui/labs/describe.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/plots/run_plot.h"
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
  for (const RunQuantity& quantity : run_quantities()) {
    if (!has(*run, quantity)) continue;
    FigurePlot& plot = figure.plots.emplace_back();
    plot.plot = run_plot(shown, quantity);
    // Two rows: the loss and what it is worth, and what moves it.
    plot.beside = quantity.plot == "accuracy" || quantity.plot == "learning_rate";
    plot.height = quantity.plot == "loss" || quantity.plot == "accuracy" ? 1.4f : 1;
  }
  return figure;
}

}  // namespace nanscope
