#include "engine/theory/signal_paths.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "engine/base/function_versions.h"
#include "engine/theory/batch_mean.h"
#include "engine/theory/even_noise.h"
#include "engine/theory/layer_law.h"

namespace nanscope {
namespace {

/// The 2.5 % quantile of 128 walks lies within a probability of 1.4 %. The samples stand for a
/// batch: enough that its mean is that of the few samples which have not faded.
constexpr int kPaths = 128;
constexpr int kSamples = 16;

using Samples = std::array<float, kSamples>;
using Paths = std::array<Samples, kPaths>;
using Noise = EvenNoise<kPaths, kSamples>;

/// e^x to 3e-6 without a call, so that loops vectorize: 2^round() through the exponent's bits,
/// times a polynomial for the rest.
inline float fast_exp(float x) {
  constexpr float kRounder = 12582912;  // 1.5 * 2^23: adding it drops the fraction
  const float y = x * std::numbers::log2e_v<float>;
  const float clipped = y > -126 ? y : -126;
  const float whole = (clipped + kRounder) - kRounder;
  const float t = clipped - whole;
  const float power =
      1 + t * (0.6931472f +
               t * (0.2402265f + t * (0.05550411f + t * (0.009618129f + t * 0.00133336f))));
  return power * std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) << 23);
}

/// Of every path's batch: log mean_b e^x_b. And the relative variance of e^x from sample to sample,
/// its mean over the paths.
struct BatchMeans {
  std::array<float, kPaths> log_mean;
  double own = 0;
};

/// Adding halves keeps the order of a sum the same for every vector length. Overwrites the values.
inline float sum_of(Samples& values) {
  for (int half = kSamples / 2; half > 0; half /= 2)
    for (int b = 0; b < half; ++b) values[b] += values[b + half];
  return values[0];
}

NANSCOPE_VERSIONS BatchMeans batch_means(const Paths& logs) {
  BatchMeans means;
  for (int p = 0; p < kPaths; ++p) {
    Samples values = logs[p];
    for (int half = kSamples / 2; half > 0; half /= 2)
      for (int b = 0; b < half; ++b)
        values[b] = values[b] > values[b + half] ? values[b] : values[b + half];
    const float high = values[0];
    for (int b = 0; b < kSamples; ++b) values[b] = fast_exp(logs[p][b] - high);
    Samples squares;
    for (int b = 0; b < kSamples; ++b) squares[b] = values[b] * values[b];
    const float sum = sum_of(values), square = sum_of(squares);
    means.log_mean[p] = high + std::log(sum / kSamples);
    means.own += std::max(0.0f, square * kSamples / (sum * sum) - 1) / kPaths;
  }
  return means;
}

/// Takes the squared mean of act over the batch off the mean of act^2. `mean`: E[act] /
/// sqrt(E[act^2]) of each sample.
NANSCOPE_VERSIONS void take_mean_off(const Paths& mean, const Paths& square, BatchMeans& means) {
  for (int p = 0; p < kPaths; ++p) {
    Samples values;
    for (int b = 0; b < kSamples; ++b)
      values[b] = mean[p][b] * fast_exp(0.5f * (square[p][b] - means.log_mean[p]));
    const float sum = sum_of(values) / kSamples;
    means.log_mean[p] += std::log(1 - sum * sum);
  }
}

/// E[z^2] of a layer from E[h^2], logarithms.
class SizeOfPreactivation {
 public:
  SizeOfPreactivation(const LayerMap& layer, const NetworkSpec& network)
      : weights_(static_cast<float>(std::log(layer.weight_variance * layer.fan_in))),
        bias_(network.model.bias && network.init.bias_std > 0),
        bias_square_(static_cast<float>(2 * std::log(network.init.bias_std))) {}
  float operator()(float log_square) const {
    const float size = log_square + weights_;
    if (!bias_) return size;
    return std::max(size, bias_square_) + std::log1p(std::exp(-std::abs(size - bias_square_)));
  }
  /// Back again, without the bias.
  float inverse(float size) const {
    if (!bias_) return size - weights_;
    return size - weights_ + std::log1p(-std::min(0.999999f, std::exp(bias_square_ - size)));
  }

 private:
  float weights_;
  bool bias_;
  float bias_square_;
};

/// The share of a variance within one sample that two samples have in common.
double shared_by(const SamplePair<double>& noise) {
  return noise.same > 0 ? std::clamp(noise.other / noise.same, 0.0, 1.0) : 0;
}

class Walks {
 public:
  Walks(const NetworkSpec& network, const DataSpec& data, const std::vector<LayerMap>& layers,
        const std::vector<ForwardFluctuation>& forward,
        const std::vector<BackwardFluctuation>& backward)
      : network_(network),
        data_(data),
        layers_(layers),
        forward_(forward),
        backward_(backward),
        laws_(effective_activation(network.model), network.model.width, forward.back().conserved),
        mean_size_(layers.size()),
        size_(layers.size()),
        noise_(layers.size()),
        bands_(layers.size()) {}

