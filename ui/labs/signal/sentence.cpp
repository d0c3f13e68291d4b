#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/probes/summary.h"
#include "engine/theory/weights.h"
#include "ui/labs/signal/words.h"
#include "ui/text/text.h"

// The sentence is put together from at most three clauses: how the variance moves, what goes wrong
// first, and what else a teacher would point at.
namespace nanscope {
namespace {

using Trend = SignalSummary::Trend;

/// A growth factor in as few digits as it needs: "256", "2.1", "0.98".
std::string factor_text(double factor) {
  if (!std::isfinite(factor)) return number_text(factor);
  if (factor >= 9.95) return number_text(std::round(factor));
  const std::string tenths = fmt::format("{:.1f}", factor);
  // Close to 1 a second digit keeps the factor from reading "1.0".
  return factor < 1.95 ? fmt::format("{:.2f}", factor) : tenths;
}

std::string percent_text(double share) {
  const double percent = share * 100;
  if (percent >= 9.95) return fmt::format("{:.0f}", percent);
  if (percent < 0.1) return number_text(percent);
  const std::string tenths = fmt::format("{:.1f}", percent);
  return tenths.ends_with(".0") ? tenths.substr(0, tenths.size() - 2) : tenths;
}

struct Range {
  double low = 0;
  double high = 0;
  int layers = 0;
};

/// Smallest and largest activation variance of the layers in which it is finite and positive.
Range variance_range(const SignalSnapshot& snapshot) {
  Range range{INFINITY, 0, 0};
  for (const LayerSignal& layer : snapshot.layers) {
    const double variance = layer.of(SignalTensor::activation).variance;
    if (!(variance > 0) || !std::isfinite(variance)) continue;
    range = {std::min(range.low, variance), std::max(range.high, variance), range.layers + 1};
  }
  return range;
}

double input_variance(const SignalSnapshot& snapshot) {
  return snapshot.input.second_moment - snapshot.input.mean * snapshot.input.mean;
}

std::string steady_clause(const SignalSnapshot& snapshot) {
  const Range range = variance_range(snapshot);
  if (range.layers == 0) return text("sentence.nothing_finite");
  const auto layers = fmt::arg("layers", range.layers);  // refers to range, does not copy
  // Half the ratio of the extremes: "within 2 %" is +-2 % around their middle.
  const double spread = (range.high - range.low) / (range.high + range.low);
  if (spread < 0.5)
    return format_text("sentence.steady_percent",
                       fmt::arg("percent", percent_text(std::max(spread, 1e-3))), layers);
  return format_text("sentence.steady_factor",
                     fmt::arg("factor", factor_text(range.high / range.low)), layers);
}

std::string one_layer_clause(const SignalSnapshot& snapshot) {
  return format_text(
      "sentence.one_layer", fmt::arg("before", number_text(input_variance(snapshot))),
      fmt::arg("after", number_text(snapshot.layers[0].of(SignalTensor::activation).variance)));
}

/// Growth below 10 % a layer is told by its total: a residual stream grows by a sum, not a factor.
std::optional<std::string> slow_growth_clause(const SignalSnapshot& snapshot, double factor) {
  constexpr double kSlow = 1.1;
  const double first = snapshot.layers.front().of(SignalTensor::activation).variance;
  const double last = snapshot.layers.back().of(SignalTensor::activation).variance;
  if (factor >= kSlow || !(first > 0) || !std::isfinite(last)) return std::nullopt;
  const std::size_t layers = snapshot.layers.size();
  return format_text("sentence.grows_slowly", fmt::arg("factor", factor_text(last / first)),
                     fmt::arg("layers", layers));
}

std::string forward_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const double factor = summary.forward_factor;
  const bool any_finite = std::ranges::any_of(snapshot.layers, [](const LayerSignal& layer) {
    return std::isfinite(layer.of(SignalTensor::activation).variance);
  });
  if (!any_finite) return text("sentence.nothing_finite");
  if (snapshot.layers.size() == 1) return one_layer_clause(snapshot);
  switch (summary.forward) {
    case Trend::grows:
      if (std::abs(factor - 2) < 0.04) return text("sentence.doubles");
      if (const auto slow = slow_growth_clause(snapshot, factor)) return *slow;
      return format_text("sentence.grows", fmt::arg("factor", factor_text(factor)));
    case Trend::shrinks:
      if (std::abs(factor - 0.5) < 0.01) return text("sentence.halves");
      return format_text("sentence.shrinks", fmt::arg("factor", factor_text(1 / factor)));
    case Trend::steady:
      break;
  }
  return steady_clause(snapshot);
}

/// The first thing that breaks, or nothing.
std::string failure_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  if (summary.overflow) {
    const FirstNonfinite& first = *summary.overflow;
    const auto layer = fmt::arg("layer", first.layer_name);
    const std::string format = format_of(snapshot, first.tensor);
    if (first.value == "nan") return format_text("sentence.nan", layer);
    return format_text(first.backward ? "sentence.backward_overflow" : "sentence.overflow", layer,
                       fmt::arg("format", format));
  }
  if (!summary.dead_layer) return "";
  return format_text("sentence.dead", fmt::arg("format", snapshot.activation_format),
                     fmt::arg("layer", snapshot.layers[*summary.dead_layer].name));
}

