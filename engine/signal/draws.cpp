#include "engine/signal/draws.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <utility>

#include "engine/costs/pass_forecast.h"
#include "engine/network/measure_tensor.h"
#include "engine/training/initialize.h"

namespace nanscope {
namespace {

Draws::Key key_of(const Experiment& experiment, int features, at::Device device) {
  const Init& init = experiment.network.init;
  Draws::Key key{.depth = experiment.network.model.depth,
                 .width = experiment.network.model.width,
                 .features = features,
                 .bias = experiment.network.model.bias,
                 .scheme = init.scheme,
                 .seed = experiment.network.seed,
                 .networks = experiment.network.networks,
                 .on_device = !device.is_cpu()};
  if (init.scheme == InitScheme::truncated) {
    key.cut = init.cut;
    key.cut_reading = init.cut_reading;
  }
  return key;
}

/// Mean cosine over pairs of different rows. With e_b = x_b / |x_b|,
/// sum over b != b' of e_b . e_b' = |sum_b e_b|^2 - B.
double mean_cosine(const at::Tensor& x) {
  const std::int64_t batch = x.size(0);
  if (batch < 2) return 0;
  const at::Tensor rows = x.to(at::kDouble);
  const at::Tensor length = rows.square().sum({1}, /*keepdim=*/true).sqrt().clamp_min(1e-300);
  const double norm = (rows / length).sum(0).square().sum().item<double>();
  return (norm - static_cast<double>(batch)) / static_cast<double>(batch * (batch - 1));
}

/// Mean squared cosine over pairs of different rows, of the first 256.
double mean_squared_cosine(const at::Tensor& x) {
  const at::Tensor rows = x.slice(0, 0, 256).to(at::kDouble);
  const auto count = static_cast<double>(rows.size(0));
  if (count < 2) return 0;
  const at::Tensor unit = rows / rows.square().sum({1}, true).sqrt().clamp_min(1e-300);
  const at::Tensor cosines = at::mm(unit, unit.t());
  const double diagonal = cosines.diagonal().square().sum().item<double>();
  return (cosines.square().sum().item<double>() - diagonal) / (count * (count - 1));
}

InputMoments moments_of(const at::Tensor& x) {
  const Statistics statistics = to_statistics(accumulate_tensor(x, {}));
  return {.mean = statistics.mean,
          .second_moment = statistics.rms * statistics.rms,
          .correlation = mean_cosine(x),
          .features = static_cast<int>(x.size(1)),
          .squared_correlation = mean_squared_cosine(x)};
}

at::Tensor joined(const std::vector<at::Tensor>& of_networks) {
  return of_networks.size() == 1 ? of_networks[0] : at::stack(of_networks);
}

/// draw(n) for each network n, in parallel: each has a generator of its own. LibTorch draws on one
/// thread.
template <class Draw>
void for_each_network(int networks, const Draw& draw) {
  if (networks == 1) return draw(0);  // leaves the threads to its operations
  at::parallel_for(0, networks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) draw(static_cast<std::size_t>(n));
  });
}

}  // namespace

bool Draws::begin_parameters(const Experiment& experiment, int features, at::Device device) {
  const Key wanted = key_of(experiment, features, device);
  if (key_ == wanted) return false;
  clear();
  drawing_ = wanted;
  device_ = device;
  for (int n = 0; n < experiment.network.networks; ++n)
    generators_.push_back(
        seeded_generator(experiment.network.seed + static_cast<std::uint64_t>(n)));
  return true;
}

Result<bool> Draws::draw_layer(const Experiment& experiment, Watch& watch) {
  const Model& model = experiment.network.model;
  const int features = drawing_->features;
  Init unit = experiment.network.init;
  unit.bias_std = 1;
  const int layers = model.depth + (features == model.width ? 0 : 1);
  const int layer = static_cast<int>(parameters_.weights.size());
  if (!watch.step("drawing weights", layer, layers, static_cast<double>(layer) / layers))
    return cancelled_error();
  const int fan_in = layer == 0 ? features : model.width;
  std::vector<at::Tensor> weights(generators_.size()), biases(weights.size());
  for_each_network(experiment.network.networks, [&](std::size_t n) {
    weights[n] = draw_weight(unit, model.width, fan_in, generators_[n]);
    if (model.bias) biases[n] = draw_bias(unit, model.width, generators_[n]);
  });
  parameters_.weights.push_back(joined(weights).to(device_));
  if (model.bias) parameters_.biases.push_back(joined(biases).to(device_));
  if (layer + 1 < layers) return false;
  key_ = std::exchange(drawing_, std::nullopt);
  return true;
}

Result<bool> Draws::prepare_parameters(const Experiment& experiment, int features,
                                       at::Device device, Watch& watch) {
  if (!begin_parameters(experiment, features, device)) return false;
  while (true) {
    const Result<bool> complete = draw_layer(experiment, watch);
    if (!complete) clear();
    if (!complete || *complete) return complete;
  }
}

Result<bool> Draws::prepare_input(const Experiment& experiment, const Table* table, int features) {
  const std::int64_t batch = experiment.data.batch;
  if (input_ && data_ == experiment.data && input_->input.size(-2) == batch) return false;
  input_.reset();
  std::vector<at::Tensor> inputs, gradients;
  for (const at::Generator& after_parameters : generators_) {
    at::Generator generator = after_parameters.clone();
    auto input = draw_input(experiment.data, table, batch, features, generator);
    if (!input) return tl::unexpected(input.error());
    inputs.push_back(*input);
    gradients.push_back(draw_upstream_gradient(batch, experiment.network.model.width, generator));
  }
  input_ = InputDraws{joined(inputs), joined(gradients), moments_of(inputs[0])};
  data_ = experiment.data;
  return true;
}

void Draws::clear() {
  key_.reset();
  drawing_.reset();
  parameters_ = {};
  generators_.clear();
  input_.reset();
}

std::int64_t Draws::bytes() const {
  std::size_t total = 0;
  for (const at::Tensor& weight : parameters_.weights) total += weight.nbytes();
  for (const at::Tensor& bias : parameters_.biases) total += bias.nbytes();
  if (input_) total += input_->input.nbytes() + input_->upstream_gradient.nbytes();
  return static_cast<std::int64_t>(total);
}

std::int64_t Draws::predicted_bytes(const Experiment& experiment, int features) {
  const std::int64_t width = experiment.network.model.width;
  const std::int64_t batch = experiment.data.batch;
  std::int64_t numbers =
      experiment.network.model.depth * width * width + batch * (features + width);
  if (features != width) numbers += features * width;
  if (experiment.network.model.bias)
    numbers += (experiment.network.model.depth + (features == width ? 0 : 1)) * width;
  return numbers * experiment.network.networks * static_cast<std::int64_t>(sizeof(float));
}

double Draws::predicted_share(const Experiment& experiment) {
  const PassForecast forecast = forecast_pass(experiment);
  return forecast.drawing_seconds / forecast.seconds();
}

}  // namespace nanscope
