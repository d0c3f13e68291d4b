#include "engine/signal/recorder.h"

#include <ATen/ops/stack.h>

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

MeasureOptions options_for(const NumberFormat& format, SignalTensor which) {
  // Weights are measured in double: they are PyTorch's to the bit, and so is what is said of them.
  MeasureOptions options{.smallest_normal = format.smallest_normal,
                         .quick = which != SignalTensor::weight};
  if (!format.has_infinity) {
    // Overflow was clipped to the largest value: count values that reach it.
    options.flat_high = std::nextafter(format.largest, 0.0);
    options.flat_low = -options.flat_high;
  }
  return options;
}

/// The tap of a layer where each SignalTensor is seen, and in which direction.
struct Sight {
  std::string_view tap;
  Direction direction;
};
constexpr std::array<Sight, kTensorCount> kSights{{{tap::weight, Direction::forward},
                                                   {tap::preactivation, Direction::forward},
                                                   {tap::activation, Direction::forward},
                                                   {tap::activation, Direction::backward},
                                                   {tap::weight, Direction::backward}}};

const Sight& sight_of(SignalTensor which) { return kSights[static_cast<std::size_t>(which)]; }

std::optional<FirstNonfinite> check(const LayerSignal& layer, int index, SignalTensor which,
                                    bool backward) {
  const Statistics& statistics = layer.of(which);
  if (statistics.finite()) return std::nullopt;
  const char* value = statistics.positive_infs > 0   ? "inf"
                      : statistics.negative_infs > 0 ? "-inf"
                                                     : "nan";
  return FirstNonfinite{backward, index, layer.name, which, value};
}

}  // namespace

Recorder::Recorder(const NetworkSpec& spec, int batch, const Plan& plan, Reading reading)
    : spec_(spec), plan_(plan), reading_(reading) {
  for (int layer = 0; layer < plan.layers(); ++layer) {
    LayerSignal signal;
    signal.name = plan.description().layers[static_cast<std::size_t>(layer)].name;
    signal.shape = {batch, spec.model.width};
    layers_.push_back(std::move(signal));
    branches_.push_back(plan.find(layer, tap::branch));
    auto& taps = taps_.emplace_back();
    for (std::size_t i = 0; i < taps.size(); ++i)
      taps[i] = plan.description().find_tap(layer, kSights[i].tap);
  }
  weight_known_.assign(layers_.size(), false);
  if (spec.networks > 1) {
    const std::vector<double> networks(static_cast<std::size_t>(spec.networks), 0.0);
    seeds_.activation.assign(layers_.size(), networks);
    seeds_.activation_grad.assign(layers_.size(), networks);
  }
}

void Recorder::reuse_weights(const std::vector<LayerSignal>& known) {
  if (known.size() != layers_.size()) return;
  weight_known_.assign(layers_.size(), true);
  constexpr auto weight = static_cast<std::size_t>(SignalTensor::weight);
  for (std::size_t i = 0; i < known.size(); ++i)
    layers_[i].statistics[weight] = known[i].statistics[weight];
}

const PlanTap& Recorder::tap_of(int layer, SignalTensor which) const {
  return *taps_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(which)];
}

const at::Tensor& Recorder::values_of(int layer, SignalTensor which) const {
  const Value& value = plan_.value(tap_of(layer, which).value);
  return sight_of(which).direction == Direction::forward ? value.data() : value.gradient();
}

const NumberFormat& Recorder::format_of(int layer, SignalTensor which) const {
  const Value& value = plan_.value(tap_of(layer, which).value);
  return sight_of(which).direction == Direction::forward ? value.format() : value.gradient_format();
}

std::optional<SignalTensor> Recorder::tensor_at(int layer, const PlanTap& tap,
                                                Direction direction) const {
  const auto& taps = taps_[static_cast<std::size_t>(layer)];
  for (std::size_t i = 0; i < taps.size(); ++i)
    if (taps[i] == &tap && kSights[i].direction == direction) return static_cast<SignalTensor>(i);
  return std::nullopt;
}

MeasureOptions Recorder::weight_options(int layer) const {
  return options_for(format_of(layer, SignalTensor::weight), SignalTensor::weight);
}

