#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/experiment/network.h"
#include "engine/experiment/training.h"

// Bytes that training keeps for each parameter. Sources count differently, so it is a switch.
namespace nanscope {

enum class BytesConvention {
  /// Everything in the precision's own format: fp32 and Adam 4+4+(4+4) = 16. Of a mixed precision
  /// weights, gradients and state are fp32, as torch.amp has it.
  uniform,
  cs336,        ///< bf16 weights and gradients, fp32 state: 2+2+(4+4) = 12 (CS336, 2026)
  zero,         ///< ... and fp32 master weights: 2+2+(4+4+4) = 16 (ZeRO, Rajbhandari et al. 2020)
  megatron,     ///< ... and fp32 gradients: 2+4+(4+4+4) = 18 (Megatron-LM)
  fp32_copies,  ///< ... and fp32 copies of both: (2+4)+(2+4)+(4+4) = 20 (notes on mixed precision)
};

struct BytesPerParameter {
  BytesConvention convention = BytesConvention::uniform;
  double weights = 0, gradients = 0;
  double master = 0;  ///< fp32 copies that the optimizer steps; counted with its state
  int states = 0;     ///< numbers that the optimizer keeps
  double state = 0;   ///< bytes of one; of an 8-bit optimizer what small tensors keep
  bool eight_bits = false;

  /// Of a large tensor.
  double optimizer() const;
  double total() const { return weights + gradients + optimizer(); }
  /// What the optimizer keeps of one tensor. In 8 bits (Dettmers et al. 2022): a byte a number, an
  /// fp32 largest magnitude a block of 256; tensors under 4096 elements stay in fp32.
  double optimizer_of(double elements) const;
};

/// `convention`: without one `zero` for mixed precision and `uniform` for the others. Errors: a
/// convention of 16-bit weights with another precision.
Result<BytesPerParameter> bytes_per_parameter(Precision precision, OptimizerKind optimizer,
                                              std::optional<BytesConvention> convention,
                                              bool eight_bits);

/// Bytes of a number of this precision, where everything is in it; of a mixed one the 16 bits that
/// activations have.
int bytes_of(Precision precision);

/// Of one byte a weight: what a reader should know of it.
inline constexpr const char* kAllInFp8 =
    "weights, gradients and the optimizer's state are counted in fp8 alone, which no training "
    "keeps to: fp8 products go with --precision mixed_bf16 for the bytes";

/// What ZeRO leaves on one of `ranks` data-parallel devices: 1 divides the optimizer's state, 2
/// gradients, too, 3 the weights as well. Of one parameter.
struct Shares {
  double weights = 1, gradients = 1, optimizer = 1;
};
Shares zero_shares(int stage, double ranks);

std::string_view source_of(BytesConvention convention);

template <>
struct Names<BytesConvention> {
  static constexpr std::array<std::pair<BytesConvention, std::string_view>, 5> all{
      {{BytesConvention::uniform, "uniform"},
       {BytesConvention::cs336, "cs336"},
       {BytesConvention::zero, "zero"},
       {BytesConvention::megatron, "megatron"},
       {BytesConvention::fp32_copies, "fp32_copies"}}};
};

}  // namespace nanscope
