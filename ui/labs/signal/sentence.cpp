#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

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
  if (share < 1 && percent >= 99.5) return "more than 99";
  if (percent >= 9.95) return fmt::format("{:.0f}", percent);
  if (percent < 1) return number_text(percent);
  const std::string tenths = fmt::format("{:.1f}", percent);
  return tenths.ends_with(".0") ? tenths.substr(0, tenths.size() - 2) : tenths;
}

double input_variance(const SignalSnapshot& snapshot) {
  return snapshot.input.second_moment - snapshot.input.mean * snapshot.input.mean;
}

double variance_of(const LayerSignal& layer) { return layer.of(SignalTensor::activation).variance; }

/// "over 50 layers", "over the first 12 layers".
std::string layers_text(const SignalSnapshot& snapshot, int layers) {
  const bool all = layers == static_cast<int>(snapshot.layers.size());
  return count_text(all ? "sentence.over" : "sentence.over_first", layers);
}

/// Variances of some layers, in the order of the pass.
struct Level {
  double first = 0, last = 0, lowest = 0, highest = 0;
  int layers = 0;
};

/// Between which values, in three digits. What is read of one layer, or is far apart, stays
/// nowhere.
std::string between_clause(const Level& level, const std::string& layers) {
  constexpr double kFarApart = 100, kVanished = 1e-6;
  const double low = level.lowest, high = level.highest;
  const std::string lowest = number_text(low), highest = number_text(high);
  if (level.layers == 1)
    return format_text("sentence.is", fmt::arg("value", lowest), fmt::arg("layers", layers));
  if (high > kFarApart * low) {
    const bool vanishes = low < kVanished && level.first == high && level.last == low;
    return format_text(vanishes ? "sentence.vanishes" : "sentence.lies_between",
                       fmt::arg("low", lowest), fmt::arg("high", highest),
                       fmt::arg("layers", layers));
  }
  if (lowest == highest)
    return format_text("sentence.stays_at", fmt::arg("value", lowest), fmt::arg("layers", layers));
  return format_text("sentence.stays_between", fmt::arg("low", lowest), fmt::arg("high", highest),
                     fmt::arg("layers", layers));
}

/// Where no layer can be read a trend from: whatever is finite.
std::string finite_clause(const SignalSnapshot& snapshot) {
  std::vector<double> finite;
  for (const LayerSignal& layer : snapshot.layers)
    if (std::isfinite(variance_of(layer))) finite.push_back(variance_of(layer));
  if (finite.empty()) return text("sentence.nothing_finite");
  const auto [low, high] = std::ranges::minmax(finite);
  const Level level{finite.front(), finite.back(), low, high, static_cast<int>(finite.size())};
  const bool all = finite.size() == snapshot.layers.size();
  return between_clause(level, all ? layers_text(snapshot, level.layers)
                                   : count_text("sentence.over_finite", level.layers));
}

std::string one_layer_clause(const SignalSnapshot& snapshot) {
  return format_text("sentence.one_layer",
                     fmt::arg("before", number_text(input_variance(snapshot))),
                     fmt::arg("after", number_text(variance_of(snapshot.layers[0]))));
}

/// Whether every layer multiplies the variance by about the same factor, and not just all of them
/// together.
bool every_layer(const VarianceRun& run, double factor) {
  constexpr double kAbout = 1.4;
  return run.layers > 1 && run.smallest_step > factor / kAbout &&
         run.largest_step < factor * kAbout;
}

/// Growth below 10 % a layer is told by its total: a residual stream grows by a sum, not a factor.
std::optional<std::string> slow_growth_clause(const SignalSnapshot& snapshot,
                                              const SignalSummary& summary) {
  constexpr double kSlow = 1.1, kMuch = 100;
  const VarianceRun& run = summary.forward_run;
  const double total = run.last / run.first;
  if (summary.forward_factor >= kSlow || run.layers < 2 || !(total < kMuch)) return std::nullopt;
  return format_text("sentence.grows_slowly", fmt::arg("factor", factor_text(total)),
                     fmt::arg("layers", layers_text(snapshot, run.layers)));
}

std::string forward_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const VarianceRun& run = summary.forward_run;
  if (run.layers == 0) return finite_clause(snapshot);
  if (snapshot.layers.size() == 1) return one_layer_clause(snapshot);
  const double factor = summary.forward_factor;
  switch (run.layers > 1 ? summary.forward : Trend::steady) {
    case Trend::grows:
      if (std::abs(factor - 2) < 0.04 && every_layer(run, factor)) return text("sentence.doubles");
      if (const auto slow = slow_growth_clause(snapshot, summary)) return *slow;
      return format_text("sentence.grows", fmt::arg("factor", factor_text(factor)));
    case Trend::shrinks:
      if (std::abs(factor - 0.5) < 0.01 && every_layer(run, factor)) return text("sentence.halves");
      return format_text("sentence.shrinks", fmt::arg("factor", factor_text(1 / factor)));
    case Trend::steady:
      break;
  }
  return between_clause({run.first, run.last, run.lowest, run.highest, run.layers},
                        layers_text(snapshot, run.layers));
}

