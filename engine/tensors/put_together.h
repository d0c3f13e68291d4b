#pragma once

#include <string>

#include "engine/tensors/calls.h"

// Functions of PyTorch's that Python puts together from LibTorch's (torch/functional.py).
namespace nanscope {

/// unique() and unique_consecutive(): of the three results those that were asked for.
Tried<Called> call_unique(Executor& executor, const std::string& name, const Arguments& arguments);

/// norm(), which is linalg.vector_norm() there: p=2 or 'fro', dim, keepdim, dtype.
Tried<Called> call_norm(Executor& executor, const Arguments& arguments);

/// nonzero(), whose as_tuple=True is another function of LibTorch's.
Tried<Called> call_nonzero(Executor& executor, const Arguments& arguments);

}  // namespace nanscope
