#include "engine/precision/precision.h"

#include <fmt/format.h>

#include "engine/base/names.h"

namespace nanscope {
namespace {

/// Whether this CPU multiplies matrices of bf16 by its own instructions. Those with AMX tiles have
/// AVX-512's as well.
bool cpu_has_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#elif defined(__ARM_FEATURE_BF16_VECTOR_ARITHMETIC)
  return true;
#else
  return false;
#endif
}

/// Every operation in one format.
PrecisionRow uniform(const NumberFormat* format) {
  return {.weight = format,
          .linear_input = format,
          .linear_output = format,
          .accumulate = format,
          .norm_output = format,
          .elementwise = format,
          .weight_grad = format};
}

/// Matrix products in `narrow`, the rest in fp32: tf32 on the hardware that has it.
PrecisionRow only_products(const NumberFormat* narrow, const NumberFormat* fp32) {
  PrecisionRow row = uniform(fp32);
  row.linear_input = narrow;
  return row;
}

/// fp32 master weights, norms and weight gradients; the rest in `narrow`.
PrecisionRow mixed(const NumberFormat* narrow, const NumberFormat* fp32) {
  PrecisionRow row = uniform(narrow);
  row.weight = fp32;
  row.norm_output = fp32;
  row.weight_grad = fp32;
  return row;
}

PrecisionRow formats_of(Precision precision) {
  const NumberFormat* fp32 = find_format("fp32");
  switch (precision) {
    case Precision::fp64:
      return uniform(find_format("fp64"));
    case Precision::tf32:
      return only_products(find_format("tf32"), fp32);
    case Precision::mixed_bf16:
      return mixed(find_format("bf16"), fp32);
    case Precision::mixed_fp16:
      return mixed(find_format("fp16"), fp32);
    default:
      return uniform(find_format(name_of(precision)));
  }
}

/// Why there is no native path, or "" where there is one.
std::string missing_native_path(Precision precision, bool cuda) {
  switch (precision) {
    case Precision::tf32:
      return cuda ? "" : "CPUs have no tf32 instructions";
    case Precision::e4m3:
    case Precision::e5m2:
      return "LibTorch has no native path for a whole network in eight bits";
    default:
      return "";
  }
}

/// Whether the device computes in this precision as fast as it should.
bool native_is_fast(Precision precision, bool cuda) {
  switch (precision) {
    case Precision::fp64:
    case Precision::fp32:
      return true;
    case Precision::bf16:
    case Precision::mixed_bf16:
      return cuda || cpu_has_bf16();
    case Precision::tf32:
    case Precision::fp16:
    case Precision::mixed_fp16:
      return cuda;
    case Precision::e4m3:
    case Precision::e5m2:
      return false;
  }
  return false;
}

}  // namespace

Result<PrecisionRow> precision_row(Precision precision, Execution execution, bool cuda) {
  PrecisionRow row = formats_of(precision);
  if (precision != Precision::fp64) row.accumulate = find_format("fp32");
  const bool wide = precision == Precision::fp64 || precision == Precision::fp32;
  switch (execution) {
    case Execution::automatic:
      row.emulated = !native_is_fast(precision, cuda);
      break;
    case Execution::emulated:
      row.emulated = !wide;  // there is nothing to round
      break;
    case Execution::native:
      if (const std::string reason = missing_native_path(precision, cuda); !reason.empty())
        return input_error("execution",
                           "native is not possible with precision {} on {}: "
                           "{}; use auto or emulated.",
                           name_of(precision), cuda ? "cuda" : "cpu", reason);
      break;
  }
  return row;
}

std::vector<PrecisionUse> precision_uses(const PrecisionRow& row) {
  const auto use = [&row](const char* operation, const NumberFormat* in, const NumberFormat* sum,
                          const NumberFormat* out) {
    return PrecisionUse{operation, std::string(in->name), std::string(sum->name),
                        std::string(out->name), row.emulated};
  };
  return {use("linear", row.linear_input, row.accumulate, row.linear_output),
          use("norm", row.elementwise, row.accumulate, row.norm_output),
          use("activation", row.linear_output, row.accumulate, row.elementwise),
          use("residual", row.elementwise, row.accumulate, row.elementwise)};
}

}  // namespace nanscope
