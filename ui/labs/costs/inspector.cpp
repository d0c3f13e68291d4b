#include "ui/labs/costs/inspector.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "ui/labs/costs/measured_inspector.h"
#include "ui/labs/costs/moving_data.h"
#include "ui/labs/costs/plots/napkin_plot.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/labs/costs/plots/transformer_plots.h"
#include "ui/labs/costs/plots/walk_plot.h"
#include "ui/labs/costs/words.h"
#include "ui/labs/lab_header.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"

namespace nanscope {
namespace {

/// Bytes to read, and as a whole number to copy.
NumberCell bytes_cell(double bytes, std::string (*words)(double) = bytes_text) {
  NumberCell cell(words(bytes));
  cell.exact = fmt::format("{:.0f}", bytes);
  return cell;
}

NumberCell count_cell(double count) {
  NumberCell cell(count < 1e12 ? grouped(count) : engineering(count));
  cell.exact = fmt::format("{:.0f}", count);
  return cell;
}

void paragraph(const std::string& words, const LabView& view) {
  wrapped_text(words, view.style.fonts.regular, 0.875f, view.style.palette.muted);
}

/// What makes the peak, the largest first.
void alive_table(const StepTimeline& timeline, const LabView& view, LabRequests& requests) {
  constexpr std::size_t kMost = 6;
  const Style& style = view.style;
  heading(text("costs.alive_at_peak"), style);
  NumberTable table("alive", {"", text("costs.predicted")}, style, requests.copy);
  for (std::size_t i = 0; i < timeline.alive_at_peak.size() && i < kMost; ++i)
    table.row({timeline.alive_at_peak[i].name, bytes_cell(double(timeline.alive_at_peak[i].bytes))},
              style.palette.text);
}

void memory_inspector(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  const auto rows = [](const PlanMemory& memory) {
    std::vector<std::pair<std::string, std::int64_t>> all;
    for (const auto& [key, bytes] : kPlanMemoryParts)
      all.emplace_back(text(fmt::format("costs.part.{}", key)), memory.*bytes);
    all.emplace_back(text("costs.total"), memory.total());
    return all;
  };
  const auto here = rows(picture.run->costs.memory);
  heading(text("costs.bytes"), style);
  if (picture.other) {
    const auto other = rows(picture.other->costs.memory);
    NumberTable table("bytes", {"", text("costs.a"), text("costs.b")}, style, requests.copy);
    for (std::size_t i = 0; i < here.size(); ++i)
      if (here[i].second > 0 || other[i].second > 0)
        table.row({here[i].first, bytes_cell(double(here[i].second)),
                   bytes_cell(double(other[i].second))},
                  style.palette.text);
  } else {
    NumberTable table("bytes", {"", text("costs.predicted")}, style, requests.copy);
    for (const auto& [name, bytes] : here)
      if (bytes > 0) table.row({name, bytes_cell(double(bytes))}, style.palette.text);
  }
  alive_table(picture.run->timeline, view, requests);
  heading(text("costs.rule"), style);
  const PlanRules& rules = picture.run->costs.rules;
  {
    NumberTable table("rule", {"", text("costs.numbers")}, style, requests.copy);
    table.row({text("costs.part.parameters"), count_cell(double(rules.parameters))},
              style.palette.text);
    table.row({text("costs.part.gradients"), count_cell(double(rules.parameters))},
              style.palette.text);
    table.row({text("costs.part.optimizer"), count_cell(double(rules.state))}, style.palette.text);
    table.row({text("costs.part.activations"), count_cell(double(rules.activations))},
              style.palette.text);
    table.row({text("costs.total"), bytes_cell(double(rules.bytes))}, style.palette.text);
  }
  paragraph(text("costs.rule_about"), view);
}

void flops_inspector(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  const PlanCosts& costs = picture.run->costs;
  heading(text("costs.of_step"), style);
  {
    NumberTable table("flops", {"", "FLOPs"}, style, requests.copy);
    table.row({text("costs.part.forward"), count_cell(costs.forward)}, style.palette.text);
    table.row({text("costs.part.backward"), count_cell(costs.backward)}, style.palette.text);
    if (costs.recomputed > 0)
      table.row({text("costs.part.recomputed"), count_cell(costs.recomputed)}, style.palette.text);
    table.row({text("costs.total"), count_cell(costs.hardware())}, style.palette.text);
    table.row({text("costs.row.rule"), count_cell(costs.rules.flops)}, style.palette.text);
    table.row({text("costs.part.spared"), count_cell(costs.spared)}, style.palette.text);
  }
  paragraph(text("costs.flops_about"), view);
  heading(text("costs.products"), style);
  for (const char* equation : {"z = x W^T", "dx = dz W", "dW = dz^T x"})
    copyable_formula(equation, style, style.palette.text, requests.copy);
}

void fit_table(const DeviceEstimate& device, const CostEstimate& one, const LabView& view,
               LabRequests& requests) {
  const Style& style = view.style;
  const auto limit = [](const std::optional<std::int64_t>& value) {
    if (value && *value == 0) return NumberCell(text("costs.none_fits"));
    return value ? count_cell(double(*value)) : NumberCell(text("costs.any"));
  };
  heading(text("costs.fits"), style);
  NumberTable table("fits", {"", ""}, style, requests.copy);
  table.row({text("costs.largest_batch"), limit(device.largest_batch)}, style.palette.text);
  table.row({text("costs.largest_length"), limit(device.largest_length)}, style.palette.text);
  table.row({text("costs.generating_batch"), limit(device.inference_batch)}, style.palette.text);
  table.row({text("costs.generating_length"), limit(device.inference_length)}, style.palette.text);
  table.row({text("costs.step_at_peak"), seconds_text(device.step_seconds)}, style.palette.text);
  table.row({text("costs.token_time"), seconds_text(device.decode.seconds())}, style.palette.text);
  table.row({text("costs.cache_of_token"), bytes_cell(one.cache_per_token, decimal_bytes)},
            style.palette.text);
}

/// What training holds on a device, and beside it what B's does.
void device_table(const DeviceMemory& here, const DeviceMemory* other, const LabView& view,
                  LabRequests& requests) {
  const auto rows = [](const DeviceMemory& memory) {
    return std::to_array<std::pair<const char*, double>>(
        {{"costs.part.parameters", memory.parameters},
         {"costs.part.gradients", memory.gradients},
         {"costs.part.optimizer", memory.optimizer},
         {"costs.part.activations", memory.activations},
         {"costs.total", memory.total()}});
  };
  const Style& style = view.style;
  const auto a = rows(here);
  if (other == nullptr) {
    NumberTable table("device", {"", text("costs.predicted")}, style, requests.copy);
    for (const auto& [key, bytes] : a)
      table.row({text(key), bytes_cell(bytes, decimal_bytes)}, style.palette.text);
    return;
  }
  const auto b = rows(*other);
  NumberTable table("device", {"", text("costs.a"), text("costs.b")}, style, requests.copy);
  for (std::size_t i = 0; i < a.size(); ++i)
    table.row({text(a[i].first), bytes_cell(a[i].second, decimal_bytes),
               bytes_cell(b[i].second, decimal_bytes)},
              style.palette.text);
}

void transformer_inspector(const CostsPicture& picture, const LabView& view,
                           LabRequests& requests) {
  const Style& style = view.style;
  const TransformerCosts& costs = *picture.transformer;
  const CostEstimate& one = costs.estimate;
  heading(costs.model.title.c_str(), style);
  {
    NumberTable table("size", {"", ""}, style, requests.copy);
    table.row({text("costs.part.parameters"), count_cell(double(one.parameters.total))},
              style.palette.text);
    if (one.parameters.active != one.parameters.total)
      table.row({text("costs.active"), count_cell(double(one.parameters.active))},
                style.palette.text);
    table.row({text("costs.part.forward"), flops_words(one.flops.forward)}, style.palette.text);
    table.row({text("costs.step_flops"), flops_words(one.flops.step())}, style.palette.text);
    table.row({text("costs.six_n"), flops_words(one.rule_with_embeddings)}, style.palette.text);
    if (one.utilisation) {
      table.row({"MFU", one.utilisation->mfu}, style.palette.text);
      table.row({"HFU", one.utilisation->hfu}, style.palette.text);
    }
  }
  heading(text("costs.on_device"), style);
  device_table(one.memory,
               picture.other_transformer ? &picture.other_transformer->estimate.memory : nullptr,
               view, requests);
  if (one.on_device) fit_table(*one.on_device, one, view, requests);
  heading(text("costs.conventions"), style);
  for (const CostSwitch& each : one.switches)
    paragraph(each.source.empty()
                  ? fmt::format("{} {}", lab_words(each.option), each.value)
                  : fmt::format("{} {}: {}", lab_words(each.option), each.value, each.source),
              view);
  for (const auto* notes : {&costs.model.notes, &one.notes})
    for (const std::string& note : *notes)
      wrapped_text(lab_words(note), style.fonts.regular, 0.875f, style.palette.text);
  if (!costs.model.source.empty())
    paragraph(format_text("costs.source", fmt::arg("source", costs.model.source)), view);
}

void napkin_inspector(const NapkinCosts& costs, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  heading(text("costs.take_along"), style);
  if (ImGui::Button(text("costs.copy_text"))) requests.copy = napkin_text(costs);
  ImGui::SameLine();
  if (ImGui::Button(text("costs.copy_python"))) requests.copy = costs.python;
  heading(text("costs.python"), style);
  wrapped_text(costs.python, style.fonts.mono, 0.8125f, style.palette.text);
  for (const NapkinConvention& one : costs.conventions)
    paragraph(format_text("costs.convention_line", fmt::arg("key", one.key),
                          fmt::arg("value", one.value), fmt::arg("source", one.source)),
              view);
}

void walk_inspector(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  const WalkStep& step = picture.walk[picture.step()];
  heading(way_words(step).c_str(), style);
  equation_lines(step.equation, style, requests.copy);
  if (!step.arithmetic.empty()) {
    heading(text("costs.numbers"), style);
    wrapped_text(step.arithmetic, style.fonts.mono, 0.875f, style.palette.text);
  }
  heading(text("costs.tensors"), style);
  {
    NumberTable table("tensors", {"", text("costs.shape")}, style, requests.copy);
    for (const WalkTensor& tensor : step.reads)
      table.row({tensor.name + (tensor.transposed ? "^T" : ""), shape_words(tensor)},
                style.palette.text);
    table.row(
        {format_text("costs.writes", fmt::arg("name", step.writes.name)), shape_words(step.writes)},
        style.palette.text);
  }
  paragraph(text(step.spared ? "costs.walk.spared" : "costs.walk.about"), view);
}

}  // namespace

void draw_costs_inspector(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  if (!picture.complete()) return draw_no_inspection(view);
  switch (picture.settings.view) {
    case CostsView::memory:
      draw_measured_memory(picture, view, requests);
      if (view.brief && picture.layer) return;
      return memory_inspector(picture, view, requests);
    case CostsView::flops:
      draw_measured_flops(picture, view, requests);
      return flops_inspector(picture, view, requests);
    case CostsView::roofline:
      return draw_roofline_inspector(picture, view, requests);
    case CostsView::calibration:
      return draw_calibration_inspector(picture, view, requests);
    case CostsView::transformer:
      return transformer_inspector(picture, view, requests);
    case CostsView::napkin:
      return napkin_inspector(*picture.napkin, view, requests);
    case CostsView::data:
      return moving_data_inspector(*picture.data, view, requests);
    case CostsView::walk:
      return walk_inspector(picture, view, requests);
  }
}

}  // namespace nanscope
