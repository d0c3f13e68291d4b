#include "ui/labs/signal/figure.h"

#include <fmt/format.h>

#include "engine/probes/signal_json.h"
#include "ui/labs/describe.h"
#include "ui/labs/signal/compared.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/labs/signal/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string foot_text(const SignalSnapshot& snapshot) {
  const Experiment& e = snapshot.experiment;
  const std::string separator = text("describe.separator");
  const std::string seeds =
      e.network.networks > 1
          ? format_text("picture.seeds", fmt::arg("first", e.network.seed),
                        fmt::arg("last", e.network.seed + e.network.networks - 1))
          : format_text("picture.seed", fmt::arg("seed", e.network.seed));
  const std::string threads =
      snapshot.threads == 1 ? text("picture.one_thread")
                            : format_text("picture.threads", fmt::arg("count", snapshot.threads));
  const std::string& device = snapshot.device_name.empty() ? snapshot.device : snapshot.device_name;
  std::string words = seeds + separator;
  if (!device.empty())
    words +=
        format_text("picture.device", fmt::arg("device", device), fmt::arg("threads", threads)) +
        separator;
  return words + precision_words(e.network.precision, snapshot.emulated());
}

}  // namespace

Figure signal_figure(const SignalView& view, const PlotSelection& selection) {
  const std::shared_ptr<const SignalSnapshot>& snapshot = view.pass;
  Figure figure{.experiment = snapshot->experiment,
                .title = sentence(*snapshot),
                .settings = describe(*snapshot),
                .foot = foot_text(*snapshot),
                .plots = {},
                .csv = [snapshot] { return signal_to_csv(*snapshot); },
                .json = [snapshot] { return signal_to_json(*snapshot, 2) + "\n"; }};
  for (const SignalPlot& plot : signal_plots())
    figure.plots.push_back({plot_of(plot, view, selection)});
  if (view.other) figure.settings += text("describe.separator") + compared_words(view);
  return figure;
}

}  // namespace nanscope
