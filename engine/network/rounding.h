#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include "engine/numbers/format.h"

// How number formats meet LibTorch's dtypes.
namespace nanscope {

/// The dtype of a format's own bits (PlanValue::stored); float for those that LibTorch has none
/// for.
at::ScalarType own_type(const NumberFormat& format);

/// Whether a tensor may hold numbers that the format has not: floats of another format than theirs.
bool needs_rounding(const at::Tensor& tensor, const NumberFormat& format);

/// Rounds the values of a float tensor to `format` in place, bit for bit as a cast there and back;
/// leaves them alone where the tensor's dtype already holds just this format.
void round_to_format(const at::Tensor& tensor, const NumberFormat& format);

/// What enters a product: the tensor itself, or where `scratch` is defined its values there,
/// rounded to `format`.
at::Tensor as_factor(const at::Tensor& tensor, const at::Tensor& scratch,
                     const NumberFormat& format);

}  // namespace nanscope
