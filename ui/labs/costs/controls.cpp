#include "ui/labs/costs/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/costs/requests/cost_requests.h"
#include "engine/experiment/json.h"
#include "engine/recipe/acting_keys.h"
#include "imgui.h"
#include "ui/labs/costs/builder.h"
#include "ui/labs/costs/measuring_controls.h"
#include "ui/labs/costs/moving_data.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/network_controls.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr auto kPrecisions = std::to_array<std::string_view>(
    {"fp32", "tf32", "bf16", "fp16", "mixed_bf16", "mixed_fp16", "e4m3"});

/// A text of an experiment, under its label.
void text_control(std::string_view key, ControlScope& scope) {
  const Style& style = scope.view.style;
  ImGui::PushID(key.data(), key.data() + key.size());
  styled_text(text(fmt::format("control.{}", key)), style.fonts.regular, 0.875f,
              style.palette.muted);
  key_tooltip(key, scope.view);
  key_field("##value", key, ImGui::GetContentRegionAvail().x, scope);
  key_tooltip(key, scope.view);
  key_menu("menu", key, scope);
  key_refusal(key, scope);
  ImGui::PopID();
}

/// A number whose 0 is no number: what it stands for is said below it.
void number_or_default(const NumberControl& control, const char* zero, ControlScope& scope) {
  number_control(control, scope);
  if (key_text(scope.draft, control.key) != "0") return;
  const Style& style = scope.view.style;
  wrapped_text(text(zero), style.fonts.regular, text_size::small, style.palette.muted);
}

/// What is known by name, in a list that opens; its field takes other names, too.
struct NamedItem {
  std::string name, title, detail;
};
void list_control(std::string_view key, const std::vector<NamedItem>& items, ControlScope& scope) {
  const Style& style = scope.view.style;
  const std::string now = key_text(scope.draft, key);
  const auto found = std::ranges::find(items, now, &NamedItem::name);
  const std::string shown = found == items.end() ? now : found->title;
  ImGui::PushID(key.data(), key.data() + key.size());
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  if (ImGui::BeginCombo("##list", shown.substr(shown.rfind('/') + 1).c_str(),
                        ImGuiComboFlags_HeightLarge)) {
    for (const NamedItem& item : items) {
      if (ImGui::Selectable(fmt::format("{}###{}", item.title, item.name).c_str(),
                            item.name == now))
        set_key(key, item.name, scope);
      if (item.name == now) ImGui::SetItemDefaultFocus();
      ImGui::SameLine(ImGui::GetContentRegionAvail().x -
                      ImGui::CalcTextSize(item.detail.c_str()).x);
      styled_text(item.detail, style.fonts.regular, 0.875f, style.palette.muted);
    }
    ImGui::EndCombo();
  }
  key_tooltip(key, scope.view);
  key_menu("menu", key, scope);
  ImGui::PopID();
}

std::vector<NamedItem> model_items(const CostNames* names) {
  std::vector<NamedItem> items;
  if (!names) return items;
  for (const CostNames::Model& one : names->models)
    items.push_back({one.name, one.title, engineering(one.parameters)});
  return items;
}

std::vector<NamedItem> device_items(const CostNames* names) {
  std::vector<NamedItem> items;
  if (!names) return items;
  for (const DeviceSheet& one : names->devices)
    items.push_back({one.name, one.title, decimal_bytes(one.bytes)});
  return items;
}

/// Whose peaks are the roof, where it is not this machine's own.
void roof_controls(const CostNames* names, ControlScope& scope) {
  if (scope.draft.costs.roof == Roof::calibrated) return;
  list_control("costs.device", device_items(names), scope);
  number_or_default({.key = "costs.peak", .high = 5e15}, "costs.zero.peak", scope);
}

