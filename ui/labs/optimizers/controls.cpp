#include "ui/labs/optimizers/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/optimizers/plane.h"
#include "engine/plan/optimizers/optimizers.h"
#include "imgui.h"
#include "ui/labs/describe.h"
#include "ui/labs/experiment_controls.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// What spans a run's plane, and of the run what its surface depends on most; the rest of it is
/// set in Training.
void plane_controls(ControlScope& scope) {
  const Style& style = scope.view.style;
  choice_control("optimizers.directions", names_of<PlaneDirections>(), true, scope);
  const int steps = scope.draft.training.steps;
  number_control({.key = "optimizers.after", .high = double(steps)}, scope);
  number_control({.key = "optimizers.span", .high = 5}, scope);
  number_control({.key = "steps", .logarithmic = true, .low = 1, .high = 10000}, scope);
  number_control({.key = "model.depth"}, scope);
  toggle_control("model.residual", scope);
  wrapped_text(format_text("optimizers.run_is", fmt::arg("run", describe(scope.draft))) + " " +
                   text("run.elsewhere"),
               style.fonts.regular, text_size::small, style.palette.muted);
}

/// The track of the start's sliders.
std::array<double, 4> reach_of_start(const ControlScope& scope) {
  const auto paths = scope.view.session.results.latest<PathsRequest>();
  if (scope.draft.optimizers.surface == SurfaceKind::run && paths && paths->plane)
    return paths->plane->view;
  return {-5, 5, -5, 5};
}

void surface_section(ControlScope& scope) {
  heading(text("optimizers.surface"), scope.view.style);
  choice_control("optimizers.surface", names_of<SurfaceKind>(), false, scope);
  const SurfaceKind surface = scope.draft.optimizers.surface;
  if (surface == SurfaceKind::quadratic)
    number_control({.key = "optimizers.condition", .logarithmic = true}, scope);
  if (surface == SurfaceKind::run) plane_controls(scope);
  const auto [left, right, low, high] = reach_of_start(scope);
  number_control({.key = "optimizers.x", .low = left, .high = right}, scope);
  number_control({.key = "optimizers.y", .low = low, .high = high}, scope);
}

/// The list with an optimizer put in at its place or taken out; the last one stays.
std::string toggled(std::vector<ShownOptimizer> shown, OptimizerKind kind) {
  const auto found = std::ranges::find(shown, kind, &ShownOptimizer::kind);
  if (found == shown.end()) {
    const auto behind =
        std::ranges::find_if(shown, [&](const ShownOptimizer& one) { return one.kind > kind; });
    shown.insert(behind, {kind, std::nullopt});
  } else if (shown.size() > 1) {
    shown.erase(found);
  }
  return shown_text(shown);
}

/// Every optimizer as a switch, and the list as text, for rates of their own.
void shown_section(ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("optimizers.shown"), style);
  const auto shown = parse_shown(scope.draft.optimizers.shown);
  if (!shown) return;
  constexpr int kColumns = 4;
  const float gap = std::max(1.0f, std::round(unit(style) / 4));
  const float width = std::floor((ImGui::GetContentRegionAvail().x + gap) / kColumns - gap);
  ImGui::PushFont(nullptr, style.font_size * text_size::small);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, std::round(unit(style) * 0.5f)});
  std::optional<OptimizerKind> flipped;
  int index = 0;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    if (index++ % kColumns != 0) ImGui::SameLine();
    const bool on = std::ranges::count(*shown, kind, &ShownOptimizer::kind) > 0;
    ImGui::PushStyleColor(ImGuiCol_Button, on ? style.palette.accent : style.palette.raised);
    ImGui::PushStyleColor(ImGuiCol_Text, on ? style.palette.on_accent : style.palette.text);
    if (ImGui::Button(fmt::format("{0}###optimizer {0}", name).c_str(), {width, 0})) flipped = kind;
    ImGui::PopStyleColor(2);
  }
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  if (flipped) set_key("optimizers.shown", toggled(*shown, *flipped), scope);
  key_field("###shown", "optimizers.shown", ImGui::GetContentRegionAvail().x, scope);
  key_tooltip("optimizers.shown", scope.view);
  key_refusal("optimizers.shown", scope);
}

void rate_control(bool wide, ControlScope& scope) {
  number_control(
      {.key = "optimizers.lr", .logarithmic = true, .low = 1e-5, .high = 1, .wide = wide}, scope);
}

/// What the equations of those that are shown read.
void settings_section(ControlScope& scope) {
  heading(text("optimizers.settings"), scope.view.style);
  rate_control(true, scope);
  constexpr std::pair<std::string_view, NumberControl> kSettings[] = {
      {"momentum", {.key = "optimizers.momentum"}},
      {"dampening", {.key = "optimizers.dampening"}},
      {"alpha", {.key = "optimizers.alpha"}},
      {"beta1", {.key = "optimizers.beta1"}},
      {"beta2", {.key = "optimizers.beta2"}},
      {"eps", {.key = "optimizers.eps", .logarithmic = true, .low = 1e-12, .high = 1e-2}},
      {"lambda", {.key = "optimizers.weight_decay", .high = 1}}};
  const std::vector<Optimizer> shown = shown_optimizers(scope.draft.optimizers);
  for (const auto& [symbol, control] : kSettings)
    if (std::ranges::any_of(shown, [&, name = symbol](const Optimizer& one) {
          return optimizer_text(one.kind).equation.find(name) != std::string_view::npos;
        }))
      number_control(control, scope);
}

void step_section(ControlScope& scope) {
  const Optimizers& optimizers = scope.draft.optimizers;
  heading(text("optimizers.looked_at"), scope.view.style);
  std::vector<std::string_view> shown;
  for (const Optimizer& one : shown_optimizers(optimizers)) shown.push_back(name_of(one.kind));
  choice_control("optimizers.watched", shown, false, scope);
  number_control({.key = "optimizers.step", .low = 1, .high = double(optimizers.steps)}, scope);
  choice_control("optimizers.element", names_of<SurfaceElement>(), true, scope);
}

void format_section(ControlScope& scope) {
  heading(text("optimizers.format"), scope.view.style);
  constexpr auto kFormats =
      std::to_array<std::string_view>({"fp64", "fp32", "bf16", "fp16", "e4m3", "e5m2"});
  choice_control("optimizers.format", kFormats, false, scope);
}

}  // namespace

void draw_optimizers_controls(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  surface_section(scope);
  shown_section(scope);
  step_section(scope);
  settings_section(scope);
  number_control({.key = "optimizers.steps", .logarithmic = true}, scope);
  format_section(scope);
}

void draw_optimizers_main_control(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  rate_control(false, scope);
}

}  // namespace nanscope
