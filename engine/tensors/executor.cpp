#include "engine/tensors/executor.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <string_view>

#include "engine/tensors/warnings.h"

namespace nanscope {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
// A step cannot be interrupted: more than about ten seconds of work on a laptop is refused.
constexpr std::int64_t kMostElements = std::int64_t{1} << 33;
constexpr double kMostFlops = 2e12;

/// What LibTorch says, without its stack trace and with PyTorch's names of tensor types: so does
/// torch/csrc/Exceptions.cpp (processErrorMsg), from where these are.
std::string message_of(const std::string& text) {
  constexpr auto kTypeArguments = std::to_array<std::string_view>(
      {"Byte", "Char", "Double", "Float", "Int", "Long", "Short", "Half"});
  std::string message = text.substr(0, text.find('\n'));
  for (const std::string_view type : kTypeArguments) {
    const std::string inside = fmt::format("CPU{}Type", type);
    for (auto at = message.find(inside); at != std::string::npos; at = message.find(inside))
      message.replace(at, inside.size(), fmt::format("torch.{}Tensor", type));
  }
  return message;
}

/// The result of `work`, or what LibTorch threw.
template <class Function>
auto guarded(const Function& work) -> Tried<decltype(work())> {
  try {
    return work();
  } catch (const c10::Error& error) {
    return failure(TensorErrorKind::libtorch,
                   Message::value(message_of(error.what_without_backtrace())));
  } catch (const std::bad_alloc&) {
    return failure(TensorErrorKind::too_large, message("There is not enough memory for this."));
  } catch (const std::exception& error) {
    return failure(TensorErrorKind::libtorch, Message::value(message_of(error.what())));
  }
}

/// Every tensor of a call's arguments, also those in lists.
template <class Visit>
void visit_tensors(torch::jit::Stack& stack, const Visit& visit) {
  for (c10::IValue& value : stack) {
    if (value.isTensor() && value.toTensor().defined()) {
      at::Tensor tensor = value.toTensor();
      if (visit(tensor)) value = tensor;
    } else if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (at::Tensor tensor : value.toTensorVector()) {
        visit(tensor);
        list.push_back(tensor);
      }
      value = list;
    }
  }
}

ChainValue to_value(const c10::IValue& value) {
  if (value.isTensor()) return TensorValue{value.toTensor()};
  if (value.isTensorList()) {
    ListValue list{{}, true};
    for (const at::Tensor& tensor : value.toTensorVector())
      list.items.emplace_back(TensorValue{tensor});
    return list;
  }
  if (value.isBool()) return value.toBool();
  if (value.isInt()) return value.toInt();
  if (value.isDouble()) return value.toDouble();
  return NoneValue{};
}

/// One result, or a tuple of them with their names: sort() has values and indices.
ChainValue to_value(const torch::jit::Stack& results, const c10::FunctionSchema& schema) {
  if (results.size() == 1) return to_value(results.front());
  ListValue list{{}, true};
  for (std::size_t i = 0; i < results.size(); ++i) {
    list.items.push_back(to_value(results[i]));
    list.names.push_back(schema.returns()[i].name());
  }
  if (list.names.front().empty())
    list.names.clear();
  else
    list.operation = schema.name().substr(schema.name().rfind(':') + 1);
  return list;
}

/// The median along an expanded dimension (stride 0) is taken by LibTorch 2.15 of what follows in
/// memory, also beyond the storage, instead of the element that is repeated: of a copy it is right.
void copy_what_is_misread(std::string_view name, torch::jit::Stack& arguments) {
  if (name != "median" && name != "nanmedian") return;
  visit_tensors(arguments, [](at::Tensor& tensor) {
    const bool expanded = std::ranges::count(tensor.strides(), 0) > 0;
    if (expanded) tensor = tensor.contiguous();
    return expanded;
  });
}

}  // namespace