/// What the plan of the run hangs on.
void run_sections(ControlScope& scope) {
  const Style& style = scope.view.style;
  wrapped_text(fmt::format("{} {}", text("costs.run_is"), text("run.elsewhere")),
               style.fonts.regular, text_size::small, style.palette.muted);
  heading(text("section.optimizer"), scope.view.style);
  choice_control("optimizer.kind", names_of<OptimizerKind>(), false, scope);
  heading(text("costs.section.batch"), scope.view.style);
  number_control({.key = "batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
  number_control({.key = "accumulation", .logarithmic = true, .low = 1, .high = 64}, scope);
  number_control({.key = "recompute", .high = 50}, scope);
  precision_section(scope);
  model_section(false, scope);
  number_control({.key = "model.dropout"}, scope);
  data_section(names_of<DataKind>(), nullptr, scope);
  choice_control("loss", names_of<Loss>(), true, scope);
  number_control({.key = "networks", .logarithmic = true}, scope);
}

/// Through the operations that there are.
void step_control(ControlScope& scope) {
  constexpr double kOfExample = 5;
  double last = kOfExample;
  if (scope.draft.costs.walk == WalkOf::run)
    if (const auto run = scope.view.session.results.latest<RunCostsRequest>())
      last = static_cast<double>(run->walk.size());
  number_control({.key = "costs.step", .low = 1, .high = last}, scope);
}

void walk_sections(ControlScope& scope) {
  const WalkOf before = scope.draft.costs.walk;
  choice_control("costs.walk", names_of<WalkOf>(), false, scope);
  if (scope.draft.costs.walk != before) scope.draft.costs.step = 1;  // each has its own operations
  step_control(scope);
  if (scope.draft.costs.walk == WalkOf::run) return run_sections(scope);
  text_control("costs.x", scope);
  text_control("costs.w", scope);
  number_control({.key = "costs.target", .low = -10, .high = 10}, scope);
}

/// Bytes of what training keeps.
void training_bytes_controls(ControlScope& scope) {
  choice_control("costs.precision", kPrecisions, false, scope);
  heading(text("section.optimizer"), scope.view.style);
  choice_control("costs.optimizer", names_of<OptimizerKind>(), false, scope);
  toggle_control("costs.eight_bits", scope);
  choice_control("costs.convention", names_of<BytesChoice>(), true, scope);
}

void transformer_sections(const CostNames* names, ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("costs.section.model"), style);
  list_control("costs.model", model_items(names), scope);
  if (const auto base = base_of_model(scope))
    draw_builder(*base, scope);
  else
    text_control("costs.architecture", scope);
  heading(text("costs.section.batch"), style);
  number_control({.key = "costs.batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
  number_or_default({.key = "costs.length", .high = 131072}, "costs.zero.length", scope);
  number_control({.key = "costs.micro_batches", .logarithmic = true, .low = 1, .high = 256}, scope);
  choice_control("costs.recompute", names_of<Recompute>(), true, scope);
  heading(text("section.precision"), style);
  training_bytes_controls(scope);
  heading(text("costs.section.conventions"), style);
  choice_control("costs.attention", names_of<AttentionFlops>(), true, scope);
  choice_control("costs.activations", names_of<ActivationsChoice>(), true, scope);
  heading(text("costs.section.devices"), style);
  list_control("costs.device", device_items(names), scope);
  number_control({.key = "costs.devices", .logarithmic = true, .low = 1, .high = 16384}, scope);
  number_control({.key = "costs.zero"}, scope);
  number_control({.key = "costs.tensor", .logarithmic = true, .low = 1, .high = 64}, scope);
  number_control({.key = "costs.pipeline", .logarithmic = true, .low = 1, .high = 128}, scope);
  number_control({.key = "costs.context", .logarithmic = true, .low = 1, .high = 64}, scope);
  number_control({.key = "costs.expert", .logarithmic = true, .low = 1, .high = 256}, scope);
  toggle_control("costs.sequence_parallel", scope);
  number_control({.key = "costs.seconds", .high = 60}, scope);
  number_or_default({.key = "costs.peak", .high = 5e15}, "costs.zero.peak", scope);
}

/// Those settings that the question is answered from.
void napkin_sections(const CostNames* names, ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("costs.section.question"), style);
  choice_control("costs.question", names_of<NapkinQuestion>(), false, scope);
  const auto acts = [&](std::string_view key) { return check_acts(key, scope.draft).has_value(); };
  heading(text("costs.section.given"), style);
  constexpr NumberControl kNumbers[] = {
      {.key = "costs.parameters", .logarithmic = true, .low = 1e6, .high = 1e13, .wide = true},
      {.key = "costs.tokens", .logarithmic = true, .low = 1e6, .high = 1e15, .wide = true},
      {.key = "costs.days", .logarithmic = true, .low = 0.1, .high = 1000},
      {.key = "costs.budget", .logarithmic = true, .low = 10, .high = 1e10, .wide = true},
      {.key = "costs.tokens_per_second", .high = 1e8},
      {.key = "costs.m", .logarithmic = true, .low = 1, .high = 131072},
      {.key = "costs.k", .logarithmic = true, .low = 1, .high = 131072},
      {.key = "costs.n", .logarithmic = true, .low = 1, .high = 131072},
      {.key = "costs.seconds", .high = 10},
      {.key = "costs.mfu"},
      {.key = "costs.devices", .logarithmic = true, .low = 1, .high = 131072},
      {.key = "costs.zero"},
      {.key = "costs.price", .high = 20},
      {.key = "costs.electricity", .high = 1}};
  for (const NumberControl& control : kNumbers) {
    const bool optional = control.key == "costs.price" || control.key == "costs.electricity";
    if (acts(control.key))
      optional ? number_or_default(control, "costs.zero.price", scope)
               : number_control(control, scope);
  }
  if (acts("costs.device")) {
    heading(text("costs.section.devices"), style);
    list_control("costs.device", device_items(names), scope);
  }
  if (acts("costs.peak"))
    number_or_default({.key = "costs.peak", .high = 5e15}, "costs.zero.peak", scope);
  heading(text("section.precision"), style);
  if (acts("costs.optimizer"))
    training_bytes_controls(scope);
  else
    choice_control("costs.precision", kPrecisions, false, scope);
}

}  // namespace

void draw_costs_controls(const LabView& view, Experiment& draft, Measuring& measuring,
                         LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  const auto names = view.session.results.latest<CostNamesRequest>();
  choice_control("costs.view", names_of<CostsView>(), false, scope);
  draw_measuring_controls(view, draft, measuring, requests);
  switch (draft.costs.view) {
    case CostsView::memory:
      return run_sections(scope);
    case CostsView::flops:
    case CostsView::roofline:
      roof_controls(names.get(), scope);
      return run_sections(scope);
    case CostsView::calibration:
      return;
    case CostsView::transformer:
      return transformer_sections(names.get(), scope);
    case CostsView::napkin:
      return napkin_sections(names.get(), scope);
    case CostsView::data:
      return moving_data_sections(scope);
    case CostsView::walk:
      return walk_sections(scope);
  }
}

void draw_costs_main_control(const LabView& view, Experiment& draft, LabRequests& requests) {
  ControlScope scope{view, draft, requests};
  switch (draft.costs.view) {
    case CostsView::memory:
    case CostsView::flops:
    case CostsView::roofline:
      return number_control({.key = "batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
    case CostsView::transformer:
      return number_control({.key = "costs.batch", .logarithmic = true, .low = 1, .high = 4096},
                            scope);
    case CostsView::napkin:
      if (check_acts("costs.devices", draft))
        return number_control(
            {.key = "costs.devices", .logarithmic = true, .low = 1, .high = 131072}, scope);
      return number_control({.key = "costs.m", .logarithmic = true, .low = 1, .high = 131072},
                            scope);
    case CostsView::data:
      return number_control({.key = "costs.compute", .logarithmic = true, .low = 0.1, .high = 10},
                            scope);
    case CostsView::walk:
      return step_control(scope);
    case CostsView::calibration:
      return;
  }
}

}  // namespace nanscope
