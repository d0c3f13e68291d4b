#include "engine/tensors/prediction.h"

#include <ATen/Functions.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "engine/costs/flops.h"
#include "engine/tensors/warnings.h"

namespace nanscope {
namespace {

/// What the operations under way have allocated and computed so far.
struct Observation {
  std::set<const c10::StorageImpl*> seen;
  std::vector<c10::Storage> held;  ///< so that no storage takes the address of an earlier one
  std::int64_t bytes = 0;
  double flops = 0;

  void see(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage()) return;
    if (!seen.insert(tensor.storage().unsafeGetStorageImpl()).second) return;
    held.push_back(tensor.storage());
    bytes += static_cast<std::int64_t>(tensor.storage().nbytes());
  }
};

/// LibTorch's callbacks are plain functions: they find what they report to here.
thread_local Observation* observation = nullptr;

double product(at::IntArrayRef sizes) {
  double result = 1;
  for (const std::int64_t size : sizes) result *= static_cast<double>(size);
  return result;
}

/// FLOPs of (..., n, k) times (..., k, m), from the operands' shapes.
double product_flops(const at::Tensor& left, const at::Tensor& right) {
  const auto columns = right.dim() > 1 ? static_cast<double>(right.size(-1)) : 1.0;
  return matmul_flops(product(left.sizes()), 1, columns);
}

std::unique_ptr<at::ObserverContext> on_begin(const at::RecordFunction& call) {
  constexpr auto kFirstTwo =
      std::to_array<std::string_view>({"aten::mm", "aten::bmm", "aten::mv", "aten::dot"});
  constexpr auto kLastTwo = std::to_array<std::string_view>({"aten::addmm", "aten::baddbmm"});
  const auto inputs = call.inputs();
  const bool first = std::ranges::find(kFirstTwo, call.name()) != kFirstTwo.end();
  const bool last = std::ranges::find(kLastTwo, call.name()) != kLastTwo.end();
  const std::size_t index = last ? 1 : 0;
  if (observation && (first || last) && inputs.size() > index + 1 && inputs[index].isTensor() &&
      inputs[index + 1].isTensor())
    observation->flops += product_flops(inputs[index].toTensor(), inputs[index + 1].toTensor());
  return nullptr;
}

void on_end(const at::RecordFunction& call, at::ObserverContext*) {
  if (!observation) return;
  for (const c10::IValue& output : call.outputs()) {
    if (output.isTensor()) observation->see(output.toTensor());
    if (output.isTensorList())
      for (const at::Tensor& tensor : output.toTensorVector()) observation->see(tensor);
  }
}

/// Watches this thread's operations as long as it lives.
class Watcher {
 public:
  explicit Watcher(Observation& target)
      : handle_(at::addThreadLocalCallback(
            at::RecordFunctionCallback(on_begin, on_end).needsInputs(true).needsOutputs(true))) {
    observation = &target;
  }
  ~Watcher() {
    observation = nullptr;
    at::removeCallback(handle_);
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  at::CallbackHandle handle_;
};

}  // namespace

at::Tensor without_memory(const at::Tensor& tensor) {
  const auto options = tensor.options().device(at::kMeta);
  const auto cells = static_cast<std::int64_t>(tensor.storage().nbytes() / tensor.element_size());
  at::Tensor twin = at::empty({cells}, options)
                        .as_strided(tensor.sizes(), tensor.strides(), tensor.storage_offset());
  if (tensor.unsafeGetTensorImpl()->is_wrapped_number())
    twin.unsafeGetTensorImpl()->set_wrapped_number(true);
  return twin;
}

Prediction predict(std::span<const at::Tensor> inputs, const std::function<void()>& work) {
  Observation watched;
  for (const at::Tensor& input : inputs) watched.see(input);
  watched.bytes = 0;
  Prediction prediction;
  for (const at::Tensor& input : inputs) prediction.elements += input.numel();
  try {
    const GatheredWarnings unheard;  // the same are said once more when it is done for real
    const Watcher watcher(watched);
    work();
  } catch (const std::exception&) {
    prediction.known = false;
  }
  prediction.bytes = watched.bytes;
  prediction.flops = watched.flops;
  // Without a new storage nothing was read: all that was made are views.
  if (prediction.known && prediction.bytes == 0) prediction.elements = 0;
  return prediction;
}

}  // namespace nanscope
