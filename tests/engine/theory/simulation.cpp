#include "simulation.h"

#include <cmath>
#include <random>

#include "engine/theory/activation_function.h"

namespace nanscope {
namespace {

constexpr double kNormEpsilon = 1e-5;

struct Matrix {
  int rows = 0, columns = 0;
  std::vector<double> values;
  Matrix(int r, int c) : rows(r), columns(c), values(static_cast<std::size_t>(r) * c) {}
  double& at(int r, int c) { return values[static_cast<std::size_t>(r) * columns + c]; }
  double at(int r, int c) const { return values[static_cast<std::size_t>(r) * columns + c]; }
};

double variance(const Matrix& m) {
  double sum = 0, square = 0;
  for (const double x : m.values) {
    sum += x;
    square += x * x;
  }
  const auto count = static_cast<double>(m.values.size());
  return square / count - sum / count * (sum / count);
}

Matrix normal(int rows, int columns, std::mt19937_64& generator) {
  std::normal_distribution<double> draw;
  Matrix m(rows, columns);
  for (double& x : m.values) x = draw(generator);
  return m;
}

/// Rows made orthonormal one by one (Gram-Schmidt), for a square or a wide matrix.
void orthonormalize(Matrix& m) {
  for (int i = 0; i < m.rows; ++i)
    for (int j = 0; j <= i; ++j) {
      double dot = 0;
      for (int k = 0; k < m.columns; ++k) dot += m.at(i, k) * m.at(j, k);
      const double scale = i == j ? 1 / std::sqrt(dot) : 1;
      for (int k = 0; k < m.columns; ++k)
        m.at(i, k) = i == j ? m.at(i, k) * scale : m.at(i, k) - dot * m.at(j, k);
    }
}

Matrix draw_weight(const Init& init, int fan_out, int fan_in, std::mt19937_64& generator) {
  Matrix weight = normal(fan_out, fan_in, generator);
  double scale = 1;
  switch (init.scheme) {
    case InitScheme::normal:
      break;
    case InitScheme::inv_sqrt:
      scale = 1 / std::sqrt(fan_in);
      break;
    case InitScheme::truncated: {  // cut in standard deviations
      std::normal_distribution<double> draw;
      for (double& w : weight.values)
        while (std::abs(w) > init.cut) w = draw(generator);
      scale = 1 / std::sqrt(fan_in);
      break;
    }
    case InitScheme::xavier:
      scale = std::sqrt(2.0 / (fan_in + fan_out));
      break;
    case InitScheme::kaiming:
      scale = std::sqrt(2.0 / fan_in);
      break;
    case InitScheme::orthogonal:
      orthonormalize(weight);
      break;
  }
  for (double& w : weight.values) w *= scale * init.gain;
  return weight;
}

struct Normed {
  Matrix value;
  std::vector<double> scale;  ///< of each row
};

Normed apply_norm(Norm norm, const Matrix& h) {
  Normed result{h, std::vector<double>(h.rows, 1.0)};
  if (norm == Norm::none) return result;
  for (int b = 0; b < h.rows; ++b) {
    double mean = 0, square = 0;
    for (int c = 0; c < h.columns; ++c) mean += h.at(b, c) / h.columns;
    if (norm == Norm::rmsnorm) mean = 0;
    for (int c = 0; c < h.columns; ++c)
      square += (h.at(b, c) - mean) * (h.at(b, c) - mean) / h.columns;
    result.scale[b] = 1 / std::sqrt(square + kNormEpsilon);
    for (int c = 0; c < h.columns; ++c)
      result.value.at(b, c) = (h.at(b, c) - mean) * result.scale[b];
  }
  return result;
}

/// dL/dh of u = norm(h), in place of dL/du.
void norm_backward(Norm norm, const Normed& u, Matrix& gradient) {
  if (norm == Norm::none) return;
  const int width = gradient.columns;
  for (int b = 0; b < gradient.rows; ++b) {
    double mean = 0, along = 0;
    for (int c = 0; c < width; ++c) {
      mean += gradient.at(b, c) / width;
      along += gradient.at(b, c) * u.value.at(b, c) / width;
    }
    if (norm == Norm::rmsnorm) mean = 0;
    for (int c = 0; c < width; ++c)
      gradient.at(b, c) = u.scale[b] * (gradient.at(b, c) - mean - u.value.at(b, c) * along);
  }
}

struct Layer {
  Matrix weight;
  Norm norm = Norm::none;
  bool residual = false;
  Normed u;
  Matrix z;
};

Layer forward(const Experiment& experiment, const Matrix& input, bool is_input_layer,
              std::mt19937_64& generator, Matrix& output) {
  const Model& model = experiment.network.model;
  const Norm norm = is_input_layer ? Norm::none : model.norm;
  Layer layer{draw_weight(experiment.network.init, model.width, input.columns, generator), norm,
              !is_input_layer && model.residual, apply_norm(norm, input),
              Matrix(input.rows, model.width)};
  std::normal_distribution<double> draw;
  for (int i = 0; i < model.width; ++i) {
    const double bias = model.bias ? experiment.network.init.bias_std * draw(generator) : 0;
    for (int b = 0; b < input.rows; ++b) {
      double sum = bias;
      for (int j = 0; j < input.columns; ++j) sum += layer.weight.at(i, j) * layer.u.value.at(b, j);
      layer.z.at(b, i) = sum;
    }
  }
  const Activation activation = effective_activation(model);
  output = Matrix(input.rows, model.width);
  for (std::size_t k = 0; k < output.values.size(); ++k) {
    output.values[k] = evaluate(activation, layer.z.values[k]).value + value_at_zero(activation);
    if (layer.residual) output.values[k] += input.values[k];
  }
  return layer;
}

/// Turns dL/dh' into dL/dh and returns the variance of dL/dW.
double backward(const Layer& layer, Activation activation, Matrix& gradient) {
  Matrix delta = gradient;
  for (std::size_t k = 0; k < delta.values.size(); ++k)
    delta.values[k] *= evaluate(activation, layer.z.values[k]).slope;
  const int batch = delta.rows, fan_out = delta.columns, fan_in = layer.weight.columns;
  Matrix weight_grad(fan_out, fan_in), below(batch, fan_in);
  for (int b = 0; b < batch; ++b)
    for (int i = 0; i < fan_out; ++i)
      for (int j = 0; j < fan_in; ++j) {
        weight_grad.at(i, j) += delta.at(b, i) * layer.u.value.at(b, j);
        below.at(b, j) += delta.at(b, i) * layer.weight.at(i, j);
      }
  norm_backward(layer.norm, layer.u, below);
  if (layer.residual)
    for (std::size_t k = 0; k < below.values.size(); ++k) below.values[k] += gradient.values[k];
  gradient = below;
  return variance(weight_grad);
}

}  // namespace

std::vector<SimulatedLayer> simulate(const Experiment& experiment, int features,
                                     unsigned long long seed) {
  std::mt19937_64 generator(seed);
  const Model& model = experiment.network.model;
  Matrix h = normal(experiment.data.batch, features, generator);
  const bool has_input_layer = features != model.width;
  const int count = model.depth + (has_input_layer ? 1 : 0);
  std::vector<Layer> layers;
  std::vector<SimulatedLayer> result(count);
  for (int i = 0; i < count; ++i) {
    Matrix output(0, 0);
    layers.push_back(forward(experiment, h, has_input_layer && i == 0, generator, output));
    h = output;
    result[i].preactivation_variance = variance(layers[i].z);
    result[i].activation_variance = variance(h);
  }
  Matrix gradient = normal(experiment.data.batch, model.width, generator);
  for (int i = count; i-- > 0;) {
    result[i].activation_grad_variance = variance(gradient);
    result[i].weight_grad_variance = backward(layers[i], effective_activation(model), gradient);
  }
  return result;
}

}  // namespace nanscope
