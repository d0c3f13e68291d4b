#include "engine/recipe/run_history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>

#include "engine/plan/description.h"

namespace nanscope {
namespace {

double variance_of(const LayerStatistics& layer, std::string_view tensor) {
  for (const auto& [name, statistics] : layer.tensors) {
    if (name != tensor) continue;
    const bool infinite = statistics.nans == 0 && statistics.infs() > 0;
    return infinite ? std::numeric_limits<double>::infinity() : statistics.variance;
  }
  return LayerHistory::kNone;
}

/// Of what a layer passes on; without an activation function that is the product itself.
double output_variance(const LayerStatistics& layer, const std::string& behind) {
  const double variance = variance_of(layer, std::string(tap::activation) + behind);
  return variance == LayerHistory::kNone
             ? variance_of(layer, std::string(tap::preactivation) + behind)
             : variance;
}

/// Adds the numbers by seed behind those of so many others, where these are all there.
template <class Numbers>
void add_each(Numbers& all, const Numbers& each, std::size_t others) {
  const std::size_t count = each.size();
  if (all.size() == others * count && all.size() + count <= RunHistory::kMostEach)
    all.insert(all.end(), each.begin(), each.end());
}

/// The i-th of so many numbers by seed; none where they were let go.
template <class Numbers>
Numbers each_at(const Numbers& all, std::size_t count, std::size_t i) {
  if ((i + 1) * count > all.size()) return {};
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * count);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// Behind those of so many others; NaN where a line of a file has none.
void add_ends(RunHistory::Band& band, const std::optional<OfNetworks>& networks,
              std::size_t others) {
  if (!networks && band.low.empty()) return;
  if (networks) {
    if (others == 0) band.networks = networks->each.size();
    if (networks->each.size() == band.networks) add_each(band.each, networks->each, others);
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto push = [&band](double low, double high) {
    band.low.push_back(low);
    band.high.push_back(high);
  };
  while (band.low.size() < others) push(kNone, kNone);
  networks ? push(networks->low, networks->high) : push(kNone, kNone);
}

std::optional<OfNetworks> ends_at(const RunHistory::Band& band, std::size_t i) {
  if (i >= band.low.size()) return std::nullopt;
  return OfNetworks{
      .low = band.low[i], .high = band.high[i], .each = each_at(band.each, band.networks, i)};
}

/// LayerHistory::lowest() of two.
double lower(double one, double other) {
  if (!std::isfinite(other) || !(other > 0)) return one;
  return std::isfinite(one) && one > 0 ? std::min(one, other) : other;
}

/// LayerHistory::highest() of two.
double higher(double one, double other) {
  if (!std::isfinite(one) || !std::isfinite(other)) return std::isfinite(one) ? other : one;
  return std::max(one, other);
}

/// Of so many networks the looks of each: of eight as many as of one, and then fewer, so that all
/// together keep their size.
std::size_t share_of(std::size_t most, std::size_t networks) {
  constexpr std::size_t kWhole = 8, kFewest = 16;
  return std::max(most * kWhole / std::max(networks, kWhole), kFewest);
}

/// Looks at layers that 16 MiB hold, within bounds.
std::size_t most_lines(const std::vector<LayerStatistics>& layers) {
  constexpr std::size_t kBytes = std::size_t{16} << 20, kFewest = 64;
  std::size_t bytes = 0;
  for (const LayerStatistics& layer : layers)
    bytes += sizeof layer + layer.tensors.size() * sizeof layer.tensors.front();
  return std::clamp(kBytes / std::max<std::size_t>(bytes, 1), kFewest,
                    LookHistory<LayersOfStep>::kMostLooks);
}

}  // namespace

void LayerHistory::add(std::int64_t step, const std::vector<LayerStatistics>& layers) {
  if (layers.empty()) return;
  if (layers_.empty())
    for (const LayerStatistics& layer : layers) layers_.push_back(layer.name);
  const bool stays = seen_++ % every_ == 0;
  if (stays) steps_.push_back(static_cast<double>(step));
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const LayerStatistics& layer = layers[k];
    const double values[] = {output_variance(layer, ""), output_variance(layer, "_grad"),
                             variance_of(layer, tap::weight), layer.update_ratio.value_or(kNone)};
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (stays) {
        for (Values* each : {&values_, &lowest_, &highest_}) (*each)[i].push_back(values[i]);
        continue;
      }
      const std::size_t place = (steps_.size() - 1) * layers_.size() + k;
      lowest_[i][place] = lower(lowest_[i][place], values[i]);
      highest_[i][place] = higher(highest_[i][place], values[i]);
    }
  }
  if (steps_.size() > most_) thin_out();
}

double LayerHistory::extreme(LayerQuantity quantity, std::size_t look, std::size_t layer) const {
  const double value = this->value(quantity, look, layer);
  const double low = lowest(quantity, look, layer), high = highest(quantity, look, layer);
  if (!std::isfinite(high) || !(value > 0)) return high;
  return high / value >= value / low ? high : low;
}