std::string dead_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const auto layer = fmt::arg("layer", snapshot.layers[*summary.dead_layer].name);
  switch (summary.dead_cause) {
    case DeadCause::input:
      return text("sentence.dead_input");
    case DeadCause::relu:
      return format_text("sentence.dead_relu", layer);
    case DeadCause::weights:
      return format_text("sentence.dead_weights", layer,
                         fmt::arg("format", format_of(snapshot, SignalTensor::weight)));
    case DeadCause::underflow:
      return format_text("sentence.dead", layer, fmt::arg("format", snapshot.activation_format));
    case DeadCause::unknown:
      break;
  }
  return format_text("sentence.dead_unknown", layer);
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
  return summary.dead_layer ? dead_clause(snapshot, summary) : "";
}

/// How much of the input's variance is left at the end of a shrinking net that survives.
std::string left_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const double before = input_variance(snapshot), after = variance_of(snapshot.layers.back());
  if (summary.forward != Trend::shrinks || !(before > 0) || !(after > 0) || !(after < before) ||
      snapshot.layers.size() < 2)
    return "";
  const double left = after / before;
  return format_text(
      "sentence.left",
      fmt::arg("share", left < 1e-3 ? fmt::format("{:.0e}", left) : number_text(left)),
      fmt::arg("layers", snapshot.layers.size()));
}

bool is_dead_gradient(const LayerSignal& layer) {
  const Statistics& gradient = layer.of(SignalTensor::activation_grad);
  return gradient.count > 0 && gradient.zeros == gradient.count;
}

/// The first layer of the backward pass from which on all activation gradients are zero.
std::optional<std::size_t> dead_gradient(const SignalSnapshot& snapshot) {
  std::optional<std::size_t> dead;
  for (std::size_t i = 0; i < snapshot.layers.size() && is_dead_gradient(snapshot.layers[i]); ++i)
    dead = i;
  return dead;
}

std::string dead_gradient_clause(const SignalSnapshot& snapshot) {
  const auto dead = dead_gradient(snapshot);
  return dead ? format_text("sentence.gradients_dead",
                            fmt::arg("layer", snapshot.layers[*dead].name))
              : "";
}

/// The gradients, where they are finite and do not do what the signal does.
std::string gradient_clause(const SignalSnapshot& snapshot, const SignalSummary& summary) {
  const VarianceRun& run = summary.backward_run;
  if (dead_gradient(snapshot) || run.layers < 2 || summary.backward == summary.forward) return "";
  const double factor = summary.backward_factor;
  switch (summary.backward) {
    case Trend::grows:
      return format_text("sentence.gradients_grow", fmt::arg("factor", factor_text(factor)));
    case Trend::shrinks:
      return format_text("sentence.gradients_shrink", fmt::arg("factor", factor_text(1 / factor)));
    case Trend::steady:
      break;
  }
  const std::string low = number_text(run.lowest), high = number_text(run.highest);
  if (low == high) return format_text("sentence.gradients_stay_at", fmt::arg("value", low));
  return format_text("sentence.gradients_stay", fmt::arg("low", low), fmt::arg("high", high));
}

/// Where the cut lies in the input layer, if there is one, and in the others.
std::string cut_clause(const SignalSnapshot& snapshot) {
  const NetworkSpec& network = snapshot.experiment.network;
  if (network.init.scheme != InitScheme::truncated) return "";
  double least = INFINITY, taken = 0, weights = 0;
  bool one_place = true;
  for (const LayerSignal& layer : snapshot.layers) {
    const bool first = &layer == &snapshot.layers.front() && snapshot.input.features > 0;
    const int fan_in = first ? snapshot.input.features : network.model.width;
    const double deviations = cut_in_deviations(network.init, fan_in);
    const auto count = static_cast<double>(layer.of(SignalTensor::weight).count);
    taken += share_beyond(deviations) * count;
    weights += count;
    one_place = one_place && (std::isinf(least) || least == deviations);
    least = std::min(least, deviations);
  }
  if (!(weights > 0)) return "";
  const std::string where = format_text(one_place ? "sentence.cut_at" : "sentence.cut_from",
                                        fmt::arg("deviations", number_text(least)));
  // Fewer than one weight in a thousand such nets.
  if (taken < 1e-3) return format_text("sentence.cuts_nothing", fmt::arg("cut", where));
  return format_text("sentence.cuts", fmt::arg("cut", where),
                     fmt::arg("percent", percent_text(taken / weights)));
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
       {failure_clause(snapshot, summary), dead_gradient_clause(snapshot), cut_clause(snapshot),
        saturation_clause(snapshot, summary), gradient_clause(snapshot, summary),
        left_clause(snapshot, summary), subnormal_clause(snapshot, summary)}) {
    if (clause.empty() || clauses == 3) continue;
    result += "; " + clause;
    ++clauses;
  }
  return result + ".";
}

}  // namespace nanscope
