#include "engine/network/rounding.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

namespace nanscope {
namespace {

/// 64 KiB of float: a part fits into the first-level caches.
constexpr std::int64_t kRoundedPart = 16384;

std::optional<at::ScalarType> find_own_type(std::string_view name) {
  if (name == "fp64") return at::kDouble;
  if (name == "fp32") return at::kFloat;
  if (name == "bf16") return at::kBFloat16;
  if (name == "fp16") return at::kHalf;
  if (name == "e4m3") return at::kFloat8_e4m3fn;
  if (name == "e5m2") return at::kFloat8_e5m2;
  return std::nullopt;
}

/// Nearest even to 10 bits of mantissa, by integer arithmetic on the bits of a float; infinities
/// and NaN stay.
void round_to_tf32(const at::Tensor& tensor) {
  at::Tensor bits = tensor.view(at::kInt);
  const at::Tensor rounded =
      (bits + (bits.bitwise_right_shift(13).bitwise_and(1) + 0xfff)).bitwise_and(~0x1fff);
  bits.copy_(at::where(tensor.isfinite(), rounded, bits));
}

}  // namespace

at::ScalarType own_type(const NumberFormat& format) {
  return find_own_type(format.name).value_or(at::kFloat);
}

bool needs_rounding(const at::Tensor& tensor, const NumberFormat& format) {
  return tensor.scalar_type() == at::kFloat && format.name != "fp32";
}

void round_to_format(const at::Tensor& tensor, const NumberFormat& format) {
  if (!needs_rounding(tensor, format)) return;
  if (tensor.is_cpu() && tensor.is_contiguous()) {
    float* values = tensor.mutable_data_ptr<float>();
    at::parallel_for(0, tensor.numel(), kRoundedPart, [&](std::int64_t begin, std::int64_t end) {
      round_in_place(format, values + begin, static_cast<std::size_t>(end - begin));
    });
    return;
  }
  if (const auto type = find_own_type(format.name)) {
    at::Tensor(tensor).copy_(tensor.to(*type));
  } else {
    round_to_tf32(tensor);
  }
}

at::Tensor as_factor(const at::Tensor& tensor, const at::Tensor& scratch,
                     const NumberFormat& format) {
  if (!scratch.defined()) return tensor;
  scratch.copy_(tensor);
  round_to_format(scratch, format);
  return scratch;
}

}  // namespace nanscope
