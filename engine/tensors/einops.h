#pragma once

#include "engine/tensors/calls.h"

namespace nanscope {

/// Whether a call is einops': rearrange, reduce, repeat as a function, einsum with its pattern
/// last.
bool is_einops(const std::string& name, const Arguments& arguments, bool method);

/// rearrange(x, "b h w -> b (h w)"), as the einops package does it: the same views, the same
/// copies, the same words where the pattern does not fit.
Tried<Called> call_einops(Executor& executor, const std::string& name, const Arguments& arguments);

/// torch.einsum("ij,jk->ik", x, y).
Tried<Called> torch_einsum(Executor& executor, const Arguments& arguments);

}  // namespace nanscope
