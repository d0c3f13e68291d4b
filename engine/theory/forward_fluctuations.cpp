#include "engine/theory/forward_fluctuations.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// What a layer's output hands to the next layer.
struct State {
  SamplePair<Covariance2> covariance;
  Vector2 mean;
  PairCorrelation pairs;  ///< of h - m, normalized by V
  SamplePair<double> mean_noise;
};

/// What the sampled input X contributes. N(0,1) data: C independent values a sample. Rows of
/// constant norm: the variance is exact. A table: what was measured over its rows.
Covariance2 of_samples(DataKind data, const InputMoments& input, int features) {
  if (is_normal(data)) return {2.0 / features, 0, 1.0 / features};
  if (data == DataKind::constant_norm) return {0, 0, 1.0 / features};
  return input.of_samples;
}

State input_state(DataKind data, const InputMoments& input, int features) {
  State state;
  const Covariance2 rows = state.covariance.same = of_samples(data, input, features);
  state.mean_noise.same = rows.mean;
  if (reads_table(data)) {
    state.covariance.same = state.covariance.same + input.of_networks;
    state.covariance.other = input.of_networks;
  }
  const double mean_square = input.mean * input.mean;
  const double variance = input.second_moment - mean_square;
  // E[log V] = -Var / 2, and E[M / sqrt(V)] to second order.
  const double rho = variance > 0 ? input.mean / std::sqrt(variance) : 0;
  state.mean = {-0.5 * rows.variance, rho * rows.variance / 8 - 0.5 * rows.cross};
  const double c = std::clamp(
      variance > 0 ? (input.correlation * input.second_moment - mean_square) / variance : 0, -1.0,
      1.0);
  // The cosine of two independent samples of C values has a standard deviation of
  // (1 - c^2) / sqrt(C).
  double spread = (1 - c * c) * (1 - c * c) / features;
  if (input.squared_correlation > 0 && variance > 0) {
    const double scale = input.second_moment / variance;
    spread = scale * scale * (input.squared_correlation - input.correlation * input.correlation);
  }
  state.pairs = PairCorrelation::with(c, spread);
  return state;
}

/// The shares of h and of act in the amplitude of h' = [h +] act: skip^2 + branch^2 = 1.
struct Mixing {
  double skip = 0, branch = 1;
  explicit Mixing(const LayerMap& layer) {
    if (!layer.residual || !(layer.output.variance > 0)) return;
    skip = std::sqrt(ratio(layer.input.variance, layer.output.variance));
    branch = std::sqrt(ratio(layer.act.variance, layer.output.variance));
  }
};

class ForwardStepper {
 public:
  ForwardStepper(const LayerMap& layer, InitScheme scheme, const State& state)
      : layer_(layer), state_(state), mix_(layer) {
    result_.input_covariance = state.covariance;
    result_.input_mean = state.mean;
    result_.input_mean_noise = state.mean_noise.same;
    const double signal = layer.signal_fraction;
    if (scheme == InitScheme::orthogonal)
      result_.conserved =
          signal * signal * std::min(1.0, static_cast<double>(layer.fan_out) / layer.fan_in);
    set_responses();
    set_curvature();
    set_pairs();
    set_transfer();
    set_noise();
    set_output();
  }

  const ForwardFluctuation& result() const { return result_; }

  State next() const {
    return {result_.output_covariance, result_.output_mean, output_pairs(),
            result_.output_mean_noise};
  }

 private:
  void set_responses() {
    const Vector2 second = second_moment_response(layer_.input);
    const Vector2 size = layer_.norm == Norm::layernorm ? Vector2{1, 0} : second;
    const double kappa = layer_.norm == Norm::none ? 0 : layer_.normed_fraction;
    result_.size_response = kappa * size;
    result_.preactivation_response =
        layer_.signal_fraction * (layer_.norm == Norm::none ? second : (1 - kappa) * size);
  }

