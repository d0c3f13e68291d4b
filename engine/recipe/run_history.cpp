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

/// Behind those of so many others; NaN where a line of a file has none.
void add_ends(RunHistory::Band& band, const std::optional<OfNetworks>& networks,
              std::size_t others) {
  if (!networks && band.low.empty()) return;
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
  return OfNetworks{.low = band.low[i], .high = band.high[i]};
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

}  // namespace

void LayerHistory::add(const RunStep& step) {
  if (step.layers.empty()) return;
  if (layers_.empty())
    for (const LayerStatistics& layer : step.layers) layers_.push_back(layer.name);
  const bool stays = seen_++ % every_ == 0;
  if (stays) steps_.push_back(static_cast<double>(step.step));
  for (std::size_t k = 0; k < step.layers.size(); ++k) {
    const LayerStatistics& layer = step.layers[k];
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
  if (steps_.size() > kMostLooks) thin_out();
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
  }
  add_ends(losses, step.losses, loss.size() - 1);
  add_ends(grad_norms, step.grad_norms, grad_norm.size() - 1);
  if (step.held_out) add(steps.back(), *step.held_out);
  layers.add(step);
  if (!step.gradients || gradients_seen_++ % gradients_every_ != 0) return;
  gradients.push_back(std::make_shared<const GradientMagnitudes>(*step.gradients));
  if (gradients.size() <= kMostGradients) return;
  for (std::size_t i = 0; 2 * i < gradients.size(); ++i) gradients[i] = gradients[2 * i];
  gradients.resize((gradients.size() + 1) / 2);
  gradients_every_ *= 2;
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

}  // namespace nanscope