void Recorder::set_weight(int layer, const Accumulator& total) {
  const auto index = static_cast<std::size_t>(layer);
  layers_[index].statistics[static_cast<std::size_t>(SignalTensor::weight)] = to_statistics(total);
  weight_known_[index] = true;
}

void Recorder::record(int layer, const PlanTap& tap, Direction direction,
                      const at::Tensor& values) {
  const std::optional<SignalTensor> which = tensor_at(layer, tap, direction);
  if (!which) return;
  const auto begin = std::chrono::steady_clock::now();
  record_tensor(layer, *which, values);
  if (reading_ == Reading::at_once)
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Recorder::record_tensor(int layer, SignalTensor which, const at::Tensor& values) {
  LayerSignal& signal = layers_[static_cast<std::size_t>(layer)];
  const at::Tensor first = network(values, 0);
  if (histogram_ == which && reading_ == Reading::at_once)
    signal.histogram = tensor_histogram(first);
  if (which == SignalTensor::weight && weight_known_[static_cast<std::size_t>(layer)]) return;

  const Value* branch = branches_[static_cast<std::size_t>(layer)];
  const Activation activation = effective_activation(spec_.model);
  const bool sum = branch != nullptr;
  MeasureOptions options = options_for(format_of(layer, which), which);
  if (which == SignalTensor::activation && !sum) add_flat_ends(activation, options);
  Statistics& statistics = signal.statistics[static_cast<std::size_t>(which)];
  measure(first, options,
          [&statistics](const Accumulator& total) { statistics = to_statistics(total); });
  if (which == SignalTensor::activation && sum && saturates(activation)) {
    // The residual sum is not bounded; its branch is.
    MeasureOptions flat{.quick = true};
    add_flat_ends(activation, flat);
    measure(network(branch->data(), 0), flat,
            [&statistics](const Accumulator& total) { statistics.saturated = total.saturated; });
  }
  if (which != SignalTensor::activation && which != SignalTensor::activation_grad) return;
  auto& seeds = which == SignalTensor::activation ? seeds_.activation : seeds_.activation_grad;
  if (seeds.empty()) return;
  for (int n = 0; n < spec_.networks; ++n) {
    double& variance = seeds[static_cast<std::size_t>(layer)][static_cast<std::size_t>(n)];
    measure(network(values, n), options,
            [&variance](const Accumulator& total) { variance = to_statistics(total).variance; });
  }
}

void Recorder::measure(const at::Tensor& values, const MeasureOptions& options, Store store) {
  if (reading_ == Reading::at_once)
    store(accumulate_tensor(values, options));
  else
    enqueued_.push_back({enqueue_sums(values, options), values.numel(), std::move(store)});
}

at::Tensor Recorder::network(const at::Tensor& values, int index) const {
  return spec_.networks > 1 ? values.select(0, index) : values;
}

void Recorder::read() {
  if (enqueued_.empty()) return;
  std::vector<at::Tensor> rows;
  for (const Enqueued& one : enqueued_) rows.push_back(one.sums);
  const at::Tensor sums = at::stack(rows).cpu();
  const double* row = sums.const_data_ptr<double>();
  for (const Enqueued& one : enqueued_) {
    one.store(read_sums(row, one.count));
    row += kSums;
  }
  for (int layer = 0; layer < plan_.layers(); ++layer)
    layers_[static_cast<std::size_t>(layer)].histogram =
        histogram_ ? tensor_histogram(network(values_of(layer, *histogram_), 0)) : Histogram();
}

std::optional<FirstNonfinite> find_first_nonfinite(const std::vector<LayerSignal>& layers) {
  const int count = static_cast<int>(layers.size());
  for (int i = 0; i < count; ++i)
    for (const SignalTensor which :
         {SignalTensor::weight, SignalTensor::preactivation, SignalTensor::activation})
      if (auto found = check(layers[i], i, which, false)) return found;
  for (int i = count; i-- > 0;)
    for (const SignalTensor which : {SignalTensor::activation_grad, SignalTensor::weight_grad})
      if (auto found = check(layers[i], i, which, true)) return found;
  return std::nullopt;
}

}  // namespace nanscope
