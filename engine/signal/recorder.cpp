#include "engine/signal/recorder.h"

#include <chrono>
#include <cmath>

#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

/// Where a bounded activation counts as flat: |tanh| > 0.97, |2 sigmoid - 1| > 0.97.
constexpr double kFlat = 0.97;

bool saturates(Activation activation) {
  return activation == Activation::tanh || activation == Activation::sigmoid;
}

void add_flat_ends(Activation activation, MeasureOptions& options) {
  if (activation == Activation::tanh) {
    options.flat_low = -kFlat;
    options.flat_high = kFlat;
  } else if (activation == Activation::sigmoid) {
    options.flat_low = (1 - kFlat) / 2;
    options.flat_high = (1 + kFlat) / 2;
  }
}

MeasureOptions options_for(const NumberFormat& format) {
  MeasureOptions options{.smallest_normal = format.smallest_normal};
  if (!format.has_infinity) {
    // Overflow was clipped to the largest value: count values that reach it.
    options.flat_high = std::nextafter(format.largest, 0.0);
    options.flat_low = -options.flat_high;
  }
  return options;
}

const NumberFormat& format_of(const PlanLayer& layer, Tensor which) {
  switch (which) {
    case Tensor::weight:
      return layer.weight->format();
    case Tensor::preactivation:
      return layer.preactivation->format();
    case Tensor::activation:
      return layer.activation->format();
    case Tensor::activation_grad:
      return layer.activation->gradient_format();
    case Tensor::weight_grad:
      return layer.weight->gradient_format();
  }
  return layer.activation->format();
}

std::optional<FirstNonfinite> check(const LayerSignal& layer, int index, Tensor which,
                                    bool backward) {
  const Statistics& statistics = layer.of(which);
  if (statistics.finite()) return std::nullopt;
  const char* value = statistics.positive_infs > 0   ? "inf"
                      : statistics.negative_infs > 0 ? "-inf"
                                                     : "nan";
  return FirstNonfinite{backward, index, layer.name, which, value};
}

}  // namespace

Recorder::Recorder(const Experiment& experiment, const Plan& plan, std::optional<Tensor> histogram)
    : experiment_(experiment), plan_(plan), histogram_(histogram) {
  for (const PlanLayer& layer : plan.layers()) {
    LayerSignal signal;
    signal.name = layer.name;
    signal.shape = {experiment.batch, experiment.model.width};
    layers_.push_back(std::move(signal));
  }
  if (experiment.networks > 1) {
    const std::vector<double> networks(experiment.networks, 0.0);
    seeds_.activation.assign(layers_.size(), networks);
    seeds_.activation_grad.assign(layers_.size(), networks);
  }
}

void Recorder::reuse_weights(const std::vector<LayerSignal>& known) {
  if (known.size() != layers_.size()) return;
  measures_weights_ = false;
  constexpr auto weight = static_cast<std::size_t>(Tensor::weight);
  for (std::size_t i = 0; i < known.size(); ++i)
    layers_[i].statistics[weight] = known[i].statistics[weight];
}

void Recorder::record(int layer, Tensor which, const at::Tensor& values) {
  if (which == Tensor::weight && !measures_weights_ && histogram_ != Tensor::weight) return;
  const auto begin = std::chrono::steady_clock::now();
  measure(layer, which, values);
  seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Recorder::measure(int layer, Tensor which, const at::Tensor& values) {
  const PlanLayer& part = plan_.layers()[layer];
  const Activation activation = effective_activation(experiment_.model);
  const bool many = experiment_.networks > 1;
  const at::Tensor first = many ? values.select(0, 0) : values;
  MeasureOptions options = options_for(format_of(part, which));
  const bool sum = part.branch != part.activation;
  if (which == Tensor::activation && !sum) add_flat_ends(activation, options);

  LayerSignal& signal = layers_[layer];
  Statistics& statistics = signal.statistics[static_cast<std::size_t>(which)];
  statistics = to_statistics(accumulate_tensor(first, options));
  if (which == Tensor::activation && sum && saturates(activation)) {
    // The residual sum is not bounded; its branch is.
    MeasureOptions flat;
    add_flat_ends(activation, flat);
    const at::Tensor branch = many ? part.branch->data().select(0, 0) : part.branch->data();
    statistics.saturated = accumulate_tensor(branch, flat).saturated;
  }
  if (histogram_ == which) signal.histogram = tensor_histogram(first);
  if (!many || (which != Tensor::activation && which != Tensor::activation_grad)) return;
  auto& variances = which == Tensor::activation ? seeds_.activation : seeds_.activation_grad;
  for (int n = 0; n < experiment_.networks; ++n)
    variances[layer][n] =
        n == 0 ? statistics.variance
               : to_statistics(accumulate_tensor(values.select(0, n), options)).variance;
}

std::optional<FirstNonfinite> find_first_nonfinite(const std::vector<LayerSignal>& layers) {
  const int count = static_cast<int>(layers.size());
  for (int i = 0; i < count; ++i)
    for (const Tensor which : {Tensor::weight, Tensor::preactivation, Tensor::activation})
      if (auto found = check(layers[i], i, which, false)) return found;
  for (int i = count; i-- > 0;)
    for (const Tensor which : {Tensor::activation_grad, Tensor::weight_grad})
      if (auto found = check(layers[i], i, which, true)) return found;
  return std::nullopt;
}

}  // namespace nanscope