void LayerHistory::thin_out() {
  const std::size_t count = layers_.size();
  const auto in_pairs = [](std::vector<double>& list, std::size_t width, auto join) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i / width % 2 != 0) continue;
      list[kept++] = i + width < list.size() ? join(list[i], list[i + width]) : list[i];
    }
    list.resize(kept);
  };
  const auto first = [](double one, double) { return one; };
  in_pairs(steps_, 1, first);
  for (std::vector<double>& values : values_) in_pairs(values, count, first);
  for (std::vector<double>& values : lowest_) in_pairs(values, count, lower);
  for (std::vector<double>& values : highest_) in_pairs(values, count, higher);
  every_ *= 2;
}

void RunHistory::add(const RunStep& step) {
  steps.push_back(static_cast<double>(step.step));
  loss.push_back(step.loss);
  lr.push_back(step.lr);
  grad_norm.push_back(step.grad_norm);
  if (step.loss_scale) {
    loss_scale.push_back(*step.loss_scale);
    skipped.push_back(step.skipped);
    add_ends(loss_scales, step.loss_scales, loss_scale.size() - 1);
    if (step.skips.size() == loss_scales.networks) add_each(skips, step.skips, skipped.size() - 1);
  }
  add_ends(losses, step.losses, loss.size() - 1);
  add_ends(grad_norms, step.grad_norms, grad_norm.size() - 1);
  if (step.held_out) add(steps.back(), *step.held_out);
  if (step.conditions) add(steps.back(), *step.conditions, step.other_conditions);
  layers.add(step.step, step.layers);
  if (!step.layers.empty()) {
    if (layer_lines.empty()) layer_lines = LookHistory<LayersOfStep>(most_lines(step.layers));
    layer_lines.add({.step = step.step, .layers = step.layers});
  }
  if (step.gradients) gradients.add(*step.gradients);
  if (others.empty())
    for (std::size_t k = 0; k < step.others.size(); ++k)
      others.push_back(
          {LayerHistory(share_of(LayerHistory::kMostLooks, step.others.size() + 1)),
           GradientHistory(share_of(GradientHistory::kMostLooks, step.others.size() + 1))});
  for (std::size_t k = 0; k < step.others.size(); ++k) {
    others[k].layers.add(step.step, step.others[k].layers);
    if (step.others[k].gradients) others[k].gradients.add(*step.others[k].gradients);
  }
}

void RunHistory::add(double step, const HeldOut& held_out) {
  if (!looks.empty() && looks.back() == step) return;
  looks.push_back(step);
  held_out_loss.push_back(held_out.loss);
  add_ends(held_out_losses, held_out.losses, held_out_loss.size() - 1);
  nan_rows.push_back(static_cast<double>(held_out.nan_rows));
  if (!held_out.accuracy) return;
  accuracy.push_back(*held_out.accuracy);
  add_ends(accuracies, held_out.accuracies, accuracy.size() - 1);
}

void RunHistory::add(double step, const WeightConditions& found,
                     const std::vector<WeightConditions>& behind) {
  if (condition_looks.empty()) other_conditions.resize(behind.size());
  condition_looks.push_back(step);
  largest_condition.push_back(found.largest);
  median_condition.push_back(found.median);
  for (std::size_t k = 0; k < std::min(behind.size(), other_conditions.size()); ++k) {
    other_conditions[k].largest.push_back(behind[k].largest);
    other_conditions[k].median.push_back(behind[k].median);
  }
}

const Series& RunHistory::of_network(Series RunHistory::*column, int network) const {
  if (network == 0 || !has_conditions_of(network)) return this->*column;
  const Conditions& own = other_conditions[static_cast<std::size_t>(network) - 1];
  if (column == &RunHistory::largest_condition) return own.largest;
  return column == &RunHistory::median_condition ? own.median : this->*column;
}

RunStep RunHistory::step(std::size_t i) const {
  RunStep step{.step = static_cast<std::int64_t>(steps[i]),
               .loss = loss[i],
               .lr = lr[i],
               .grad_norm = grad_norm[i],
               .losses = ends_at(losses, i),
               .grad_norms = ends_at(grad_norms, i),
               .loss_scales = ends_at(loss_scales, i)};
  if (i >= loss_scale.size()) return step;
  step.loss_scale = loss_scale[i];
  step.skipped = skipped[i];
  step.skips = each_at(skips, loss_scales.networks, i);
  return step;
}

HeldOut RunHistory::look(std::size_t at) const {
  HeldOut seen{.loss = held_out_loss[at]};
  if (at < nan_rows.size()) seen.nan_rows = static_cast<std::int64_t>(nan_rows[at]);
  if (at < accuracy.size()) seen.accuracy = accuracy[at];
  seen.losses = ends_at(held_out_losses, at);
  seen.accuracies = ends_at(accuracies, at);
  return seen;
}

double first_step(const RunSummary& run) {
  const bool drawn = run.history && !run.history->steps.empty();
  return drawn ? run.history->steps.front() : static_cast<double>(run.resumed_after);
}

}  // namespace nanscope
