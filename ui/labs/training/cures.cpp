#include "ui/labs/training/cures.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/recipe/remedies.h"
#include "imgui.h"
#include "ui/labs/differing_words.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// Steps that a trial goes beyond the one at which the run died.
constexpr std::int64_t kStepsBeyond = 20;

/// True if it was pressed.
bool cure_button(const Trial& trial, const Experiment& cured, const LabView& view) {
  const std::string words = differing_words(cured, view.experiment);
  const float width = ImGui::CalcTextSize(words.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  if (ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width <= right)
    ImGui::SameLine();
  const bool pressed = ImGui::Button(fmt::format("{}###cure {}", words, trial.remedy).c_str());
  item_tooltip(count_text("run.cure_help", trial.steps,
                          fmt::arg("first", number_text(trial.first_loss)),
                          fmt::arg("last", number_text(trial.last_loss)))
                   .c_str());
  return pressed;
}

}  // namespace

TrialsRequest trials_of(const Experiment& experiment, const RunSummary& run) {
  const std::int64_t steps =
      std::min<std::int64_t>(run.first_nonfinite->step + kStepsBeyond, experiment.training.steps);
  return {.experiment = experiment,
          .remedies = run.first_nonfinite->remedies,
          .steps = static_cast<int>(std::max<std::int64_t>(steps, 1))};
}

void draw_cures(const LabView& view, const std::vector<Trial>* tried, bool trying,
                LabRequests& requests) {
  const bool helped = tried && std::ranges::any_of(*tried, &Trial::finite);
  ImGui::AlignTextToFramePadding();
  styled_text(text(helped   ? "run.cures"
                   : trying ? "run.trying"
                            : "run.no_cure"),
              view.plain_style.fonts.regular, 1, view.plain_style.palette.muted);
  if (!helped) return;
  for (const Trial& trial : *tried) {
    if (!trial.finite) continue;
    const Result<Experiment> cured = with_remedy(view.experiment, trial.remedy);
    if (cured && cure_button(trial, *cured, view)) requests.edited = *cured;
  }
}

}  // namespace nanscope
