#pragma once

#include <torch/library.h>

namespace nanscope {

/// What operations return on the meta device, where LibTorch has it in Python only
/// (torch/_meta_registrations.py): shape, strides, dtype and refusals. LibTorch has them as long as
/// this lives.
class MetaKernels {
 public:
  MetaKernels();

 private:
  torch::Library library_;
};

}  // namespace nanscope
