#include "ui/labs/tensors_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/tensor_language/chain_json.h"
#include "ui/export/canvas_plot.h"
#include "ui/plots/canvas.h"
#include "ui/plots/tensor_chain_plot.h"
#include "ui/plots/tensor_memory_plot.h"
#include "ui/plots/tensor_storage_plot.h"
#include "ui/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

using Chain = std::shared_ptr<const TensorChain>;

void draw_fitted_chain(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size) {
  const ChainLayout layout = fit_chain(chain, canvas.style(), size);
  draw_chain(canvas, chain, layout, corner, {});
  if (layout.first_step == 0) return;
  const float em = layout.metrics.em * text_size::small;
  canvas.text({corner.x, corner.y + size.y - em * 1.3f},
              format_text("tensors.left_out", fmt::arg("last", layout.first_step)),
              {Face::regular, em, ink(canvas.style().palette.muted)});
}

/// The expression on one line.
std::string one_line(const std::string& expression) {
  std::string line;
  for (const char c : expression) line += c == '\n' ? std::string("; ") : std::string(1, c);
  return line;
}

}  // namespace

Figure tensors_figure(const Experiment& experiment, Chain chain) {
  Figure figure{.experiment = experiment,
                .title = chain_sentence(*chain),
                .settings = one_line(chain->expression),
                .foot = format_text("tensors.foot", fmt::arg("seed", chain->seed)),
                .plots = {},
                .first_leads = true,
                .csv = [chain] { return to_csv(*chain); },
                .json = [chain] { return to_json(*chain, 2) + "\n"; }};
  const auto plot = [&](const char* name, auto draw) {
    return canvas_plot(name, [chain, draw](Canvas& canvas, ImVec2 corner, ImVec2 size) {
      draw(canvas, *chain, corner, size);
    });
  };
  figure.plots.push_back(plot("tensor_chain", draw_fitted_chain));
  figure.plots.push_back(plot("tensor_storage", draw_tensor_storage));
  figure.plots.push_back(plot("tensor_memory", draw_tensor_memory));
  return figure;
}

}  // namespace nanscope