  std::vector<PathBands> bands() {
    Paths square = input_squares();
    for (std::size_t i = 0; i < layers_.size(); ++i) go_forward(i, square);
    radial_.fill(1);
    Paths gradient = upstream_gradients();
    for (std::size_t i = layers_.size(); i-- > 0;) go_backward(i, gradient);
    return std::move(bands_);
  }

 private:
  Paths independent(double log_mean, double variance);
  Paths input_squares();
  Paths upstream_gradients() { return independent(0, 2.0 / layers_.back().fan_out); }
  void go_forward(std::size_t i, Paths& square);
  void go_backward(std::size_t i, Paths& gradient);
  double shared_forward(std::size_t i) const;
  double shared_backward(std::size_t i) const;
  LogNormal preactivation_noise(std::size_t i) const;
  Interval interval(BatchMeans means, LogNormal noise);

  const NetworkSpec& network_;
  const DataSpec& data_;
  const std::vector<LayerMap>& layers_;
  const std::vector<ForwardFluctuation>& forward_;
  const std::vector<BackwardFluctuation>& backward_;
  LayerLawTable laws_;
  Noise act_noise_{1}, weight_noise_{2}, batch_noise_{3};
  /// By path: N times the share of a gradient along h (layer_law.h). A network that lives has one
  /// that grows: its gradient follows the scale of the signal.
  std::array<float, kPaths> radial_;
  std::vector<std::array<float, kPaths>> mean_size_;  ///< by layer: of size_ over the batch
  std::vector<Paths> size_;                           ///< by layer: log E[z^2]
  std::vector<Paths> noise_;  ///< by layer: of the mean of act^2, standardized
  std::vector<PathBands> bands_;
};

/// Samples that share nothing.
Paths Walks::independent(double log_mean, double variance) {
  act_noise_.draw(0);
  Paths paths;
  for (int p = 0; p < kPaths; ++p) {
    paths[p] = act_noise_.of(p);
    for (float& x : paths[p])
      x = static_cast<float>(log_mean - 0.5 * variance + std::sqrt(variance) * x);
  }
  return paths;
}

Paths Walks::input_squares() {
  const LayerMap& first = layers_.front();
  const bool normal = data_.kind == DataKind::normal;
  return independent(to_double(std::log(first.input.second())), normal ? 2.0 / first.fan_in : 0);
}

/// The noise that batch and units add to what the walks show, and the 95 % between the quantiles.
Interval Walks::interval(BatchMeans means, LogNormal noise) {
  const double own = std::log1p(means.own / data_.batch);
  const auto deviation = static_cast<float>(std::sqrt(std::max(0.0, noise.variance) + own));
  const auto shift = static_cast<float>(noise.mean - 0.5 * own);
  batch_noise_.draw(1);
  std::array<float, kPaths>& values = means.log_mean;
  for (int p = 0; p < kPaths; ++p) values[p] += shift + deviation * batch_noise_.shared_of(p);
  // The 2.5 % lie between the third and the fourth value from either end.
  constexpr int kEnd = 4;
  constexpr double kPosition = 0.025 * kPaths - 0.5;
  constexpr int kBelow = static_cast<int>(kPosition);
  static_assert(kBelow + 1 < kEnd);
  std::ranges::partial_sort(values, values.begin() + kEnd);
  std::array<float, kEnd> largest;
  std::ranges::partial_sort_copy(values, largest, std::ranges::greater());
  return {std::lerp<double>(values[kBelow], values[kBelow + 1], kPosition - kBelow),
          std::lerp<double>(largest[kBelow], largest[kBelow + 1], kPosition - kBelow)};
}

/// Of the noise of act^2 = V (rho + f)^2, f standardized.
double Walks::shared_forward(std::size_t i) const {
  const CorrelationKernels& kernels = layers_[i].act.kernels;
  const double rho = relative_mean({layers_[i].act.mean, layers_[i].act.variance});
  const auto sum = [&](auto part) {
    return 4 * rho * rho * part(kernels.value) + 4 * rho * part(kernels.value_square) +
           part(kernels.square);
  };
  const double kept =
      forward_[i].conserved * sum([](const Kernel& kernel) { return kernel.quadratic(); });
  const auto covariance = [&](double c) {
    return sum([&](const Kernel& kernel) { return kernel.covariance(c); }) - kept * c * c;
  };
  return shared_by({covariance(1), forward_[i].pairs.average(covariance)});
}

