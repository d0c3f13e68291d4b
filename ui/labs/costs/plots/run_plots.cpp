#include "ui/labs/costs/plots/run_plots.h"

#include <fmt/format.h>

#include <algorithm>

#include "ui/labs/costs/memory_parts.h"
#include "ui/labs/costs/plots/measured_bars.h"
#include "ui/labs/costs/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::vector<BarPart> memory_parts() {
  std::vector<BarPart> parts;
  for (const MemoryPart& one : memory_parts_of({}))
    parts.push_back({text(one.key), parts.size(), one.hatched});
  return parts;
}

}  // namespace

std::vector<double> memory_values(const PlanMemory& memory) {
  std::vector<double> values;
  for (const MemoryPart& one : memory_parts_of(memory)) values.push_back(one.bytes);
  return values;
}

/// Of each layer, and of what several share.
std::vector<double> layer_totals(const PlanCosts& costs) {
  std::vector<double> totals;
  for (const PlanLayerCosts& one : costs.layers)
    totals.push_back(static_cast<double>(one.memory.total()));
  totals.push_back(static_cast<double>(costs.shared.total()));
  return totals;
}

namespace {

/// How the bytes came about, and whose numbers take more of them than their format says.
std::string memory_note(const CostsPicture& picture) {
  const std::string precisions = emulated_precisions(picture);
  return precisions.empty()
             ? std::string(text("costs.predicted_by_plan"))
             : format_text("costs.predicted_emulated", fmt::arg("precision", precisions));
}

void set_byte_axis(StackedBars& bars) {
  double largest = 0;
  for (const Bar& bar : bars.bars) largest = std::max(largest, bar.total());
  for (const auto* line : {&bars.before, &bars.measured})
    for (const double total : *line) largest = std::max(largest, total);
  if (bars.limit) largest = std::max(largest, bars.limit->value);
  const auto [unit, name] = binary_unit(largest);
  bars.unit = unit;
  bars.axis = format_text("costs.axis.memory", fmt::arg("unit", name));
  bars.words = bytes_text;
}

std::vector<BarPart> flops_parts() {
  return {{text("costs.part.forward"), 0},      {text("costs.part.by_input"), 1},
          {text("costs.part.by_weight"), 2},    {text("costs.part.recomputed"), 3, true},
          {text("costs.part.spared"), 5, true}, {text("costs.part.vectors"), 4, true}};
}

/// What a step computes.
std::vector<double> flops_values(const RunCosts& run) {
  std::vector<double> sums(6);
  for (const LayerFlops& layer : run.flops) {
    sums[0] += layer.forward;
    sums[1] += layer.by_input;
    sums[2] += layer.by_weight;
    sums[3] += layer.recomputed;
  }
  return sums;
}

/// The same as 6 a row and parameter counts it: the gradient of the input, too, and products with
/// vectors (biases, norms), of which there are none.
std::vector<double> rule_values(const RunCosts& run) {
  std::vector<double> values = flops_values(run);
  values[3] = 0;
  values[4] = run.costs.spared;
  const double counted = values[0] + values[1] + values[2] + values[4];
  values[5] = std::max(run.costs.rules.flops - counted, 0.0);
  return values;
}

std::string row_name(const char* key, const std::string& words) {
  return words.empty() ? std::string(text(key)) : words;
}

void set_flops_axis(StackedBars& bars) {
  double largest = 0;
  for (const Bar& bar : bars.bars) largest = std::max(largest, bar.total());
  for (const double before : bars.before) largest = std::max(largest, before);
  double unit = 1;
  const char* name = "costs.axis.flops";
  for (const char* next : {"costs.axis.flops", "costs.axis.kflops", "costs.axis.mflops",
                           "costs.axis.gflops", "costs.axis.tflops", "costs.axis.pflops"}) {
    name = next;
    if (largest < unit * 1000) break;
    if (std::string_view(next) != "costs.axis.pflops") unit *= 1000;
  }
  bars.unit = unit;
  bars.axis = text(name);
  bars.words = flops_words;
}

}  // namespace

std::string moment_words(const TimelineRow& row) {
  const std::string part = text(fmt::format("costs.moment.{}", name_of(row.part)));
  return row.layer.empty() ? part : fmt::format("{}, {}", part, row.layer);
}