Executor::Executor(Overloads& overloads, c10::DeviceType device, std::int64_t largest_bytes,
                   OperationPace* pace)
    : overloads_(overloads), device_(device), largest_bytes_(largest_bytes), pace_(pace) {}

Tried<bool> Executor::check(std::string_view name, const Prediction& prediction) {
  spent_.flops += prediction.flops;
  peak_bytes_ = std::max(peak_bytes_, held_bytes_ + prediction.bytes);
  if (held_bytes_ + prediction.bytes > largest_bytes_)
    return failure(TensorErrorKind::too_large,
                   message("This takes {} GiB, and {} GiB are left; make it smaller.",
                           fmt::format("{:.6g}", static_cast<double>(prediction.bytes) / kGiB),
                           fmt::format("{:.4g}", static_cast<double>(std::max<std::int64_t>(
                                                     largest_bytes_ - held_bytes_, 0)) /
                                                     kGiB)));
  if (prediction.elements > kMostElements)
    return failure(TensorErrorKind::too_large,
                   message("This reads {} elements, at most {} are possible here; make it "
                           "smaller.",
                           prediction.elements, kMostElements));
  if (prediction.flops > kMostFlops)
    return failure(
        TensorErrorKind::too_large,
        message("This takes {} FLOPs, at most {} are possible here; make it "
                "smaller.",
                fmt::format("{:.2g}", prediction.flops), fmt::format("{:.2g}", kMostFlops)));
  if (watcher_ && !watcher_(pace_ ? pace_->seconds(name, prediction) : 0))
    return failure(TensorErrorKind::libtorch, message("stopped"));
  return true;
}

template <class Function>
auto Executor::timed(std::string_view name, const Prediction& prediction, const Function& function)
    -> decltype(function()) {
  const GatheredWarnings warnings;
  const auto begin = std::chrono::steady_clock::now();
  auto result = function();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  spent_.seconds += seconds;
  for (const std::string& warning : warnings.texts())
    spent_.notes.push_back(Message::value(warning));
  if (pace_ && computes() && result) pace_->learn(name, prediction, seconds);
  return result;
}

Tried<ChainValue> Executor::call(const std::string& name, const Arguments& arguments, bool method) {
  Tried<BoundCall> call = overloads_.bind(name, arguments, method, device());
  if (!call) return tl::unexpected(call.error());
  // Creation on the CPU is predicted on the meta device: only the device differs.
  Tried<BoundCall> twin = overloads_.bind(name, arguments, method, c10::kMeta);
  std::vector<at::Tensor> inputs;
  visit_tensors(twin->arguments, [&](at::Tensor& tensor) {
    tensor = without_memory(tensor);
    inputs.push_back(tensor);
    return true;
  });
  copy_what_is_misread(name, call->arguments);
  Prediction prediction = predict(inputs, [&] { twin->overload.callBoxed(&twin->arguments); });
  if (call->writes && prediction.known && !inputs.empty())
    prediction.elements = std::max(prediction.elements, inputs.front().numel());
  if (auto fits = check(name, prediction); !fits) return tl::unexpected(fits.error());
  return timed(name, prediction, [&] {
    return guarded([&] {
      call->overload.callBoxed(&call->arguments);
      return to_value(call->arguments, call->overload.schema());
    });
  });
}

Tried<at::Tensor> Executor::apply(const std::vector<at::Tensor>& inputs, const Work& work) {
  std::vector<at::Tensor> twins;
  for (const at::Tensor& input : inputs)
    twins.push_back(input.defined() ? without_memory(input) : input);
  const Prediction prediction = predict(twins, [&] { work(twins); });
  if (auto fits = check("index", prediction); !fits) return tl::unexpected(fits.error());
  return timed("index", prediction, [&] { return guarded([&] { return work(inputs); }); });
}

Executor::Spent Executor::take_spent() { return std::exchange(spent_, Spent{}); }

}  // namespace nanscope
