#include "engine/costs/training_bytes.h"

#include <cmath>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr double kBlock = 256;         // numbers of an 8-bit state with a largest magnitude
constexpr double kSmallTensor = 4096;  // elements from which on a state has 8 bits

bool is_mixed(Precision precision) {
  return precision == Precision::mixed_bf16 || precision == Precision::mixed_fp16;
}

}  // namespace

double BytesPerParameter::optimizer() const {
  return master + states * (eight_bits ? 1 + 4 / kBlock : state);
}

double BytesPerParameter::optimizer_of(double elements) const {
  const bool small = !eight_bits || elements < kSmallTensor;
  const double one = small ? state * elements : elements + 4 * std::ceil(elements / kBlock);
  return master * elements + states * one;
}

int bytes_of(Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return 8;
    case Precision::fp32:
    case Precision::tf32:
      return 4;
    case Precision::e4m3:
    case Precision::e5m2:
      return 1;
    default:
      return 2;
  }
}

Result<BytesPerParameter> bytes_per_parameter(Precision precision, OptimizerKind optimizer,
                                              std::optional<BytesConvention> convention,
                                              bool eight_bits) {
  const int bytes = bytes_of(precision);
  BytesPerParameter result{
      .convention = convention.value_or(is_mixed(precision) ? BytesConvention::zero
                                                            : BytesConvention::uniform),
      .weights = static_cast<double>(bytes),
      .gradients = static_cast<double>(bytes),
      .states = static_cast<int>(optimizer_text(optimizer).state.size()),
      .state = 4,
      .eight_bits = eight_bits};
  if (result.convention != BytesConvention::uniform && bytes != 2)
    return input_error("--convention",
                       "{} is of 16-bit weights, and the precision is {}; take uniform, or bf16, "
                       "fp16, mixed_bf16 or mixed_fp16.",
                       name_of(result.convention), name_of(precision));
  if (eight_bits && result.states == 0)
    return input_error("--optimizer-bits", "8 has no effect: {} keeps no state.",
                       name_of(optimizer));
  switch (result.convention) {
    case BytesConvention::uniform:
      if (is_mixed(precision)) result.weights = result.gradients = 4;
      result.state = eight_bits ? 4 : result.weights;
      break;
    case BytesConvention::cs336:
      break;
    case BytesConvention::zero:
      result.master = 4;
      break;
    case BytesConvention::megatron:
      result.gradients = 4;
      result.master = 4;
      break;
    case BytesConvention::fp32_copies:
      result.gradients = 6;
      result.master = 4;
      break;
  }
  return result;
}

Shares zero_shares(int stage, double ranks) {
  return {.weights = stage >= 3 ? 1 / ranks : 1,
          .gradients = stage >= 2 ? 1 / ranks : 1,
          .optimizer = stage >= 1 ? 1 / ranks : 1};
}

std::string_view source_of(BytesConvention convention) {
  switch (convention) {
    case BytesConvention::uniform:
      return "every tensor in the precision's own format; with a mixed one weights, gradients and "
             "state in fp32, as torch.amp and NaNscope's engine have it";
    case BytesConvention::cs336:
      return "Stanford CS336 (2026), lecture 2: 2+2+(4+4) with Adam";
    case BytesConvention::zero:
      return "Rajbhandari et al. 2020 (ZeRO), section 3.1: 2+2+12 with Adam";
    case BytesConvention::megatron:
      return "Megatron-LM, distributed optimizer: bf16 weights, fp32 gradients, 18 with Adam";
    case BytesConvention::fp32_copies:
      return "16-bit weights and gradients with fp32 copies of both: 20 with Adam";
  }
  return "";
}

}  // namespace nanscope
