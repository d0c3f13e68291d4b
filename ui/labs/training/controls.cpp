#include "ui/labs/training/controls.h"

#include <array>
#include <string_view>
#include <utility>

#include "engine/plan/optimizers/optimizers.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/network_controls.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

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

void draw_training_controls(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  optimizer_section(scope);
  schedule_section(scope);
  data_section(names_of<DataKind>(), nullptr, scope);
  loss_section(scope);
  model_section(false, scope);
  number_control({.key = "model.dropout"}, scope);
  init_section(scope);
  precision_section(scope);
  seed_section(false, scope);
}

}  // namespace nanscope
