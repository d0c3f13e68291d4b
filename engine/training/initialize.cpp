#include "engine/training/initialize.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace nanscope {
namespace {

at::Tensor empty_floats(at::IntArrayRef shape) { return at::empty(shape, at::kFloat); }

/// P(X < x) for X ~ N(0,1).
double normal_cdf(double x) { return (1.0 + std::erf(x / std::sqrt(2.0))) / 2.0; }

/// Redraws whole tensors of N(0, std^2) until every element has come inside [-bound, bound].
at::Tensor truncate_by_redrawing(at::Tensor weight, double std, double bound,
                                 at::Generator& generator) {
  // The bound as float32, so that the comparison agrees with what the tensor can hold.
  const double limit = static_cast<float>(bound);
  weight.normal_(0, std, generator);
  while (true) {
    const at::Tensor outside = at::logical_or(weight.lt(-limit), weight.gt(limit));
    if (!outside.any().item<bool>()) return weight;
    weight = at::where(outside, at::empty_like(weight).normal_(0, std, generator), weight);
  }
}

/// Draws uniformly in [-bound, bound] and accepts with probability density(x) / density(0), for
/// narrow cuts, where redrawing a normal would reject most of it.
at::Tensor truncate_by_acceptance(at::Tensor weight, double std, double bound,
                                  at::Generator& generator) {
  at::Tensor candidate = at::empty_like(weight);
  at::Tensor uniform = at::empty_like(weight);
  // log u > log density(candidate) - log density(0); overwrites candidate.
  const auto rejected = [&] {
    candidate.div_(std).pow_(2).mul_(-0.5);
    return uniform.uniform_(0, 1, generator).log_().gt(candidate);
  };
  weight.uniform_(-bound, bound, generator);
  candidate.copy_(weight);
  at::Tensor pending = rejected();
  while (pending.any().item<bool>()) {
    candidate.uniform_(-bound, bound, generator);
    weight = at::where(pending, candidate, weight);
    pending = at::logical_and(pending, rejected());
  }
  return weight;
}

/// torch.nn.init.trunc_normal_(weight, 0, std, -bound, bound) as of PyTorch 2.15.
at::Tensor truncated_normal(at::Tensor weight, double std, double bound, at::Generator& generator) {
  const double kept = normal_cdf(bound / std) - normal_cdf(-bound / std);
  return kept > 0.3 ? truncate_by_redrawing(std::move(weight), std, bound, generator)
                    : truncate_by_acceptance(std::move(weight), std, bound, generator);
}

/// Q of the QR decomposition of a normal matrix, columns flipped so that R has a positive diagonal,
/// which makes Q uniform over the orthogonal matrices (Mezzadri 2007). A wide matrix is decomposed
/// transposed.
at::Tensor orthogonal(const at::Tensor& weight, at::Generator& generator) {
  weight.normal_(0, 1, generator);
  const bool wide = weight.size(0) < weight.size(1);
  auto [q, r] = at::linalg_qr(wide ? weight.t() : weight);
  q.mul_(r.diag(0).sign());
  return (wide ? q.t() : q).contiguous();
}

Result<at::Tensor> draw_rows(const DataSpec& data, const Table* table, std::int64_t batch,
                             std::int64_t features, at::Generator& generator) {
  if (table == nullptr) return input_error("data", "the table of samples is missing.");
  if (table->columns != features)
    return input_error("data", "the table has {} columns; the input takes {}.", table->columns,
                       features);
  if (batch > table->rows)
    return input_error("batch",
                       "{} is more than the {} rows of {}; it takes a "
                       "whole number from 1 to {}.",
                       batch, table->rows,
                       data.kind == DataKind::file     ? argument(data.path)
                       : data.kind == DataKind::digits ? message("the digits")
                                                       : argument(name_of(data.kind)),
                       table->rows);
  const at::Tensor rows = at::from_blob(const_cast<double*>(table->values.data()),
                                        {table->rows, table->columns}, at::kDouble);
  const at::Tensor order = at::randperm(table->rows, generator, at::kLong);
  // The values are fp32 already, unless the experiment is fp64.
  return rows.index_select(0, order.narrow(0, 0, batch)).to(table->fp64 ? at::kDouble : at::kFloat);
}

}  // namespace

at::Generator seeded_generator(std::uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

at::Tensor draw_weight(const Init& init, std::int64_t out, std::int64_t in,
                       at::Generator& generator) {
  at::Tensor weight = empty_floats({out, in});
  const double fan_in = static_cast<double>(in);
  const double fan_out = static_cast<double>(out);
  switch (init.scheme) {
    case InitScheme::normal:
      return weight.normal_(0, 1, generator);
    case InitScheme::inv_sqrt:
      return weight.normal_(0, 1, generator).div_(std::sqrt(fan_in));
    case InitScheme::truncated: {
      const double std = 1.0 / std::sqrt(fan_in);
      const bool relative = init.cut_reading == CutReading::standard_deviations;
      return truncated_normal(std::move(weight), std, relative ? init.cut * std : init.cut,
                              generator);
    }
    case InitScheme::xavier:
      return weight.normal_(0, std::sqrt(2.0 / (fan_in + fan_out)), generator);
    case InitScheme::kaiming:
      return weight.normal_(0, std::sqrt(2.0) / std::sqrt(fan_in), generator);
    case InitScheme::orthogonal:
      break;
  }
  return orthogonal(weight, generator);
}

at::Tensor draw_bias(const Init& init, std::int64_t out, at::Generator& generator) {
  return empty_floats({out}).normal_(0, 1, generator).mul_(init.bias_std);
}

at::Tensor draw_parameter(const Init& init, const ParameterDraw& draw, at::Generator& generator) {
  switch (draw.init) {
    case ParameterInit::weight: {
      at::Tensor weight = draw_weight(init, draw.shape[0], draw.fan_in, generator);
      return draw.factor == 1 ? weight : weight.mul_(draw.factor);
    }
    case ParameterInit::embedding:
      return empty_floats(draw.shape).normal_(0, 1, generator);
    case ParameterInit::scale:
      return empty_floats(draw.shape).fill_(1);
    case ParameterInit::shift:
      return empty_floats(draw.shape).zero_();
    case ParameterInit::bias:
      break;
  }
  Init unit = init;
  unit.bias_std = 1;
  return draw_bias(unit, draw.shape[0], generator);
}

double scale_of(const Init& init, ParameterInit parameter) {
  switch (parameter) {
    case ParameterInit::weight:
    case ParameterInit::embedding:
      return init.gain;
    case ParameterInit::bias:
      return init.bias_std;
    case ParameterInit::scale:
    case ParameterInit::shift:
      break;
  }
  return 1;
}

Result<at::Tensor> draw_input(const DataSpec& data, const Table* table, std::int64_t batch,
                              std::int64_t features, at::Generator& generator) {
  if (reads_table(data.kind)) return draw_rows(data, table, batch, features, generator);
  at::Tensor x = empty_floats({batch, features}).normal_(0, 1, generator);
  if (data.kind == DataKind::constant_norm) {
    const at::Tensor length = at::linalg_vector_norm(x, 2, at::IntArrayRef{1}, /*keepdim=*/true);
    x.div_(length).mul_(std::sqrt(static_cast<double>(features)));
  }
  return x;
}

at::Tensor draw_upstream_gradient(std::int64_t batch, std::int64_t features,
                                  at::Generator& generator) {
  return empty_floats({batch, features}).normal_(0, 1, generator);
}

}  // namespace nanscope
