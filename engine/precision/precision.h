#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/network.h"
#include "engine/numbers/format.h"

namespace nanscope {

/// One row of the precision table: the number format of everything that a layer touches.
struct PrecisionRow {
  const NumberFormat* weight = nullptr;         ///< storage of the weights (fp32 if mixed)
  const NumberFormat* linear_input = nullptr;   ///< both factors of every matmul, backward too
  const NumberFormat* linear_output = nullptr;  ///< its result, rounded after accumulation
  const NumberFormat* accumulate = nullptr;     ///< fp32, or fp64 for fp64
  const NumberFormat* norm_output = nullptr;
  const NumberFormat* elementwise = nullptr;  ///< activation, residual sum and their gradients
  const NumberFormat* weight_grad = nullptr;  ///< storage of the weight gradients
  /// Rounded in software around fp32 operations instead of computed in the format itself.
  bool emulated = false;
};

/// The row that an experiment runs with on this device. `automatic` is native for fp64, fp32, and
/// for bf16 where the CPU has bf16 instructions; on CUDA also for fp16 and tf32. The eight-bit
/// formats are always emulated. Asking for a native path that does not exist is an input error.
Result<PrecisionRow> precision_row(Precision precision, Execution execution, bool cuda);

/// How a number format enters an experiment's plan, one row of the precision table.
struct PrecisionUse {
  std::string operation;  ///< "linear", "norm", "activation", "residual"
  std::string input;      ///< format names: "fp16"
  std::string accumulate;
  std::string output;
  bool emulated = false;
};

/// The same row in words, for the screen and the JSON.
std::vector<PrecisionUse> precision_uses(const PrecisionRow& row);

}  // namespace nanscope
