#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

#include "engine/base/result.h"
#include "engine/data/table.h"
#include "engine/experiment/data.h"
#include "engine/experiment/network.h"
#include "engine/plan/description.h"

// The random draws of an experiment, bit for bit those of PyTorch 2.15 for the same seed. All are
// contiguous float32 on the CPU. One generator serves a network, in this order: the parameters as
// the plan lists them; then the input X; then the upstream gradient R.
namespace nanscope {

/// A CPU generator in the state of torch.Generator().manual_seed(seed).
at::Generator seeded_generator(std::uint64_t seed);

/// Weight (out, in) at gain 1; the caller multiplies by Init::gain and rounds.
/// normal: N(0,1). inv_sqrt: N(0,1) / sqrt(in). truncated: torch.nn.init.trunc_normal_ with
/// std = 1/sqrt(in), cut at +-cut * std or at +-cut. xavier, kaiming: torch.nn.init.xavier_normal_
/// and kaiming_normal_ with the gain of ReLU, sqrt(2). orthogonal: torch.nn.init.orthogonal_.
at::Tensor draw_weight(const Init& init, std::int64_t out, std::int64_t in,
                       at::Generator& generator);

/// Bias (out): N(0, bias_std^2).
at::Tensor draw_bias(const Init& init, std::int64_t out, at::Generator& generator);

/// A parameter of a plan at gain 1 and bias_std 1; the caller multiplies by scale_of() and rounds.
at::Tensor draw_parameter(const Init& init, const ParameterDraw& draw, at::Generator& generator);

/// What of the experiment's init multiplies a draw: the gain of a weight or an embedding, a bias's
/// bias_std; 1 for what a norm learns.
double scale_of(const Init& init, ParameterInit parameter);

/// Input X (batch, features). normal: N(0,1). constant_norm: N(0,1) with every row scaled to length
/// sqrt(features). digits, file: the rows torch.randperm(rows)[:batch] of `table`, whose columns
/// are the features. Errors: a batch larger than the table, a table that is missing or of another
/// width.
Result<at::Tensor> draw_input(const DataSpec& data, const Table* table, std::int64_t batch,
                              std::int64_t features, at::Generator& generator);

/// R (batch, features): N(0,1), the gradient of L = sum(output * R) with respect to the output.
at::Tensor draw_upstream_gradient(std::int64_t batch, std::int64_t features,
                                  at::Generator& generator);

}  // namespace nanscope
