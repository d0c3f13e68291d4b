#pragma once

#include <string>
#include <vector>

#include "engine/experiment/network.h"
#include "engine/plan/builder.h"

// What each operation computes, there and back: its values, equations, PyTorch and cost. One file
// an operation; engine/network/operations has what runs. Each function appends the operation and
// returns its result, named `symbol` with the layer's suffix.
namespace nanscope {

/// Added to the mean square of a norm's input, so that a zero input gives zero.
inline constexpr double kNormEpsilon = 1e-5;
/// How far a batch moves running statistics towards its own, as torch.nn.BatchNorm1d's momentum.
inline constexpr double kRunningShare = 0.1;

/// z = x W^T + b with x (B,in), W (out,in), b (out) or kNoValue; with N networks each with a
/// leading N. Backward: dx = dz W, dW = dz^T x, db = sum of dz over the samples. The result is
/// rounded once to `format`, after the accumulation and the bias. Where what enters a product is
/// narrower than its result (tf32), dz is rounded too, in scratch.
ValueId add_linear(PlanBuilder& plan, const std::string& symbol, ValueId input, ValueId weight,
                   ValueId bias, const NumberFormat& format);

/// Where what enters a product is narrower than its result (tf32), scratch in that format for the
/// gradient of the result, which enters the products back; none elsewhere.
std::vector<ValueId> add_delta_scratch(PlanBuilder& plan, const std::string& symbol,
                                       const std::vector<std::int64_t>& shape,
                                       const NumberFormat& format);

/// a = act(z), element by element.
ValueId add_activation(PlanBuilder& plan, const std::string& symbol, Activation activation,
                       ValueId input);

/// What a norm learns of each feature, (C): scale g and shift b, where it has them.
struct NormParameters {
  ValueId scale = kNoValue, shift = kNoValue;
};

/// u = n g + b with n = (h - mean) r, r = 1 / sqrt(var + eps) over the last dimension (Ba et al.
/// 2016); without what is learned u = n. Backward: dn = du g, dh = r (dn - mean(dn) - n mean(dn
/// n)), dg = sum of du n over the rows, db = sum of du. A shift comes with a scale.
ValueId add_layer_norm(PlanBuilder& plan, const std::string& symbol, ValueId input,
                       NormParameters learned = {});

/// u = n g with n = h r, r = 1 / sqrt(mean(h^2) + eps) over the last dimension (Zhang & Sennrich
/// 2019); without a scale u = n. Backward: dn = du g, dh = r (dn - n mean(dn n)), dg = sum of du n
/// over the rows. In 16 bits it computes in fp32 and rounds the result, as
/// torch.nn.functional.rms_norm does.
ValueId add_rms_norm(PlanBuilder& plan, const std::string& symbol, ValueId input,
                     ValueId scale = kNoValue);

/// u = (h - mean) r with r = 1 / sqrt(var + eps), mean and var of each feature over the batch,
/// without learned scale and shift (Ioffe & Szegedy 2015). Backward: dh = r (du - mean(du) - u
/// mean(du u)). Where the plan keeps running statistics, these go kRunningShare of the way to the
/// batch's mean and unbiased variance, and evaluation takes them instead.
ValueId add_batch_norm(PlanBuilder& plan, const std::string& symbol, ValueId input);

/// h' = h + a. Backward: dh += dh', and da is dh' itself.
ValueId add_residual(PlanBuilder& plan, const std::string& symbol, ValueId stream, ValueId branch);

/// h = a m / (1 - p) with m from Bernoulli(1 - p), drawn for every pass of training; in evaluation
/// h = a (Srivastava et al. 2014). Backward: da = dh m / (1 - p).
ValueId add_dropout(PlanBuilder& plan, const std::string& symbol, double dropped, ValueId input);

/// L = mean((y - t)^2) over all elements, a single number, in the format that holds y. Backward:
/// dy = 2 (y - t) dL / elements.
ValueId add_mse(PlanBuilder& plan, ValueId prediction, ValueId target);

/// L = -mean over the samples of sum(t log softmax(y)), with t (B,K) one sample's probabilities of
/// the classes: 1 for its own, 0 for the others. Backward: dy = (softmax(y) - t) dL / B.
ValueId add_cross_entropy(PlanBuilder& plan, ValueId prediction, ValueId target);

/// y = x in another number format, whose gradient comes back in `gradient_format`.
ValueId add_cast(PlanBuilder& plan, ValueId input, const NumberFormat& format,
                 const NumberFormat& gradient_format);
/// The value in the format that a matrix product wants: itself, or a cast of it.
ValueId add_cast_for_product(PlanBuilder& plan, ValueId value, const NumberFormat& format);

/// The value in bits that a norm reads: itself, or a cast of it.
ValueId add_cast_for_norm(PlanBuilder& plan, ValueId value);

/// The dtype of PyTorch that holds the values of a format, and whose smallest normal is the
/// format's: "torch.bfloat16"; of tf32, which has none, "torch.float32".
std::string pytorch_dtype(const NumberFormat& format);

/// What an activation function is, in words.
struct ActivationText {
  Activation activation;
  const char* formula;     ///< of z: "max(z, 0)"
  const char* derivative;  ///< of z or a
  const char* pytorch;     ///< a pattern for fill(): "F.relu({0})"
  /// The derivative in PyTorch by the activation's own value a, where a rounding of a changes it;
  /// else "".
  const char* pytorch_derivative;
  bool saves_output = false;  ///< the derivative is one of a: z is not read on the way back
};
const ActivationText& activation_text(Activation activation);

}  // namespace nanscope