/// How much of the input's variance is left at the end of a shrinking net that survives.
std::string left_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const double before = input_variance(snapshot);
  const double after = snapshot.layers.back().of(SignalTensor::activation).variance;
  if (summary.forward != Trend::shrinks || !(before > 0) || !(after > 0) || !std::isfinite(after) ||
      snapshot.layers.size() < 2)
    return "";
  const double left = after / before;
  return format_text(
      "sentence.left",
      fmt::arg("share", left < 1e-3 ? fmt::format("{:.0e}", left) : number_text(left)),
      fmt::arg("layers", snapshot.layers.size()));
}

/// The first layer of the backward pass whose activation gradients are all zero.
std::optional<int> dead_gradient(const SignalSnapshot& snapshot) {
  for (int i = static_cast<int>(snapshot.layers.size()) - 1; i >= 0; --i) {
    const Statistics& gradient = snapshot.layers[i].of(SignalTensor::activation_grad);
    if (gradient.count > 0 && gradient.zeros == gradient.count) return i;
  }
  return std::nullopt;
}

/// The gradients, where they are finite and do not do what the signal does.
std::string gradient_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  if (const auto dead = dead_gradient(snapshot))
    return format_text("sentence.gradients_dead", fmt::arg("layer", snapshot.layers[*dead].name));
  const auto alive = std::ranges::count_if(snapshot.layers, [](const LayerSignal& layer) {
    const double variance = layer.of(SignalTensor::activation_grad).variance;
    return variance > 0 && std::isfinite(variance);
  });
  if (alive < 2 || summary.backward == summary.forward) return "";
  const double factor = summary.backward_factor;
  switch (summary.backward) {
    case Trend::grows:
      return format_text("sentence.gradients_grow", fmt::arg("factor", factor_text(factor)));
    case Trend::shrinks:
      return format_text("sentence.gradients_shrink", fmt::arg("factor", factor_text(1 / factor)));
    case Trend::steady:
      break;
  }
  return text("sentence.gradients_steady");
}

/// Whether the cut of a truncated initialization takes anything away from the widest matrices.
std::string cut_clause(const SignalSnapshot& snapshot) {
  const Experiment& experiment = snapshot.experiment;
  if (experiment.network.init.scheme != InitScheme::truncated) return "";
  const double deviations =
      cut_in_deviations(experiment.network.init, experiment.network.model.width);
  const double beyond = share_beyond(deviations);
  const double weights =
      experiment.network.model.depth * std::pow(experiment.network.model.width, 2);
  const std::string where = number_text(deviations);
  // Fewer than one weight in a hundred such nets.
  if (beyond * weights < 0.01)
    return format_text("sentence.cuts_nothing", fmt::arg("deviations", where));
  return format_text("sentence.cuts", fmt::arg("deviations", where),
                     fmt::arg("percent", percent_text(beyond)));
}

/// Flat ends of the activation, or the clipping of a format without infinity.
std::string saturation_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  constexpr double kWorthSaying = 0.05;
  if (!summary.saturated || *summary.saturated < kWorthSaying) return "";
  const Activation activation = effective_activation(snapshot.experiment.network.model);
  const bool bounded = activation == Activation::tanh || activation == Activation::sigmoid;
  return format_text(bounded ? "sentence.saturated" : "sentence.clipped",
                     fmt::arg("percent", percent_text(*summary.saturated)),
                     fmt::arg("format", snapshot.activation_format));
}

std::string subnormal_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  constexpr double kWorthSaying = 0.05;
  if (summary.subnormal_share < kWorthSaying) return "";
  return format_text("sentence.subnormal",
                     fmt::arg("percent", percent_text(summary.subnormal_share)),
                     fmt::arg("format", snapshot.activation_format));
}

}  // namespace

std::string sentence(const SignalSnapshot& snapshot) {
  if (snapshot.layers.empty()) return text("sentence.empty");
  const SignalSummary summary = summarize(snapshot);
  std::string result = forward_clause(snapshot, summary);
  int clauses = 1;
  for (const std::string& clause :
       {failure_clause(snapshot, summary), cut_clause(snapshot),
        saturation_clause(snapshot, summary), gradient_clause(snapshot, summary),
        left_clause(snapshot, summary), subnormal_clause(snapshot, summary)}) {
    if (clause.empty() || clauses == 3) continue;
    result += "; " + clause;
    ++clauses;
  }
  return result + ".";
}

}  // namespace nanscope