/// Of the noise of act'^2 g^2, where E[g_b^2 g_b'^2] = 1 + 2 c^2.
double Walks::shared_backward(std::size_t i) const {
  const Kernel& kernel = layers_[i].act.kernels.slope_square;
  const double kept = forward_[i].conserved * kernel.quadratic();
  const auto covariance = [&](double c) { return kernel.covariance(c) - kept * c * c; };
  return shared_by({3 * covariance(1),
                    (1 + 2 * backward_[i].delta_spread) * forward_[i].pairs.average(covariance)});
}

/// Sampling N units of z, and the part of the variance that the mean of z takes off.
LogNormal Walks::preactivation_noise(std::size_t i) const {
  const double units = layers_[i].fan_out;
  const SamplePair<double> mean{1 / units, forward_[i].pairs.mean() / units};
  const double variance = forward_[i].preactivation_noise.of_batch_mean(data_.batch);
  return {std::log1p(-std::min(0.99, mean.of_batch_mean(data_.batch))) - 0.5 * variance, variance};
}

void Walks::go_forward(std::size_t i, Paths& square) {
  const SizeOfPreactivation size_of(layers_[i], network_);
  Paths mean;
  act_noise_.draw(shared_forward(i));
  for (int p = 0; p < kPaths; ++p) {
    const Samples noise = noise_[i][p] = act_noise_.of(p);
    for (int b = 0; b < kSamples; ++b) {
      const float size = size_of(square[p][b]);
      const LayerLaw law = laws_.at(size);
      size_[i][p][b] = size;
      square[p][b] = size + law.gain + law.deviation * noise[b];
      mean[p][b] = law.mean;
    }
  }
  const BatchMeans size = batch_means(size_[i]);
  mean_size_[i] = size.log_mean;
  bands_[i].preactivation_variance = interval(size, preactivation_noise(i));
  BatchMeans variance = batch_means(square);
  take_mean_off(mean, square, variance);
  const double mean_noise = forward_[i].output_mean_noise.of_batch_mean(data_.batch);
  bands_[i].activation_variance = interval(variance, {std::log1p(-std::min(0.99, mean_noise)), 0});
}

void Walks::go_backward(std::size_t i, Paths& gradient) {
  const LayerMap& layer = layers_[i];
  const SizeOfPreactivation size_of(layer, network_);
  bands_[i].activation_grad_variance = interval(batch_means(gradient), {});
  // W' of N sampled columns.
  const auto free = static_cast<float>(1 - forward_[i].conserved);
  const double columns = 2 * free / layer.fan_out;
  const auto deviation = static_cast<float>(std::sqrt(columns));
  const auto weights =
      static_cast<float>(std::log(layer.weight_variance * layer.fan_out) - 0.5 * columns);
  act_noise_.draw(shared_backward(i));
  weight_noise_.draw(backward_[i].delta_spread);
  Paths product;  // of (dL/dz)^2 and u^2
  for (int p = 0; p < kPaths; ++p) {
    const LayerLaw mean = laws_.at(mean_size_[i][p]);
    // more_slope also makes the mean of the square larger, but by rare samples: with it the bands'
    // upper ends lie e^5 above measured networks (gelu, kaiming, 50 layers), without it e^0.5.
    const float more_slope = 1 + (radial_[p] - 1) * mean.along_slope;
    const float through = (mean.radial_gain + mean.aligned * radial_[p]) / more_slope;
    const float more_columns = 1 + (through - 1) * free / layer.fan_in;
    radial_[p] = std::max(0.0f, through / more_columns);
    const float column_gain = weights + std::log(more_columns);
    const Samples slope_noise = act_noise_.of(p), column_noise = weight_noise_.of(p);
    for (int b = 0; b < kSamples; ++b) {
      const float size = size_[i][p][b];
      const LayerLaw law = laws_.at(size);
      const float delta =
          gradient[p][b] + law.slope + law.along * noise_[i][p][b] + law.rest * slope_noise[b];
      product[p][b] = delta + size_of.inverse(size);
      gradient[p][b] = delta + column_gain + deviation * column_noise[b];
    }
  }
  LogNormal noise = cross_terms(backward_[i].weight_grad_cross, data_.batch);
  noise.mean += std::log(data_.batch);
  bands_[i].weight_grad_variance = interval(batch_means(product), noise);
}

}  // namespace

bool lives_or_fades(const Model& model) {
  const Activation activation = effective_activation(model);
  return (activation == Activation::gelu || activation == Activation::silu) &&
         model.norm == Norm::none && !model.residual;
}

std::vector<PathBands> path_bands(const NetworkSpec& network, const DataSpec& data,
                                  const std::vector<LayerMap>& layers,
                                  const std::vector<ForwardFluctuation>& forward,
                                  const std::vector<BackwardFluctuation>& backward) {
  return Walks(network, data, layers, forward, backward).bands();
}

}  // namespace nanscope
