#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/costs/flops.h"
#include "engine/numbers/format.h"

// A plan as plain data: a list of operations over values, which can be asked. Costs, memory over
// time, the PyTorch script and the inspector read it; engine/network runs it.
namespace nanscope {

/// What a value is for, which says how long it lives.
enum class ValueRole {
  input,
  parameter,
  parameter_copy,  ///< one in another format, which products read
  activation,
  gradient,
  saved,
  running,  ///< statistics of the batches so far, which go on from step to step
  optimizer_state,
  scratch
};
template <>
struct Names<ValueRole> {
  static constexpr std::array<std::pair<ValueRole, std::string_view>, 9> all{
      {{ValueRole::input, "input"},
       {ValueRole::parameter, "parameter"},
       {ValueRole::parameter_copy, "parameter_copy"},
       {ValueRole::activation, "activation"},
       {ValueRole::gradient, "gradient"},
       {ValueRole::saved, "saved"},
       {ValueRole::running, "running"},
       {ValueRole::optimizer_state, "optimizer_state"},
       {ValueRole::scratch, "scratch"}}};
};

/// How gradients are kept.
enum class GradientPolicy {
  /// For a pass that is looked at while it runs: every gradient lives from its first contribution
  /// to
  /// the end of its layer, and gradients that do not meet share a buffer.
  shared,
  /// For training: parameters own theirs, which accumulate until they are forgotten; those of
  /// activations share.
  owned,
  /// Every value owns its gradient: they can be read after the pass (a captured graph, tests).
  kept,
};
template <>
struct Names<GradientPolicy> {
  static constexpr std::array<std::pair<GradientPolicy, std::string_view>, 3> all{
      {{GradientPolicy::shared, "shared"},
       {GradientPolicy::owned, "owned"},
       {GradientPolicy::kept, "kept"}}};
};

using ValueId = int;  ///< index into PlanDescription::values
inline constexpr ValueId kNoValue = -1;

/// One tensor of a plan.
struct PlanValue {
  std::string name = {};    ///< as the equations write it: "h3", "W3", "dW3", "rstd3"
  std::string symbol = {};  ///< the name without its layer: "h"
  ValueRole role = ValueRole::activation;
  /// Rows are (B, C); where several networks run side by side, every shape has a leading N.
  std::vector<std::int64_t> shape = {};
  const NumberFormat* format = nullptr;  ///< what its numbers are rounded to
  const NumberFormat* stored = nullptr;  ///< whose bits hold them: fp32 for an emulated format
  int buffer = -1;                       ///< values that share memory have the same one
  ValueId gradient = kNoValue;           ///< dL/d this; none where nobody needs it
  /// Of a gradient that is a sum: where later contributions are computed before they are added.
  ValueId contribution = kNoValue;