namespace {

/// Of layers that both have.
template <class Layers, class Total>
std::vector<double> totals_of(const Layers& layers, Total total) {
  std::vector<double> totals;
  for (const auto& layer : layers) totals.push_back(total(layer));
  return totals;
}

}  // namespace

int first_layer_of(const RunCosts& run) {
  return !run.plan.layers.empty() && run.plan.layers.front().name == "input" ? 0 : 1;
}

StackedBars memory_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "memory",
                   .title = text("plot.memory"),
                   .note = memory_note(picture),
                   .axis = {},
                   .parts = memory_parts(),
                   .bars = {}};
  bars.bars.push_back(
      {row_name("costs.row.step", picture.run_words), memory_values(picture.run->costs.memory)});
  if (picture.other)
    bars.bars.push_back({picture.other_words, memory_values(picture.other->costs.memory)});
  add_measured_memory(picture, bars);
  set_byte_axis(bars);
  return bars;
}

StackedBars memory_layer_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "memory_layers",
                   .title = text("plot.memory_layers"),
                   .note = memory_note(picture),
                   .axis = {},
                   .parts = memory_parts(),
                   .bars = {}};
  for (const PlanLayerCosts& one : picture.run->costs.layers)
    bars.bars.push_back({one.name, memory_values(one.memory)});
  bars.bars.push_back({text("costs.shared"), memory_values(picture.run->costs.shared)});
  if (picture.other) {
    bars.before = layer_totals(picture.other->costs);
    bars.before_words = picture.other_words;
  }
  bars.chosen = picture.layer;
  add_measured_layers(picture, bars);
  set_byte_axis(bars);
  return bars;
}

StackedBars memory_timeline_bars(const CostsPicture& picture) {
  const StepTimeline& timeline = picture.run->timeline;
  StackedBars bars{
      .plot = "memory_timeline",
      .title = text("plot.memory_timeline"),
      .note = text("costs.predicted_by_lifetime"),
      .axis = {},
      .parts = memory_parts(),
      .bars = {},
      .limit =
          BarLimit{static_cast<double>(timeline.held),
                   format_text("costs.held",
                               fmt::arg("bytes", bytes_text(static_cast<double>(timeline.held))))},
      .across = text("costs.axis.moment")};
  for (const TimelineRow& row : timeline.rows)
    bars.bars.push_back(
        {moment_words(row), memory_values(row.alive), row.equation, lifetime_lines(row)});
  if (!timeline.rows.empty()) {
    const auto peak = static_cast<std::size_t>(timeline.peak);
    bars.peak = peak;
    bars.peak_words = format_text(
        "costs.peak", fmt::arg("bytes", bytes_text(static_cast<double>(timeline.peak_bytes()))),
        fmt::arg("moment", moment_words(timeline.rows[peak])));
    bars.bars[peak].more.push_back(alive_line(timeline));
  }
  if (picture.other) {
    bars.before = totals_of(picture.other->timeline.rows, [](const TimelineRow& row) {
      return static_cast<double>(row.alive.total());
    });
    bars.before_words = picture.other_words;
    point_out_other_peak(picture, bars);
  }
  add_measured_moments(picture, bars);
  set_byte_axis(bars);
  return bars;
}

StackedBars flops_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "flops",
                   .title = text("plot.flops"),
                   .note = text("costs.predicted_by_plan"),
                   .axis = {},
                   .parts = flops_parts(),
                   .bars = {}};
  bars.bars.push_back({row_name("costs.row.step", picture.run_words), flops_values(*picture.run)});
  bars.bars.push_back({text("costs.row.rule"), rule_values(*picture.run)});
  if (picture.other) bars.bars.push_back({picture.other_words, flops_values(*picture.other)});
  set_flops_axis(bars);
  return bars;
}

StackedBars flops_layer_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "flops_layers",
                   .title = text("plot.flops_layers"),
                   .note = text("costs.predicted_by_plan"),
                   .axis = {},
                   .parts = flops_parts(),
                   .bars = {}};
  for (const LayerFlops& layer : picture.run->flops)
    bars.bars.push_back(
        {layer.name, {layer.forward, layer.by_input, layer.by_weight, layer.recomputed, 0, 0}});
  if (picture.other) {
    bars.before =
        totals_of(picture.other->flops, [](const LayerFlops& layer) { return layer.total(); });
    bars.before_words = picture.other_words;
  }
  bars.chosen = picture.layer;
  set_flops_axis(bars);
  return bars;
}

}  // namespace nanscope
