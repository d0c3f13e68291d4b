#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/operations.h"
#include "engine/tensors/executor.h"
#include "engine/tensors/value.h"

namespace nanscope {

/// Where in the text a step stands.
struct StepText {
  int begin = 0, end = 0;  ///< with brackets around it
  int operation_begin = 0, operation_end = 0;
  int label_begin = 0;      ///< of the operation with the variable that it is applied to
  std::string suffix = {};  ///< "[1]", ".indices": which of several results
};

/// Writes the steps of a chain, and keeps their tensors.
class ChainRecorder {
 public:
  /// `with_cells`: also the elements, which a tensor on the meta device does not have.
  ChainRecorder(TensorChain& chain, const TensorRequest& request, bool with_cells)
      : chain_(chain), request_(request), with_cells_(with_cells) {}

  /// Adds a step whose tensor came out of operations on the tensors of `inputs`.
  int add(const StepText& text, const TensorValue& value, std::vector<int> inputs,
          OperationGroup group, const Executor::Spent& spent);

  /// Before and after values are written into a tensor's storage.
  void begin_write(const at::Tensor& target);
  int end_write(const StepText& text, const TensorValue& target, std::vector<int> inputs,
                const Executor::Spent& spent);

  /// Completes what is known only after the last step.
  void finish();

  /// Whether a step made elements from others; what shares its memory did not.
  bool made_elements(int step) const;

  /// Whether a later step wrote into the storage that a step's tensor reads.
  bool written_since(int step) const;

  bool with_cells() const { return with_cells_; }
  std::int64_t storage_bytes() const;
  int step_count() const { return static_cast<int>(chain_.steps.size()); }

 private:
  /// The storage's index, a new one for one that was not there.
  int storage_index(const at::Tensor& tensor);
  StepKind kind_of(const TensorValue& value, const std::vector<int>& inputs, bool known_storage,
                   OperationGroup group) const;
  TensorStep described(const StepText& text, const TensorValue& value,
                       std::vector<int> inputs) const;
  void set_cells(TensorStep& step, const at::Tensor& tensor) const;
  void set_written(TensorStep& step, const at::Tensor& target);
  const TensorRequest::Window* window_of(int step) const;

  TensorChain& chain_;
  const TensorRequest& request_;
  bool with_cells_;
  std::vector<at::Tensor> tensors_;   ///< of the steps
  std::vector<at::Tensor> storages_;  ///< a tensor in each, which keeps it alive
  at::Tensor before_;                 ///< cells of the storage that is being written to
};

}  // namespace nanscope
