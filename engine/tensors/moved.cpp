#include "engine/tensors/moved.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "engine/tensors/calls.h"

namespace nanscope {
namespace {

/// Of all inputs together, and of the result: some milliseconds.
constexpr std::int64_t kMostNumbered = std::int64_t{1} << 18;
/// What is made on the way: a result, and what einops copies before it.
constexpr std::int64_t kMostBytes = 8 * kMostNumbered * static_cast<std::int64_t>(sizeof(int64_t));

/// The numbers of the elements that a window shows; 0 stands for a new one until here.
std::vector<std::int64_t> numbers_in(const CellWindow& window, at::Tensor numbers) {
  for (std::size_t d = 0; d < window.size.size(); ++d)
    numbers = numbers.narrow(static_cast<std::int64_t>(d), window.begin[d], window.size[d]);
  const at::Tensor shown = numbers.sub(1).contiguous();
  const auto* const first = shown.const_data_ptr<std::int64_t>();
  return {first, first + shown.numel()};
}

}  // namespace

ElementSources sources_of_move(Overloads& overloads, const std::vector<const TensorValue*>& inputs,
                               const CellWindow& window, const Move& move) {
  ElementSources sources;
  std::vector<ChainValue> numbers;
  std::int64_t count = 0;
  for (const TensorValue* input : inputs) {
    if (input->tensor.numel() > kMostNumbered - count) return {};
    const std::int64_t first = count;
    count += input->tensor.numel();
    if (input->step >= 0) sources.operands.push_back({.step = input->step, .first = first});
    numbers.emplace_back(
        TensorValue{at::arange(first + 1, count + 1, at::kLong).view(input->tensor.sizes())});
  }
  Executor executor(overloads, c10::kCPU, kMostBytes);
  const Tried<at::Tensor> moved = move(executor, numbers);
  if (!moved || moved->dim() != static_cast<std::int64_t>(window.size.size())) return {};
  sources.moved = numbers_in(window, *moved);
  return sources;
}

ElementSources sources_of_moving_call(Overloads& overloads, const std::string& name,
                                      const Arguments& arguments, bool method,
                                      const CellWindow& window) {
  std::vector<const TensorValue*> inputs;
  each_tensor(arguments.positional.front(),
              [&](const TensorValue& tensor) { inputs.push_back(&tensor); });
  const bool list = std::holds_alternative<ListValue>(arguments.positional.front());
  return sources_of_move(
      overloads, inputs, window,
      [&](Executor& executor, const std::vector<ChainValue>& numbers) -> Tried<at::Tensor> {
        Arguments numbered = arguments;
        numbered.positional.front() =
            list ? ChainValue(ListValue{numbers, false}) : numbers.front();
        const Tried<Called> called = call_operation(executor, name, numbered, method);
        if (!called) return tl::unexpected(called.error());
        const auto* several = std::get_if<ListValue>(&called->value);
        const ChainValue& first = several ? several->items.front() : called->value;
        return *first.tensor();
      });
}

}  // namespace nanscope
