#include "ui/labs/training/inspector.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/plan/optimizers/optimizers.h"
#include "engine/recipe/run_json.h"
#include "imgui.h"
#include "ui/labs/training/autopsy_card.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// The optimizer's assignments, one below the other, its line of PyTorch with the values of now,
/// and since which step these are others than at first.
void optimizer_block(const RunSummary& run, const Style& style, std::string& copied) {
  const Optimizer optimizer = run.present().training.optimizer;
  heading(text("run.optimizer"), style);
  const OptimizerText& words = optimizer_text(optimizer.kind);
  equation_lines(words.equation, style, copied);
  const std::string line = words.pytorch(optimizer);
  wrapped_text(line, style.fonts.mono, 0.875f, style.palette.muted);
  copyable("optimizer", line, style, copied);
  for (const Key* key : live_run_keys())
    if (const LiveChange* change = last_change(run, key->name);
        change && key->name.starts_with("optimizer."))
      wrapped_text(changed_words(*change), style.fonts.regular, 0.875f, style.palette.muted);
}

void run_table(const RunSummary& run, const Style& style, std::string& copied) {
  NumberTable table("run", {"", ""}, style, copied);
  const auto row = [&](const char* key, const NumberCell& value) {
    table.row({text(key), value}, style.palette.text);
  };
  row("run.steps", fmt::format("{}", run.steps));
  row("inspector.time", seconds_text(run.seconds));
  row("run.rate", run.steps_per_second());
  row("run.step_flops", run.step_flops());
  if (run.recomputed_flops > 0) row("run.recomputed_flops", run.recomputed_flops);
  row("run.speed", (run.step_flops() + run.recomputed_flops) * run.steps_per_second() / 1e9);
  std::int64_t total = 0;
  for (const auto& [role, bytes] : run.memory) total += bytes;
  row("inspector.memory", bytes_text(static_cast<double>(total)));
  if (run.fp32_memory > total)
    row("run.saved",
        fmt::format("{}, {} %", bytes_text(static_cast<double>(run.fp32_memory - total)),
                    number_text(100.0 * static_cast<double>(run.fp32_memory - total) /
                                static_cast<double>(run.fp32_memory))));
  for (const auto& [role, bytes] : run.memory)
    row(fmt::format("inspector.role.{}", name_of(role)).c_str(),
        bytes_text(static_cast<double>(bytes)));
}

/// A row a network: its seed, its last loss, what of the held-out rows is right, and since when it
/// is not finite.
void networks_table(const RunSummary& run, const Style& style, std::string& copied) {
  const auto& losses = run.last.losses;
  if (!losses || losses->each.size() != run.networks.size()) return;
  heading(text("run.networks"), style);
  const std::vector<double>* right =
      run.held_out && run.held_out->accuracies &&
              run.held_out->accuracies->each.size() == run.networks.size()
          ? &run.held_out->accuracies->each
          : nullptr;
  NumberTable table("networks",
                    {text("run.network_seed"), text("plot.axis.loss"),
                     right ? text("plot.short.accuracy") : std::string()},
                    style, copied);
  for (std::size_t k = 0; k < run.networks.size(); ++k) {
    const auto& lost = run.networks[k].first_nonfinite;
    const NumberCell loss =
        lost ? NumberCell(format_text("run.network_lost", fmt::arg("step", lost->step)))
             : NumberCell(losses->each[k]);
    table.row({fmt::format("{}", run.experiment.network.seed + k), loss,
               right ? NumberCell((*right)[k]) : NumberCell("")},
              lost ? style.palette.bad : style.palette.text);
  }
}

void last_step_table(const RunSummary& run, const Style& style, std::string& copied) {
  heading(text("run.last"), style);
  if (const int count = run.experiment.network.networks; count > 1)
    styled_text(format_text("run.median_of", fmt::arg("count", count)), style.fonts.regular, 0.875f,
                style.palette.muted);
  NumberTable table("last", {"", ""}, style, copied);
  const auto row = [&](const char* key, double value) {
    table.row({text(key), value}, style.palette.text);
  };
  row("run.training", run.last.loss);
  row("run.grad_norm", run.last.grad_norm);
  row("run.lr", run.last.lr);
  if (!run.held_out) return;
  row("run.held_out", run.held_out->loss);
  if (run.held_out->accuracy) row("plot.axis.accuracy", *run.held_out->accuracy);
}

}  // namespace

void draw_run_inspector(const RunSummary& run, EarlierRuns& earlier, const LabView& view,
                        LabRequests& requests) {
  const Style& style = view.style;
  if (run.autopsy) draw_autopsy(*run.autopsy, style, requests);
  styled_text(text("run.title"), style.fonts.semibold, 1.25f, style.palette.text);
  run_table(run, style, requests.copy);
  if (ImGui::SmallButton(fmt::format("{}###run file", text("run.copy_file")).c_str()))
    requests.copy = run_to_lines(run);
  item_tooltip(text("run.copy_file_help"));
  earlier.draw_rows(run, view, requests);
  if (run.steps > 0) last_step_table(run, style, requests.copy);
  if (!run.networks.empty()) networks_table(run, style, requests.copy);
  optimizer_block(run, style, requests.copy);
}

}  // namespace nanscope
