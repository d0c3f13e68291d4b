#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include "engine/numbers/format.h"

// How number formats meet LibTorch's dtypes.
namespace nanscope {

/// The dtype that holds a format: its own where the operations have one, float for emulated formats
/// (and for tf32, which is a way to multiply, not to store).
at::ScalarType storage_type(const NumberFormat& format, bool emulated);

/// Rounds the values of a float tensor to `format` in place, bit for bit as a cast there and back;
/// leaves them alone where the tensor's dtype already holds just this format.
void round_to_format(const at::Tensor& tensor, const NumberFormat& format);

}  // namespace nanscope
