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

/// What is said of the remedies, and how much room it takes, whichever it is.
std::string head_words(const std::vector<std::string>& remedies, const std::vector<Trial>* tried,
                       bool trying) {
  const auto words = [&](std::size_t done) {
    return format_text("run.trying", fmt::arg("done", done), fmt::arg("all", remedies.size()));
  };
  const bool helped = tried && std::ranges::any_of(*tried, &Trial::finite);
  return trying ? words(tried ? tried->size() : 0) : text(helped ? "run.cures" : "run.no_cure");
}
float head_width(const std::vector<std::string>& remedies) {
  const std::string longest = format_text("run.trying", fmt::arg("done", remedies.size()),
                                          fmt::arg("all", remedies.size()));
  float width = ImGui::CalcTextSize(longest.c_str()).x;
  for (const char* key : {"run.cures", "run.no_cure"})
    width = std::max(width, ImGui::CalcTextSize(text(key)).x);
  return width;
}

/// What the help of a remedy's button says.
std::string help_of(const Trial* trial, bool trying) {
  if (!trial || !trial->finite) return text(trial || !trying ? "run.cure_fails" : "run.cure_waits");
  return count_text("run.cure_help", trial->steps,
                    fmt::arg("first", number_text(trial->first_loss)),
                    fmt::arg("last", number_text(trial->last_loss)));
}

/// Behind the item drawn last, which ends at `right`, or on the next line. True if it was pressed.
bool cure_button(const std::string& words, const std::string& remedy, float& right, bool works,
                 const std::string& help) {
  const ImGuiStyle& imgui = ImGui::GetStyle();
  const float width = ImGui::CalcTextSize(words.c_str()).x + 2 * imgui.FramePadding.x;
  const float gap = imgui.ItemSpacing.x;
  const float end = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  if (right + gap + width <= end) {
    ImGui::SameLine();
    ImGui::SetCursorScreenPos({right + gap, ImGui::GetCursorScreenPos().y});
  }
  ImGui::BeginDisabled(!works);
  const bool pressed = ImGui::Button(fmt::format("{}###cure {}", words, remedy).c_str());
  ImGui::EndDisabled();
  right = ImGui::GetItemRectMax().x;
  item_tooltip(help.c_str());
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

void draw_cures(const LabView& view, const std::vector<std::string>& remedies,
                const std::vector<Trial>* tried, bool trying, LabRequests& requests) {
  ImGui::AlignTextToFramePadding();
  float right = ImGui::GetCursorScreenPos().x + head_width(remedies);
  styled_text(head_words(remedies, tried, trying), view.plain_style.fonts.regular, 1,
              view.plain_style.palette.muted);
  for (const std::string& remedy : remedies) {
    const Result<Experiment> cured = with_remedy(view.experiment, remedy);
    if (!cured) continue;
    const Trial* trial = nullptr;
    if (tried)
      if (const auto found = std::ranges::find(*tried, remedy, &Trial::remedy);
          found != tried->end())
        trial = &*found;
    if (cure_button(differing_words(*cured, view.experiment), remedy, right, trial && trial->finite,
                    help_of(trial, trying)))
      requests.edited = *cured;
  }
}

}  // namespace nanscope
