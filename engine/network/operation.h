#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/network/value.h"
#include "engine/plan/description.h"

namespace nanscope {

enum class Direction { forward, backward };

/// Who looks at a plan's values between its operations.
class OperationWatch {
 public:
  virtual ~OperationWatch() = default;
  virtual void before(int operation, Direction direction) = 0;
  virtual void after(int operation, Direction direction) = 0;
  /// Forward once more on the way back, where a segment is computed again.
  virtual void before_again(int /*operation*/) {}
  virtual void after_again(int /*operation*/) {}
};

/// What an operation may depend on besides its values.
struct PassContext {
  bool training = false;    ///< or evaluation
  bool again = false;       ///< once more in the same pass: what goes on from step to step stays
  at::Generator generator;  ///< of the run, for what draws in a pass; undefined without
  std::int64_t step = 0;
  OperationWatch* watch = nullptr;  ///< for the plan; may be null
};

/// One step of a plan as it runs: reads and writes the buffers of the values that it was made with.
/// Forward and backward are explicit calls of ATen's kernels, without autograd. What it computes,
/// reads and costs is said by its PlanOperation.
class Operation {
 public:
  virtual ~Operation() = default;
  virtual void forward(const PassContext& context) = 0;
  /// Reads the gradient of the output, adds to the gradients of the inputs that need one.
  virtual void backward(const PassContext& context) = 0;
};

/// What an operation is made of: its description, and its values in the order in which that names
/// them.
struct OperationParts {
  const PlanOperation& operation;
  std::int64_t networks;
  std::vector<Value*> inputs;
  std::vector<Value*> outputs;
  std::vector<at::Tensor> saved;
  std::vector<at::Tensor> scratch;
};

/// How operations of a kind are made.
struct OperationKind {
  std::string_view kind;
  std::unique_ptr<Operation> (*make)(const OperationParts& parts);
};

/// Every kind that plans are made of. A new operation is a file here, a file in
/// engine/plan/operations and a line in each of the two lists.
std::span<const OperationKind> operation_kinds();

}  // namespace nanscope
