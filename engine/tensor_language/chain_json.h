#pragma once

#include <string>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// The JSON of `nanscope tensor --json`, schema "nanscope.tensor/1". Values that are not finite are
/// the strings "inf", "-inf" and "nan".
std::string to_json(const TensorChain& chain, int indent = -1);

/// One row a step: expr, shape, stride, offset, dtype, contiguous, kind, storage, copied_bytes.
std::string to_csv(const TensorChain& chain);

}  // namespace nanscope
