#include "ui/labs/costs/plots/transformer_plots.h"

#include <fmt/format.h>

#include <algorithm>

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

StackedBars device_memory_bars(const TransformerCosts& costs) {
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
  const DeviceMemory& memory = costs.estimate.memory;
  bars.bars.push_back(
      {text("costs.row.training"),
       {memory.parameters, memory.gradients, memory.optimizer, memory.activations, 0}});
  const Parallelism& parallel = costs.request.parallel;
  const double weights = weight_bytes_of_device(costs.model.architecture,
                                                costs.estimate.inference_bytes, parallel.tensor) /
                         static_cast<double>(parallel.pipeline);
  bars.bars.push_back(
      {text("costs.row.generating"), {weights, 0, 0, 0, costs.estimate.cache_per_device}});
  const auto& device = costs.request.device;
  if (device && device->bytes > 0)
    bars.limit =
        BarLimit{device->bytes, format_text("costs.limit", fmt::arg("device", device->title),
                                            fmt::arg("bytes", decimal_bytes(device->bytes)))};
  set_decimal_axis(bars, "costs.axis.memory");
  return bars;
}

StackedBars parameter_bars(const TransformerCosts& costs) {
  StackedBars bars{.plot = "transformer_parameters",
                   .title = text("plot.transformer_parameters"),
                   .note = {},
                   .axis = text("costs.axis.parameters"),
                   .unit = 1e9,
                   .words = engineering,
                   .parts = {{text("costs.part.parameters"), 0}},
                   .bars = {}};
  const auto total = static_cast<double>(costs.estimate.parameters.total);
  for (const auto& [component, count] : costs.estimate.parameters.by_component)
    if (count > 0)
      bars.bars.push_back({component_words(name_of(component)),
                           {static_cast<double>(count)},
                           fmt::format("{:.1f} %", 100 * static_cast<double>(count) / total)});
  std::ranges::stable_sort(bars.bars, std::ranges::greater(), &Bar::total);
  return bars;
}

StackedBars component_flops_bars(const TransformerCosts& costs) {
  StackedBars bars{.plot = "transformer_flops",
                   .title = text("plot.transformer_flops"),
                   .note = {},
                   .axis = text("costs.axis.tflops"),
                   .unit = 1e12,
                   .words = flops_words,
                   .parts = {{text("costs.part.forward"), 2}},
                   .bars = {}};
  for (const FlopsPart& part : costs.estimate.flops.parts)
    if (part.forward > 0)
      bars.bars.push_back(
          {component_words(part.name),
           {part.forward},
           fmt::format("{:.1f} %", 100 * part.forward / costs.estimate.flops.forward)});
  std::ranges::stable_sort(bars.bars, std::ranges::greater(), &Bar::total);
  return bars;
}

}  // namespace nanscope
