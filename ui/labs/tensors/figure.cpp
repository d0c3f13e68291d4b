#include "ui/labs/tensors/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/tensor_language/chain_json.h"
#include "engine/tensor_language/one_line.h"
#include "ui/labs/tensors/looked_at.h"
#include "ui/labs/tensors/plots/tensor_chain_plot.h"
#include "ui/labs/tensors/plots/tensor_memory_plot.h"
#include "ui/labs/tensors/plots/tensor_storage_plot.h"
#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

using Chain = std::shared_ptr<const TensorChain>;

/// The chain as it is looked at.
auto fitted_chain(const Experiment& experiment) {
  return [view = experiment.view, addresses = experiment.tensors.cells == CellLabel::addresses](
             Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size) {
    ChainView shown{.lit = {},
                    .element = element_of(view, chain),
                    .chosen_step = step_of(view),
                    .addresses = addresses};
    if (const auto& cell = shown.element)
      shown.lit =
          memory_cell(chain, chain.steps[static_cast<std::size_t>(cell->step)], cell->index);
    const ChainLayout layout = fit_chain(chain, canvas.style(), size, begins_of(view, chain));
    draw_chain(canvas, chain, layout, corner, shown);
  };
}

}  // namespace

Figure tensors_figure(const Experiment& experiment, Chain chain) {
  const bool memory = experiment.tensors.view == TensorsView::memory;
  Figure figure{.experiment = experiment,
                .title = chain_sentence(*chain),
                .settings = one_line(chain->expression),
                .foot = format_text("tensors.foot", fmt::arg("seed", chain->seed)),
                .plots = {},
                .stacked = true,
                .csv = [chain] { return to_csv(*chain); },
                .json = [chain] { return to_json(*chain, 2) + "\n"; }};
  // Grids of cells have no axes to zoom: long tensors scroll in windows of their own.
  const auto plot = [&](const char* name, auto draw, bool shown, float rows) {
    figure.plots.push_back({{name, [chain, draw](Canvas& canvas, const PlotPlace& place) {
                               draw(canvas, *chain, place.corner, place.size);
                             }}});
    figure.plots.back().alone = !shown;
    figure.plots.back().height = rows;
  };
  // What the view shows: a slide of everything would be read by nobody.
  plot("tensor_chain", fitted_chain(experiment), !memory, 1);
  plot("tensor_memory", draw_tensor_memory, memory, tensor_memory_rows(*chain));
  plot("tensor_storage", draw_tensor_storage, memory, tensor_storage_rows(*chain));
  return figure;
}

}  // namespace nanscope
