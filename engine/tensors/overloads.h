#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensors/meta_kernels.h"
#include "engine/tensors/value.h"

namespace nanscope {

/// A call that LibTorch takes: the operator and its arguments in the order of its schema.
struct BoundCall {
  c10::OperatorHandle overload;
  torch::jit::Stack arguments;
  bool writes = false;  ///< into its first argument
};

/// LibTorch's own table of operators: which overloads an operation has, and which arguments each
/// takes. Arguments are matched with them as PyTorch's Python interface does: sizes may be written
/// one by one (`x.view(2, 3)`), a number stands for a list of one where the schema says so.
class Overloads {
 public:
  Overloads();

  /// Finds the overload of aten::`name` that takes the arguments. A method's tensor is the first of
  /// them. New tensors are made on `device`. Failure: what was given, and what each overload takes.
  Tried<BoundCall> bind(const std::string& name, const Arguments& arguments, bool method,
                        c10::Device device);

  /// The name that LibTorch gives the positional argument of a call that bind() takes, where that
  /// may be a whole number; "" if it takes none there.
  std::string argument_name(const std::string& name, std::size_t position, bool method);

 private:
  const std::vector<c10::OperatorHandle>& find(const std::string& name);

  MetaKernels meta_kernels_;  ///< what LibTorch lacks to try calls without memory
  std::map<std::string, std::vector<c10::OperatorName>, std::less<>> names_;
  std::map<std::string, std::vector<c10::OperatorHandle>, std::less<>> overloads_;
};

}  // namespace nanscope
