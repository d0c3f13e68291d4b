#include "ui/labs/training/controls.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/optimizers/optimizers.h"
#include "imgui.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/network_controls.h"
#include "ui/labs/training/figure.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// A button of a row of so many as wide as the panel; with its help.
bool run_button(const char* key, const char* help, int place, int of, bool enabled,
                const std::string& label) {
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  if (place > 0) ImGui::SameLine(0, gap);
  // What is left is for this one and those behind it.
  const auto rest = static_cast<float>(of - place);
  const float width = (ImGui::GetContentRegionAvail().x - gap * (rest - 1)) / rest;
  ImGui::BeginDisabled(!enabled);
  const bool pressed =
      ImGui::Button(fmt::format("{}###{}", label, key).c_str(), {std::floor(width), 0});
  ImGui::EndDisabled();
  item_tooltip(text(help));
  return pressed;
}

/// What is drawn anew for every step has no epochs.
std::vector<std::string_view> axes_of(DataKind kind) {
  std::vector<std::string_view> axes = names_of<RunAxis>();
  if (!reads_table(kind)) std::erase(axes, name_of(RunAxis::epoch));
  return axes;
}

/// "step 120 of 200, paused".
void run_words(const RunTransport& transport, ControlScope& scope) {
  const Style& style = scope.view.plain_style;
  const RunSummary* run = transport.run().get();
  const char* key = transport.over()         ? "run.at.over"
                    : transport.died()       ? "run.at.died"
                    : transport.rests()      ? "run.at.paused"
                    : transport.holds_back() ? "run.at.held_back"
                                             : "run.at.going";
  const std::string at =
      format_text(key, fmt::arg("step", run ? run->steps : 0),
                  fmt::arg("steps", run ? run->goal : std::int64_t{scope.draft.training.steps}));
  styled_text(at, style.fonts.regular, 0.875f, style.palette.muted);
}

void run_section(RunTransport& transport, ControlScope& scope) {
  heading(text("section.run"), scope.view.style);
  const bool goes = transport.goes();
  if (goes ? run_button("run.pause", "run.help.pause", 0, 4, true, text("run.pause"))
           : run_button("run.start", "run.help.start", 0, 4, true, text("run.start")))
    transport.play_or_pause();
  const bool longer = transport.can_be_longer();
  if (run_button("run.one_step", "run.help.one_step", 1, 4, !longer, text("run.one_step")))
    transport.step();
  if (run_button("run.stop", "run.help.stop", 2, 4, !transport.over(), text("run.stop")))
    scope.requests.cancel = true;
  const bool begun = transport.run() != nullptr;
  if (run_button("run.rewind", "run.help.rewind", 3, 4, begun, text("run.rewind")))
    transport.rewind();
  const int more = scope.view.reset_to.training.steps;
  if (run_button("run.longer", "run.help.longer", 0, 1, longer, count_text("run.longer", more)))
    set_key("steps", std::to_string(scope.draft.training.steps + more), scope);
  run_words(transport, scope);
}

/// How the run is drawn: no setting of it.
void look_section(ControlScope& scope) {
  const RunAxis along = scope.draft.view.x;
  choice_control("view.x", axes_of(scope.draft.data.kind), true, scope);
  // Zooms and pins are in the units of the axis.
  if (scope.draft.view.x != along)
    for (const std::string_view plot : run_plot_names()) forget_plot(scope.draft.view, plot);
  number_control({.key = "view.smoothing"}, scope);
  toggle_control("view.log", scope);
  number_control({.key = "statistics", .high = 100}, scope);
  if (scope.draft.training.statistics > 0)
    choice_control("view.map", names_of<LayerQuantity>(), true, scope);
  if (const int networks = scope.draft.network.networks; networks > 1)
    number_control({.key = "view.network", .low = 1, .high = static_cast<double>(networks)}, scope);
}

void rate_control(bool wide, ControlScope& scope) {
  number_control(
      {.key = "optimizer.lr", .logarithmic = true, .low = 1e-7, .high = 10, .wide = wide}, scope);
}

