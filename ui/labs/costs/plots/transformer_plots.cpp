#include "ui/labs/costs/plots/transformer_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ui/text/text.h"

namespace nanscope {
namespace {

void set_decimal_axis(StackedBars& bars, const char* axis) {
  double largest = bars.limit ? bars.limit->value : 0;
  for (const Bar& bar : bars.bars) largest = std::max(largest, bar.total());
  const auto [unit, name] = decimal_unit(largest);
  bars.unit = unit;
  bars.axis = format_text(axis, fmt::arg("unit", name));
  bars.words = decimal_bytes;
}

}  // namespace

std::string component_words(std::string_view name) {
  return text(fmt::format("costs.component.{}", name));
}

namespace {

/// What a device holds in training, and in generating.
std::array<std::vector<double>, 2> bytes_of_device(const TransformerCosts& costs) {
  const DeviceMemory& memory = costs.estimate.memory;
  const Parallelism& parallel = costs.request.parallel;
  const double weights = weight_bytes_of_device(costs.model.architecture,
                                                costs.estimate.inference_bytes, parallel.tensor) /
                         static_cast<double>(parallel.pipeline);
  return {{{memory.parameters, memory.gradients, memory.optimizer, memory.activations, 0},
           {weights, 0, 0, 0, costs.estimate.cache_per_device}}};
}

/// Of components by name, the largest of A first; those that only B has behind them.
void add_components(StackedBars& bars, const std::vector<std::pair<std::string, double>>& a,
                    const std::vector<std::pair<std::string, double>>& b) {
  const auto of = [](const auto& list, const std::string& name) {
    for (const auto& [key, value] : list)
      if (key == name) return value;
    return 0.0;
  };
  double total = 0;
  for (const auto& [name, value] : a) total += value;
  for (const auto& [name, value] : a)
    if (value > 0)
      bars.bars.push_back(
          {component_words(name), {value}, fmt::format("{:.1f} %", 100 * value / total)});
  std::ranges::stable_sort(bars.bars, std::ranges::greater(), &Bar::total);
  if (b.empty()) return;
  for (const auto& [name, value] : b)
    if (value > 0 && of(a, name) <= 0) bars.bars.push_back({component_words(name), {0}});
  for (const Bar& bar : bars.bars) {
    double before = 0;
    for (const auto& [name, value] : b)
      if (component_words(name) == bar.name) before = value;
    bars.before.push_back(before);
  }
}

std::vector<std::pair<std::string, double>> parameters_of(const TransformerCosts* costs) {
  std::vector<std::pair<std::string, double>> list;
  if (costs != nullptr)
    for (const auto& [component, count] : costs->estimate.parameters.by_component)
      list.emplace_back(name_of(component), static_cast<double>(count));
  return list;
}

std::vector<std::pair<std::string, double>> forward_of(const TransformerCosts* costs) {
  std::vector<std::pair<std::string, double>> list;
  if (costs != nullptr)
    for (const FlopsPart& part : costs->estimate.flops.parts)
      list.emplace_back(part.name, part.forward);
  return list;
}

}  // namespace

StackedBars device_memory_bars(const CostsPicture& picture) {
  const TransformerCosts& costs = *picture.transformer;
  StackedBars bars{.plot = "transformer_memory",
                   .title = text("plot.transformer_memory"),
                   .note = text("costs.predicted_by_formula"),
                   .axis = {},
                   .parts = {{text("costs.part.parameters"), 0},
                             {text("costs.part.gradients"), 1, true},
                             {text("costs.part.optimizer"), 2},
                             {text("costs.part.activations"), 3},
                             {text("costs.part.cache"), 4, true}},
                   .bars = {}};
  const char* const rows[] = {"costs.row.training", "costs.row.generating"};
  const auto here = bytes_of_device(costs);
  for (std::size_t i = 0; i < here.size(); ++i) {
    bars.bars.push_back({text(rows[i]), here[i]});
    if (!picture.other_transformer) continue;
    bars.bars.back().name = format_text("costs.row.with", fmt::arg("what", text(rows[i])),
                                        fmt::arg("name", picture.run_words));
    bars.bars.push_back({format_text("costs.row.with", fmt::arg("what", text(rows[i])),
                                     fmt::arg("name", picture.other_words)),
                         bytes_of_device(*picture.other_transformer)[i]});
  }
  const auto& device = costs.request.device;
  if (device && device->bytes > 0)
    bars.limit =
        BarLimit{device->bytes, format_text("costs.limit", fmt::arg("device", device->title),
                                            fmt::arg("bytes", decimal_bytes(device->bytes)))};
  set_decimal_axis(bars, "costs.axis.memory");
  return bars;
}

StackedBars parameter_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "transformer_parameters",
                   .title = text("plot.transformer_parameters"),
                   .note = text("costs.predicted_by_formula"),
                   .axis = text("costs.axis.parameters"),
                   .unit = 1e9,
                   .words = engineering,
                   .parts = {{text("costs.part.parameters"), 0}},
                   .bars = {}};
  add_components(bars, parameters_of(picture.transformer.get()),
                 parameters_of(picture.other_transformer.get()));
  bars.before_words = picture.other_words;
  return bars;
}

StackedBars component_flops_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "transformer_flops",
                   .title = text("plot.transformer_flops"),
                   .note = text("costs.predicted_by_formula"),
                   .axis = text("costs.axis.tflops"),
                   .unit = 1e12,
                   .words = flops_words,
                   .parts = {{text("costs.part.forward"), 2}},
                   .bars = {}};
  add_components(bars, forward_of(picture.transformer.get()),
                 forward_of(picture.other_transformer.get()));
  bars.before_words = picture.other_words;
  return bars;
}

}  // namespace nanscope
