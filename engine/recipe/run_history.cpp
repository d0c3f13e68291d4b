#include "engine/recipe/run_history.h"

#include <limits>
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

}  // namespace

void LayerHistory::add(const RunStep& step) {
  if (step.layers.empty() || seen_++ % every_ != 0) return;
  if (layers_.empty())
    for (const LayerStatistics& layer : step.layers) layers_.push_back(layer.name);
  steps_.push_back(static_cast<double>(step.step));
  for (const LayerStatistics& layer : step.layers) {
    const double values[] = {output_variance(layer, ""), output_variance(layer, "_grad"),
                             variance_of(layer, tap::weight), layer.update_ratio.value_or(kNone)};
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i].push_back(values[i]);
  }
  if (steps_.size() > kMostLooks) thin_out();
}

void LayerHistory::thin_out() {
  const std::size_t count = layers_.size();
  const auto every_second = [](std::vector<double>& list, std::size_t width) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.size(); ++i)
      if (i / width % 2 == 0) list[kept++] = list[i];
    list.resize(kept);
  };
  every_second(steps_, 1);
  for (std::vector<double>& values : values_) every_second(values, count);
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
  }
  if (step.held_out) add(steps.back(), *step.held_out);
  layers.add(step);
}

void RunHistory::add(double step, const HeldOut& held_out) {
  if (!looks.empty() && looks.back() == step) return;
  looks.push_back(step);
  held_out_loss.push_back(held_out.loss);
  nan_rows.push_back(static_cast<double>(held_out.nan_rows));
  if (held_out.accuracy) accuracy.push_back(*held_out.accuracy);
}

HeldOut RunHistory::look(std::size_t at) const {
  HeldOut seen{.loss = held_out_loss[at]};
  if (at < nan_rows.size()) seen.nan_rows = static_cast<std::int64_t>(nan_rows[at]);
  if (at < accuracy.size()) seen.accuracy = accuracy[at];
  return seen;
}

}  // namespace nanscope
