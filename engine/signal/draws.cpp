#include "engine/signal/draws.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "engine/network/measure_tensor.h"
#include "engine/training/initialize.h"

namespace nanscope {
namespace {

Draws::Key key_of(const NetworkSpec& network, const PlanDescription& plan, at::Device device) {
  Draws::Key key{.parameters = {},
                 .init = {.scheme = network.init.scheme},
                 .seed = network.seed,
                 .networks = network.networks,
                 .on_device = !device.is_cpu()};
  for (const PlanParameter& parameter : plan.parameters) key.parameters.push_back(parameter.draw);
  if (network.init.scheme == InitScheme::truncated) {
    key.init.cut = network.init.cut;
    key.init.cut_reading = network.init.cut_reading;
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

/// Covariance over the rows of their mean of (x - mean)^2 over the variance, and their mean over
/// its root.
Covariance2 covariance_of_rows(const at::Tensor& x, double mean, double variance) {
  if (!(variance > 0)) return {};
  const at::Tensor apart = x.to(at::kDouble) - mean;
  const at::Tensor sizes = apart.square().mean({1}) / variance - 1;
  const at::Tensor means = apart.mean({1}) / std::sqrt(variance);
  const auto average = [](const at::Tensor& values) { return values.mean().item<double>(); };
  return {average(sizes.square()), average(sizes * means), average(means.square())};
}

InputMoments moments_of(const at::Tensor& x) {
  const Statistics statistics = to_statistics(accumulate_tensor(x, {}));
  return {.mean = statistics.mean,
          .second_moment = statistics.rms * statistics.rms,
          .correlation = mean_cosine(x),
          .features = static_cast<int>(x.size(1)),
          .squared_correlation = mean_squared_cosine(x),
          .of_samples = covariance_of_rows(x, statistics.mean, statistics.variance)};
}

/// Of every network's X around that of the first.
Covariance2 covariance_of_networks(const std::vector<at::Tensor>& inputs) {
  const Statistics first = to_statistics(accumulate_tensor(inputs[0], {}));
  Covariance2 covariance;
  if (!(first.variance > 0)) return covariance;
  for (const at::Tensor& x : inputs) {
    const Statistics one = to_statistics(accumulate_tensor(x, {}));
    const double size = one.variance / first.variance - 1;
    const double mean = (one.mean - first.mean) / std::sqrt(first.variance);
    covariance = covariance + Covariance2{size * size, size * mean, mean * mean};
  }
  return (1.0 / static_cast<double>(inputs.size())) * covariance;
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

bool Draws::begin_parameters(const NetworkSpec& network, const PlanDescription& plan,
                             at::Device device) {
  Key wanted = key_of(network, plan, device);
  if (key_ == wanted) return false;
  clear();
  drawing_ = std::move(wanted);
  device_ = device;
  for (int n = 0; n < network.networks; ++n)
    generators_.push_back(seeded_generator(network.seed + static_cast<std::uint64_t>(n)));
  return true;
}

Result<bool> Draws::draw_layer(Watch& watch) {
  const std::vector<ParameterDraw>& all = drawing_->parameters;
  const int layer = all[parameters_.size()].layer;
  const int layers = all.back().layer + 1;
  if (!watch.step("drawing weights, layer {} of {}", layer, layers,
                  static_cast<double>(layer) / layers))
    return cancelled_error();
  while (parameters_.size() < all.size() && all[parameters_.size()].layer == layer) {
    const ParameterDraw& parameter = all[parameters_.size()];
    std::vector<at::Tensor> drawn(generators_.size());
    for_each_network(drawing_->networks, [&](std::size_t n) {
      drawn[n] = draw_parameter(drawing_->init, parameter, generators_[n]);
    });
    parameters_.push_back(joined(drawn).to(device_));
  }
  if (parameters_.size() < all.size()) return false;
  key_ = std::exchange(drawing_, std::nullopt);
  return true;
}

Result<bool> Draws::prepare_parameters(const NetworkSpec& network, const PlanDescription& plan,
                                       at::Device device, Watch& watch) {
  if (!begin_parameters(network, plan, device)) return false;
  while (true) {
    const Result<bool> complete = draw_layer(watch);
    if (!complete) clear();
    if (!complete || *complete) return complete;
  }
}

Result<bool> Draws::prepare_input(const DataSpec& data, const Table* table,
                                  const PlanDescription& plan) {
  if (input_ && data_ == data) return false;
  input_.reset();
  const std::int64_t features = plan.value(plan.input).shape.back();
  const std::int64_t outputs = plan.value(plan.output).shape.back();
  std::vector<at::Tensor> inputs, gradients;
  for (const at::Generator& after_parameters : generators_) {
    at::Generator generator = after_parameters.clone();
    auto input = draw_input(data, table, data.batch, features, generator);
    if (!input) return tl::unexpected(input.error());
    inputs.push_back(*input);
    gradients.push_back(draw_upstream_gradient(data.batch, outputs, generator));
  }
  InputMoments moments = moments_of(inputs[0]);
  if (inputs.size() > 1) moments.of_networks = covariance_of_networks(inputs);
  input_ = InputDraws{joined(inputs), joined(gradients), moments};
  data_ = data;
  return true;
}

void Draws::clear() {
  key_.reset();
  drawing_.reset();
  parameters_.clear();
  generators_.clear();
  input_.reset();
}

DrawBytes Draws::bytes() const {
  std::size_t parameters = 0, input = 0;
  for (const at::Tensor& parameter : parameters_) parameters += parameter.nbytes();
  if (input_) input = input_->input.nbytes() + input_->upstream_gradient.nbytes();
  return {static_cast<std::int64_t>(parameters), static_cast<std::int64_t>(input)};
}

}  // namespace nanscope