  /// Of u = norm(h), divided by E[u^2] (LayerNorm takes the mean off), and of z.
  void set_pairs() {
    share_ =
        layer_.norm == Norm::layernorm ? 1 : ratio(layer_.input.variance, layer_.input.second());
    result_.normed_pairs = state_.pairs.affine(share_, 1 - share_);
    result_.pairs = result_.normed_pairs.affine(layer_.signal_fraction, 1 - layer_.signal_fraction);
  }

  /// The correlation of z where that of h is c.
  double of_z(double c) const {
    const double share = share_ * layer_.signal_fraction;
    return share * c + (1 - share);
  }

  /// J: the skipped h, and act's response to E[z^2].
  void set_transfer() {
    const double skip = mix_.skip, branch = mix_.branch;
    const Vector2 response = result_.preactivation_response;
    result_.transfer = {
        Vector2{skip * skip, 0} + branch * branch * layer_.act.square.first * response,
        Vector2{0, skip} + branch * layer_.act.value.first * response};
  }

  /// The covariance over the batch of functions f, g of z at one unit. An orthogonal W keeps the
  /// mean of z z' over the units, and with it the second Hermite order.
  SamplePair<double> covariance(const Kernel& kernel) const {
    const double kept = result_.conserved * kernel.quadratic();
    return {kernel.covariance(1) - kept,
            result_.pairs.average([&](double c) { return kernel.covariance(c) - kept * c * c; })};
  }

  /// A unit's 2 skip branch h f + branch^2 (f^2 - 1) and branch f, with h and f standardized and
  /// independent of one another.
  void set_noise() {
    const double a = mix_.skip, b = mix_.branch, units = layer_.fan_out;
    const CorrelationKernels& kernels = layer_.act.kernels;
    const SamplePair<double> square = covariance(kernels.square);
    const SamplePair<double> mixed = covariance(kernels.value_square);
    const SamplePair<double> value = covariance(kernels.value);
    SamplePair<double> product{kernels.value(1), 0};  // E[h h'] E[f f']
    for (int i = 0; i < 3; ++i)
      product.other +=
          state_.pairs.probability[i] * state_.pairs.c[i] * kernels.value(result_.pairs.c[i]);
    const auto unit = [&](double h, double ff, double f2f2, double ff2) {
      return (1 / units) *
             Covariance2{4 * a * a * b * b * h + b * b * b * b * f2f2, b * b * b * ff2, b * b * ff};
    };
    result_.noise = {unit(product.same, value.same, square.same, mixed.same),
                     unit(product.other, value.other, square.other, mixed.other)};
    result_.output_mean_noise =
        a * a * state_.mean_noise +
        SamplePair<double>{result_.noise.same.mean, result_.noise.other.mean};
    const double free = 2 * (1 - result_.conserved) / units;
    result_.preactivation_noise = {free, free * result_.pairs.mean_square()};
  }

  void set_output() {
    const SamplePair<Covariance2>& input = state_.covariance;
    result_.output_covariance = {propagated(result_.transfer, input.same) + result_.noise.same,
                                 propagated(result_.transfer, input.other) + result_.noise.other};
    // E[log V'] of log(skip^2 e^x + branch^2 e^y) to second order, x the input's log V and y act's.
    const double a2 = mix_.skip * mix_.skip, b2 = mix_.branch * mix_.branch;
    const Response& square = layer_.act.square;
    const Vector2 drive = result_.preactivation_response;
    const Vector2 apart = Vector2{1, 0} + (-square.first) * drive;
    // A fixed length of z (orthogonal W) takes the radius' fluctuation 2/N out of E[act^2].
    const double sphere = -result_.conserved / layer_.fan_out *
                          (square.second + square.first * square.first - square.first);
    const double second_order = 0.5 * b2 * square.second * quadratic_form(drive, input.same) +
                                b2 * sphere + 0.5 * a2 * b2 * quadratic_form(apart, input.same) -
                                0.5 * result_.noise.same.variance;
    result_.output_mean =
        result_.transfer * state_.mean +
        Vector2{second_order + b2 * square.first * result_.curvature, mean_drift()};
  }

