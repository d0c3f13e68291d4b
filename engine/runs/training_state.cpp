#include <ATen/ops/empty.h>
#include <c10/core/ScalarType.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/runs/training_run.h"

// What of a run goes into a checkpoint, and back.
namespace nanscope {
namespace {

constexpr const char* kGenerator = "generator";
constexpr const char* kRows = "rows";

constexpr std::array<std::pair<at::ScalarType, const char*>, 7> kTypes{{{at::kFloat, "F32"},
                                                                        {at::kDouble, "F64"},
                                                                        {at::kBFloat16, "BF16"},
                                                                        {at::kHalf, "F16"},
                                                                        {at::kByte, "U8"},
                                                                        {at::kInt, "I32"},
                                                                        {at::kLong, "I64"}}};

SafetensorsBytes bytes_of(const std::string& name, const at::Tensor& tensor) {
  const at::Tensor whole = tensor.contiguous();
  const auto type =
      std::ranges::find(kTypes, whole.scalar_type(), [](auto& one) { return one.first; });
  return {.name = name,
          .dtype = type->second,
          .shape = {whole.sizes().begin(), whole.sizes().end()},
          .bytes = std::string(static_cast<const char*>(whole.const_data_ptr()), whole.nbytes())};
}

Result<const SafetensorsBytes*> tensor_of(const Checkpoint& checkpoint, const std::string& name,
                                          const char* dtype) {
  const auto found = std::ranges::find(checkpoint.tensors, name, &SafetensorsBytes::name);
  if (found == checkpoint.tensors.end())
    return input_error("--resume", "the checkpoint has no tensor {}.", name);
  if (found->dtype == dtype) return &*found;
  return input_error("--resume", "the checkpoint's tensor {} is {}; the run's is {}.", name,
                     found->dtype, dtype);
}

tl::unexpected<Error> damaged(const char* name) {
  return input_error("--resume",
                     "the checkpoint is damaged: no run leaves such numbers in {}. Take the one "
                     "before, if there is one.",
                     name);
}

std::string shape_words(const std::vector<std::uint64_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ","));
}

/// Fills a tensor of the same type and shape.
Result<void> fill(const at::Tensor& tensor, const Checkpoint& checkpoint, const std::string& name) {
  const auto type =
      std::ranges::find(kTypes, tensor.scalar_type(), [](auto& one) { return one.first; });
  const auto found = tensor_of(checkpoint, name, type->second);
  if (!found) return tl::unexpected(found.error());
  const std::vector<std::uint64_t> shape(tensor.sizes().begin(), tensor.sizes().end());
  if ((*found)->shape != shape || (*found)->bytes.size() != tensor.nbytes())
    return input_error(
        "--resume", "the checkpoint's tensor {} is {}, {} bytes; the run's is {}, {} bytes.", name,
        shape_words((*found)->shape), (*found)->bytes.size(), shape_words(shape), tensor.nbytes());
  (*found)->bytes.copy(static_cast<char*>(tensor.mutable_data_ptr()), tensor.nbytes());
  return {};
}

/// Whether the run keeps each of the checkpoint's tensors: all that are asked for are there.
Result<void> check_no_more(const Checkpoint& checkpoint, const std::vector<std::string>& kept) {
  for (const SafetensorsBytes& tensor : checkpoint.tensors)
    if (std::ranges::find(kept, tensor.name) == kept.end())
      return input_error("--resume",
                         "the checkpoint has a tensor {}, which the run of its recipe does not "
                         "keep: the recipe is not the one that its state was made by.",
                         tensor.name);
  return {};
}

}  // namespace

void TrainingRun::save(Checkpoint& checkpoint) const {
  checkpoint.steps = step_;
  for (const Value* value : kept_)
    checkpoint.tensors.push_back(bytes_of(value->name(), value->data()));
  checkpoint.tensors.push_back(bytes_of(kGenerator, generator_.get_state()));
  checkpoint.tensors.push_back(bytes_of(kRows, samples_->rows_left()));
  if (scaler_)
    for (const auto& [name, tensor] : scaler_->state())
      checkpoint.tensors.push_back(bytes_of(std::string(name), tensor));
}

std::vector<std::string> TrainingRun::kept_names() const {
  std::vector<std::string> names;
  for (const Value* value : kept_) names.push_back(value->name());
  names.insert(names.end(), {kGenerator, kRows});
  if (scaler_)
    for (const auto& [name, tensor] : scaler_->state()) names.emplace_back(name);
  return names;
}

Result<void> TrainingRun::restore(const Checkpoint& checkpoint) {
  for (const Value* value : kept_)
    if (auto filled = fill(value->data(), checkpoint, value->name()); !filled) return filled;
  if (auto good = check_no_more(checkpoint, kept_names()); !good) return good;
  const at::Tensor generator = generator_.get_state();
  if (auto filled = fill(generator, checkpoint, kGenerator); !filled) return filled;
  try {
    generator_.set_state(generator);
  } catch (const c10::Error&) {
    return damaged(kGenerator);
  }
  const auto left = tensor_of(checkpoint, kRows, "I64");
  if (!left) return tl::unexpected(left.error());
  const at::Tensor rows = at::empty(
      {static_cast<std::int64_t>((*left)->bytes.size() / sizeof(std::int64_t))}, at::kLong);
  if (auto filled = fill(rows, checkpoint, kRows); !filled) return filled;
  if (!samples_->set_rows_left(rows)) return damaged(kRows);
  if (scaler_) {
    for (const auto& [name, tensor] : scaler_->state())
      if (auto filled = fill(tensor, checkpoint, std::string(name)); !filled) return filled;
    if (!scaler_->is_state_after(checkpoint.steps)) return damaged("loss_scale");
  }
  step_ = checkpoint.steps;
  return {};
}

}  // namespace nanscope
