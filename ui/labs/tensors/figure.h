#pragma once

#include <memory>

#include "engine/tensor_language/chain.h"
#include "ui/export/figure.h"

namespace nanscope {

/// The chain for pictures and data files.
Figure tensors_figure(const Experiment& experiment, std::shared_ptr<const TensorChain> chain);

}  // namespace nanscope