/// The optimizer, the learning rate, and what else its equation has.
void optimizer_section(ControlScope& scope) {
  heading(text("section.optimizer"), scope.view.style);
  choice_control("optimizer.kind", names_of<OptimizerKind>(), false, scope);
  rate_control(true, scope);
  const std::string_view equation = optimizer_text(scope.draft.training.optimizer.kind).equation;
  constexpr std::pair<std::string_view, NumberControl> kSettings[] = {
      {"momentum", {.key = "optimizer.momentum"}},
      {"dampening", {.key = "optimizer.dampening"}},
      {"alpha", {.key = "optimizer.alpha"}},
      {"beta1", {.key = "optimizer.beta1"}},
      {"beta2", {.key = "optimizer.beta2"}},
      {"eps", {.key = "optimizer.eps", .logarithmic = true, .low = 1e-12, .high = 1e-2}},
      {"lambda", {.key = "optimizer.weight_decay", .high = 1}}};
  for (const auto& [symbol, control] : kSettings)
    if (equation.find(symbol) != std::string_view::npos) number_control(control, scope);
}

void schedule_section(ControlScope& scope) {
  heading(text("section.schedule"), scope.view.style);
  choice_control("schedule.kind", names_of<ScheduleKind>(), false, scope);
  const ScheduleKind kind = scope.draft.training.schedule.kind;
  number_control({.key = "steps", .logarithmic = true, .low = 1, .high = 10000}, scope);
  if (kind != ScheduleKind::constant && kind != ScheduleKind::one_cycle)
    number_control({.key = "schedule.warmup", .high = 1000}, scope);
  if (kind == ScheduleKind::step) {
    number_control({.key = "schedule.period", .logarithmic = true, .low = 1, .high = 10000}, scope);
    number_control({.key = "schedule.factor"}, scope);
  }
  if (kind == ScheduleKind::linear || kind == ScheduleKind::cosine)
    number_control({.key = "schedule.final"}, scope);
  number_control({.key = "clip.norm", .high = 10}, scope);
  number_control({.key = "regularization.l1", .high = 0.1}, scope);
  number_control({.key = "regularization.l2", .high = 0.1}, scope);
}

void loss_scale_controls(ControlScope& scope) {
  choice_control("loss_scale.kind", names_of<LossScaleKind>(), true, scope);
  const LossScaleKind kind = scope.draft.training.loss_scale.kind;
  if (kind == LossScaleKind::none) return;
  number_control({.key = "loss_scale.init", .logarithmic = true, .low = 1, .high = 1e12}, scope);
  if (kind == LossScaleKind::dynamic)
    number_control({.key = "loss_scale.interval", .logarithmic = true, .low = 1, .high = 10000},
                   scope);
}

void loss_section(ControlScope& scope) {
  heading(text("section.loss"), scope.view.style);
  choice_control("loss", names_of<Loss>(), false, scope);
  number_control({.key = "batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
  number_control({.key = "accumulation", .logarithmic = true, .low = 1, .high = 64}, scope);
  if (!reads_table(scope.draft.data.kind)) return;
  number_control({.key = "data.held_out"}, scope);
  number_control({.key = "evaluate", .high = 1000}, scope);
}

}  // namespace

void draw_training_main_control(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  rate_control(false, scope);
}

void draw_training_controls(const LabView& view, Experiment& draft, LabRequests& requests,
                            RunTransport& transport) {
  ControlScope scope{view, draft, requests};
  run_section(transport, scope);
  look_section(scope);
  optimizer_section(scope);
  schedule_section(scope);
  data_section(names_of<DataKind>(), nullptr, scope);
  loss_section(scope);
  model_section(false, scope);
  number_control({.key = "model.dropout"}, scope);
  init_section(scope);
  precision_section(scope);
  loss_scale_controls(scope);
  seed_section(true, scope);
}

}  // namespace nanscope
