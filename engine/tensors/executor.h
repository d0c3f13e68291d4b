#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensors/overloads.h"
#include "engine/tensors/pace.h"
#include "engine/tensors/prediction.h"
#include "engine/tensors/value.h"

namespace nanscope {

/// Has LibTorch carry out operations, each only after it is known that there is room for it. On the
/// meta device nothing is computed: shapes and refusals alone.
class Executor {
 public:
  /// New storages may take `largest_bytes` altogether. With `pace`, operations are timed by it.
  Executor(Overloads& overloads, c10::DeviceType device, std::int64_t largest_bytes,
           OperationPace* pace = nullptr);

  /// Asked before each operation that makes something, with about how many seconds it takes; false:
  /// it is not carried out.
  using Watcher = std::function<bool(double seconds)>;
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

  /// Calls aten::`name`. A method's tensor is the first argument.
  Tried<ChainValue> call(const std::string& name, const Arguments& arguments, bool method = false);

  /// Work that is several of LibTorch's calls, on tensors that it is handed. It may be called
  /// twice, first with tensors without memory.
  using Work = std::function<at::Tensor(std::span<const at::Tensor>)>;
  Tried<at::Tensor> apply(const std::vector<at::Tensor>& inputs, const Work& work);

  /// Bytes of the storages that are kept from now on.
  void hold(std::int64_t bytes) { held_bytes_ = bytes; }
  std::int64_t peak_bytes() const { return peak_bytes_; }

  /// What was done since the last call of this.
  struct Spent {
    double seconds = 0;
    double flops = 0;                 ///< of matrix products
    std::vector<Message> notes = {};  ///< what LibTorch warned of
  };
  Spent take_spent();
  /// Something to say of what is being done.
  void note(Message text) { spent_.notes.push_back(std::move(text)); }

  c10::Device device() const { return {device_}; }
  bool computes() const { return device_ == c10::kCPU; }
  Overloads& overloads() { return overloads_; }

 private:
  Tried<bool> check(std::string_view name, const Prediction& prediction);
  template <class Function>
  auto timed(std::string_view name, const Prediction& prediction, const Function& function)
      -> decltype(function());

  Overloads& overloads_;
  c10::DeviceType device_;
  std::int64_t largest_bytes_;
  OperationPace* pace_;
  Watcher watcher_;
  std::int64_t held_bytes_ = 0;
  std::int64_t peak_bytes_ = 0;
  Spent spent_;
};

}  // namespace nanscope