  /// log(V + M^2) is log V + log(1 + (rho + t)^2), to second order in t; V, which is around the
  /// expected mean, holds the noise of M already. A norm takes the scale off.
  void set_curvature() {
    if (layer_.norm != Norm::none) return;
    const double rho = relative_mean(layer_.input), square = rho * rho;
    const double ratio_square = quadratic_form({-0.5 * rho, 1}, state_.covariance.same);  // E[t^2]
    result_.curvature = layer_.signal_fraction *
                        ((1 - square) / (1 + square) * ratio_square - state_.mean_noise.same) /
                        (1 + square);
  }

  /// Second order of E[M' / sqrt(V')], M' = sqrt(V) (rho + t) + E[act], as it adds to E[x']: x has
  /// the mean (E[log V], E[t] + rho E[log V] / 2).
  double mean_drift() const {
    const Covariance2 input = state_.covariance.same, output = result_.output_covariance.same;
    const double rho = relative_mean(layer_.input);
    const Response& value = layer_.act.value;
    // sqrt(V) (rho + t) = (rho + t) e^(u / 2), where u = log V.
    const double ratio_with_variance = input.cross - 0.5 * rho * input.variance;  // E[t u]
    const double skipped = rho * input.variance / 8 + ratio_with_variance / 2;
    const double act = value.first * result_.curvature +
                       0.5 * value.second * quadratic_form(result_.preactivation_response, input);
    return mix_.skip * skipped + mix_.branch * act - 0.5 * output.cross +
           relative_mean(layer_.output) * output.variance / 8;
  }

  double map(double c_input, double c) const {
    return mix_.skip * mix_.skip * c_input +
           mix_.branch * mix_.branch * layer_.act.kernels.value(c);
  }

  /// N times the variance that sampling N units adds to the correlation r of one pair of outputs:
  /// of h_1' h_2' - r (h_1'^2 + h_2'^2) / 2, given the realized h.
  double pair_noise(double c_input, double c) const {
    const CorrelationKernels& kernels = layer_.act.kernels;
    const double a = mix_.skip, b = mix_.branch, k = kernels.value(c), r = map(c_input, c);
    const double products = 2 * (1 + r * r - 2 * r * k) + 2 * c_input * (k * (1 + r * r) - 2 * r);
    const double squares = kernels.square(c) - 2 * r * kernels.value_cube(c) +
                           0.5 * r * r * (kernels.square(1) + kernels.square(c)) -
                           (k - r) * (k - r);
    const double linear = kernels.value.linear() * (1 - c * c);
    const double kept = result_.conserved * linear * linear;
    return std::max(0.0, a * a * b * b * products + b * b * b * b * (squares - kept));
  }

  PairCorrelation output_pairs() const {
    double mean = 0, square = 0;
    for (int i = 0; i < 3; ++i) {
      const double output = map(state_.pairs.c[i], result_.pairs.c[i]);
      mean += state_.pairs.probability[i] * output;
      square += state_.pairs.probability[i] * output * output;
    }
    const PairCorrelation wide =
        PairCorrelation::widely(state_.pairs.mean(), state_.pairs.variance());
    const double noise = wide.average([&](double c) { return pair_noise(c, of_z(c)); });
    return PairCorrelation::with(mean, square - mean * mean + noise / layer_.fan_out);
  }

  const LayerMap& layer_;
  const State& state_;
  Mixing mix_;
  double share_ = 1;  ///< of h - m in E[u^2]
  ForwardFluctuation result_;
};

}  // namespace

std::vector<ForwardFluctuation> forward_fluctuations(const std::vector<LayerMap>& layers,
                                                     InitScheme scheme, DataKind data,
                                                     const InputMoments& input) {
  State state = input_state(data, input, layers.front().fan_in);
  std::vector<ForwardFluctuation> fluctuations;
  fluctuations.reserve(layers.size());
  for (const LayerMap& layer : layers) {
    const ForwardStepper stepper(layer, scheme, state);
    fluctuations.push_back(stepper.result());
    state = stepper.next();
  }
  return fluctuations;
}

}  // namespace nanscope