  std::int64_t elements() const;
  std::int64_t bytes() const;
};

/// What gives a parameter its first values.
enum class ParameterInit {
  weight,     ///< the scheme of the experiment's init, times its gain
  bias,       ///< N(0, bias_std^2)
  embedding,  ///< N(0,1) times the gain, whatever the scheme, as torch.nn.Embedding
  scale,      ///< 1, of a norm
  shift,      ///< 0, of a norm
};
template <>
struct Names<ParameterInit> {
  static constexpr std::array<std::pair<ParameterInit, std::string_view>, 5> all{
      {{ParameterInit::weight, "weight"},
       {ParameterInit::bias, "bias"},
       {ParameterInit::embedding, "embedding"},
       {ParameterInit::scale, "scale"},
       {ParameterInit::shift, "shift"}}};
};

/// What the draw of a parameter depends on, besides the scheme and the generator.
struct ParameterDraw {
  int layer = 0;  ///< index into PlanDescription::layers
  ParameterInit init = ParameterInit::weight;
  std::vector<std::int64_t> shape = {};  ///< of one network: (out, in) or (out)
  std::int64_t fan_in = 0;               ///< the values that one of its units reads
  double factor = 1;  ///< multiplies the draw: GPT-2's 1/sqrt(2 L) of what ends in the stream
  bool operator==(const ParameterDraw&) const = default;
};

struct PlanParameter {
  ValueId value = kNoValue;
  ParameterDraw draw;
  /// What the optimizer keeps for it, in the order of OptimizerText::state; of training alone.
  std::vector<ValueId> state = {};
};

/// What a batch norm keeps for evaluation: zeros and ones before the first step.
struct RunningStatistics {
  ValueId mean = kNoValue, variance = kNoValue;  ///< (C)
};

/// Which formats of the precision table an operation takes.
enum class PrecisionRule { product, norm, elementwise, cast, loss };

/// One step of a plan.
struct PlanOperation {
  std::string kind = {};  ///< "linear", "relu", ...: one word
  PrecisionRule rule = PrecisionRule::elementwise;
  int layer = 0;
  std::vector<ValueId> inputs = {};
  std::vector<ValueId> outputs = {};
  std::vector<ValueId> saved = {};    ///< what backward reads again besides the outputs' gradients
  std::vector<ValueId> scratch = {};  ///< what nobody reads after this operation
  /// Scratch of its backward: contributions to sums of gradients, before they are added.
  std::vector<ValueId> parts = {};
  std::string equation = {};           ///< "z3 = u3 W3^T + b3"
  std::string backward_equation = {};  ///< "dh2 = dz3 W3, dW3 = dz3^T h2"
  /// Patterns over the inputs, for fill(): in short, "{0} {1}^T", and as PyTorch writes it,
  /// "F.linear({0}, {1})".
  std::string formula = {};
  std::string pytorch = {};
  Cost forward = {};
  Cost backward = {};
  /// Bytes that LibTorch's kernels take beside the plan's buffers while it runs, there and back.
  std::int64_t forward_temporaries = 0, backward_temporaries = 0;
  /// The input whose gradient is that of the output, number for number, so that both can be one
  /// buffer; none otherwise.
  std::optional<int> passes_gradient_to = {};
  double dropped = 0;  ///< of a dropout: the share of elements that become 0
  double masked = 0;   ///< of a mask: what stands where it hides
  /// Runs forward once more before its segment runs back, which is part of the cost back.
  bool recomputed = false;
};

/// Layers whose activations are dropped on the way forward and computed again on the way back;
/// what they pass on to others is kept.
struct RecomputedSegment {
  int first_layer = 0, end_layer = 0;
};

/// A named place where probes look: at a value when an operation has run, and at its gradient when
/// that is complete.
struct PlanTap {
  std::string name;  ///< one of tap::, or the model's own
  ValueId value = kNoValue;
  int operation = 0;  ///< look at the value when this one has run
  /// Look at the gradient when all operations from this one on have run back.
  int gradient_from = 0;
};

/// Names that several rooms know.
namespace tap {
inline constexpr std::string_view weight = "weight";
inline constexpr std::string_view bias = "bias";
inline constexpr std::string_view preactivation = "preactivation";
inline constexpr std::string_view branch = "branch";  ///< what a residual adds to the stream
inline constexpr std::string_view activation = "activation";
}  // namespace tap

/// A range of operations with a name, as probes and people see it.
struct PlanLayer {
  std::string name;  ///< "linear 3", or "input"
  int first_operation = 0;
  int end_operation = 0;
  std::vector<PlanTap> taps;
};

/// Bytes of what is drawn for a pass, in fp32, and kept beside its plan's buffers.
struct DrawBytes {
  std::int64_t parameters = 0;
  std::int64_t input = 0;  ///< X and the upstream gradient, which has the output's shape
  std::int64_t total() const { return parameters + input; }
  bool operator==(const DrawBytes&) const = default;
};

/// Fill the input, the parameters and, before backward, the gradient of the output; run the
/// operations in order, then back. Of training, fill the target, too: the output is the loss.
struct PlanDescription {
  std::vector<PlanValue> values;
  std::vector<PlanOperation> operations;
  std::vector<PlanLayer> layers;
  std::vector<PlanParameter> parameters;   ///< in the order in which PyTorch draws them
  std::vector<RunningStatistics> running;  ///< of each norm that keeps them
  std::vector<RecomputedSegment> recomputed;
  std::vector<std::int64_t> buffers;  ///< bytes of each
  ValueId input = kNoValue;           ///< X
  ValueId output = kNoValue;          ///< h_L, or the loss
  ValueId target = kNoValue;          ///< what the loss compares with; of training alone
  ValueId optimizer_step = kNoValue;  ///< the optimizer's count, where it keeps one
  std::int64_t networks = 1;
  GradientPolicy gradients = GradientPolicy::shared;

  const PlanValue& value(ValueId id) const { return values[static_cast<std::size_t>(id)]; }
  /// The names of some values.
  std::vector<std::string> names(std::span<const ValueId> ids) const;
  /// Null where the layer has no such tap.
  const PlanTap* find_tap(int layer, std::string_view name) const;
  std::span<const PlanOperation> operations_of(int layer) const;
  /// First and end index of a layer's own in `parameters`.
  std::pair<std::size_t, std::size_t> parameters_of(int layer) const;

  Cost forward_cost() const;
  Cost backward_cost() const;
  /// Of this what is computed again on the way back.
  Cost recomputed_cost() const;
  std::int64_t bytes() const;  ///< all buffers: what the allocator holds
  DrawBytes draw_bytes() const;
  /// bytes() by what they are for; a buffer of several roles counts for its first value's.
  std::map<ValueRole, std::int64_t> bytes_by_role() const;
};

/// The format whose bits hold numbers of `format`: its own, or fp32 where it is emulated (and for
/// tf32, which is a way to multiply, not to store).
const NumberFormat& stored_as(const NumberFormat& format, bool emulated);

/// A pattern of PlanOperation with its places filled: {0} by operands[0], {0:name} by names[0].
std::string fill(std::string_view pattern, std::span<const std::string> operands,
                 std::span<const std::string> names);

}  // namespace nanscope
