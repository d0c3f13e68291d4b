#pragma once

#include <string_view>

namespace nanscope {

/// Whether PyTorch has a function, a method, an attribute or a module of this name: in torch,
/// torch.nn.functional, torch.nn or of a tensor.
bool is_pytorch_name(std::string_view name);

}  // namespace nanscope
