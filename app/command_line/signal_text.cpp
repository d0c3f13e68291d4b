#include "app/command_line/signal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "app/command_line/histogram_text.h"
#include "app/command_line/reading_text.h"
#include "app/command_line/text_table.h"
#include "ui/labs/signal/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

// A network of more layers is abridged to its first and last, and those around the first value that
// is not finite.
constexpr int kMostLayers = 24;
constexpr int kFirstLayers = 8, kLastLayers = 4, kLayersAround = 2;

bool is_shown(const SignalSnapshot& snapshot, int layer, const SignalTextOptions& options) {
  const int count = static_cast<int>(snapshot.layers.size());
  if (options.all_layers || count <= kMostLayers) return true;
  const auto& first = snapshot.first_nonfinite;
  return layer < kFirstLayers || layer >= count - kLastLayers ||
         (first && std::abs(layer - first->layer) <= kLayersAround);
}

/// "0", "<0.1%", "12.5%", "100%".
std::string share_text(std::int64_t part, std::int64_t whole) {
  if (part == 0 || whole == 0) return "0";
  if (part == whole) return "100%";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.1) return "<0.1%";
  return fmt::format("{:.1f}%", std::min(percent, 99.9));
}

std::vector<std::string> row(const LayerSignal& layer) {
  const Statistics& activation = layer.of(SignalTensor::activation);
  std::vector<std::string> cells{layer.name, fmt::format("{}", fmt::join(layer.shape, "x"))};
  for (const SignalTensor tensor : {SignalTensor::preactivation, SignalTensor::activation,
                                    SignalTensor::activation_grad, SignalTensor::weight_grad})
    cells.push_back(number_text(layer.of(tensor).variance));
  for (const Band& band :
       {layer.predicted.activation_variance, layer.predicted.activation_grad_variance})
    cells.push_back(std::isnan(band.expected) ? "-" : number_text(band.expected));
  for (const std::int64_t part :
       {activation.zeros, activation.subnormals, activation.infs(), activation.nans})
    cells.push_back(share_text(part, activation.count));
  return cells;
}

std::string layer_table(const SignalSnapshot& snapshot, const SignalTextOptions& options) {
  const std::string measured =
      snapshot.emulated() ? "variance, measured (emulated format)" : "variance, measured";
  const std::string shares = "share of activations";
  TextTable table({{"", "layer", true},
                   {"", "shape", true},
                   {measured, "preact"},
                   {measured, "act"},
                   {measured, "act grad"},
                   {measured, "weight grad"},
                   {"predicted", "act"},
                   {"predicted", "act grad"},
                   {shares, "zero"},
                   {shares, "subn."},
                   {shares, "inf"},
                   {shares, "nan"}});
  int left_out = 0;
  for (int i = 0; i < static_cast<int>(snapshot.layers.size()); ++i) {
    if (!is_shown(snapshot, i, options)) {
      ++left_out;
      continue;
    }
    if (left_out > 0) table.add_line(fmt::format("... {} more, shown by --all", left_out));
    left_out = 0;
    table.add_row(row(snapshot.layers[static_cast<std::size_t>(i)]));
  }
  return table.to_text();
}

/// "plan 60 MiB, draws 50 MiB, input 256 KiB"
std::string memory_parts_text(const PassMemory& memory) {
  const auto part = [](const char* name, std::int64_t bytes) {
    return fmt::format("{} {}", name, bytes_text(static_cast<double>(bytes)));
  };
  std::string text = fmt::format("{}, {}, {}", part("plan", memory.plan),
                                 part("draws", memory.draws), part("input", memory.input));
  return memory.scratch == 0 ? text : text + ", " + part("scratch", memory.scratch);
}

/// Where and how it was measured.
std::string device_text(const SignalSnapshot& snapshot) {
  const PassCost& cost = snapshot.cost;
  const std::string threads =
      snapshot.device == "cpu"
          ? fmt::format(", {} thread{}", snapshot.threads, snapshot.threads == 1 ? "" : "s")
          : "";
  return fmt::format(
      "seed {}, {} {}, on {} ({}{})\n{} a pass, of which statistics {}; {} held: {}",
      snapshot.experiment.network.seed, name_of(snapshot.experiment.network.precision),
      snapshot.emulated() ? "emulated" : "native", snapshot.device, snapshot.device_name, threads,
      seconds_text(cost.seconds), seconds_text(cost.statistics_seconds),
      bytes_text(static_cast<double>(cost.memory.total())), memory_parts_text(cost.memory));
}

/// Smallest, median and largest; networks without a finite variance have overflowed and count as
/// infinite.
std::vector<std::string> spread(std::vector<double> values) {
  if (values.empty()) return {"-", "-", "-"};
  for (double& value : values)
    if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
  std::ranges::sort(values);
  return {number_text(values.front()), number_text(values[values.size() / 2]),
          number_text(values.back())};
}

std::string networks_table(const SignalSnapshot& snapshot, const SignalTextOptions& options) {
  const std::string forward = "activation variance", backward = "activation gradient variance";
  TextTable table({{"", "layer", true},
                   {forward, "smallest"},
                   {forward, "median"},
                   {forward, "largest"},
                   {backward, "smallest"},
                   {backward, "median"},
                   {backward, "largest"}});
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    if (!is_shown(snapshot, static_cast<int>(i), options)) continue;
    std::vector<std::string> cells{snapshot.layers[i].name};
    for (const auto& layers : {snapshot.seeds.activation, snapshot.seeds.activation_grad})
      std::ranges::move(spread(layers.at(i)), std::back_inserter(cells));
    table.add_row(std::move(cells));
  }
  return fmt::format("\n{} networks with seeds {} to {}, measured; above is the first of them\n{}",
                     snapshot.experiment.network.networks, snapshot.experiment.network.seed,
                     snapshot.experiment.network.seed +
                         static_cast<std::uint64_t>(snapshot.experiment.network.networks) - 1,
                     table.to_text());
}

}  // namespace

std::string signal_to_text(const SignalSnapshot& snapshot, const SignalTextOptions& options) {
  std::string text = fmt::format(
      "{}\n\n{}\n{}{}\n\n{}", sentence(snapshot), describe_pass(snapshot),
      snapshot.table ? reading_to_text(*snapshot.table, snapshot.experiment.data.batch) : "",
      device_text(snapshot), layer_table(snapshot, options));
  const bool probed = std::ranges::any_of(
      snapshot.layers, [](const LayerSignal& layer) { return !layer.histogram.positive.empty(); });
  if (probed)
    text += "\n" + histogram_to_text(snapshot,
                                     [&](int layer) { return is_shown(snapshot, layer, options); });
  if (snapshot.experiment.network.networks > 1) text += networks_table(snapshot, options);
  if (const auto& first = snapshot.first_nonfinite)
    text += fmt::format("\nFirst value that is not finite: {} pass, {}, {} = {}\n",
                        first->backward ? "backward" : "forward", first->layer_name,
                        name_of(first->tensor), first->value);
  return text;
}

}  // namespace nanscope
