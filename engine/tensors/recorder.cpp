#include "engine/tensors/recorder.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/costs/flops.h"
#include "engine/tensors/describe.h"
#include "engine/tensors/dtype.h"

namespace nanscope {
namespace {

/// Larger storages are not compared cell by cell when something is written.
constexpr std::int64_t kMostCompared = std::int64_t{1} << 24;

bool same_storage(const at::Tensor& a, const at::Tensor& b) {
  return a.storage().unsafeGetStorageImpl() == b.storage().unsafeGetStorageImpl();
}

/// A view of stride 0 can have more elements than 64 bits have bytes for.
std::int64_t bytes_of(const TensorStep& step) {
  std::int64_t bytes = 0;
  return __builtin_mul_overflow(step.numel(), step.element_size, &bytes)
             ? std::numeric_limits<std::int64_t>::max()
             : bytes;
}

void add_up(std::int64_t& sum, std::int64_t bytes) {
  if (__builtin_add_overflow(sum, bytes, &sum)) sum = std::numeric_limits<std::int64_t>::max();
}

/// NaN after NaN is no change.
at::Tensor differing(const at::Tensor& before, const at::Tensor& after) {
  const at::Tensor a = before.to(at::kDouble), b = after.to(at::kDouble);
  return a.ne(b).logical_and(a.isnan().logical_and(b.isnan()).logical_not());
}

}  // namespace

int ChainRecorder::storage_index(const at::Tensor& tensor) {
  for (std::size_t i = 0; i < storages_.size(); ++i)
    if (same_storage(storages_[i], tensor)) return static_cast<int>(i);
  storages_.push_back(tensor);
  chain_.storages.push_back({.bytes = static_cast<std::int64_t>(tensor.storage().nbytes()),
                             .dtype = to_name(tensor.scalar_type()),
                             .element_size = static_cast<int>(tensor.element_size()),
                             .made_by = step_count(),
                             .cells = {}});
  return static_cast<int>(storages_.size()) - 1;
}

StepKind ChainRecorder::kind_of(const TensorValue& value, const std::vector<int>& inputs,
                                bool known_storage, OperationGroup group) const {
  const bool returned = std::ranges::any_of(inputs, [&](int input) {
    return tensors_[static_cast<std::size_t>(input)].is_same(value.tensor);
  });
  if (returned) return StepKind::same;
  if (known_storage) return StepKind::view;
  switch (group) {
    case OperationGroup::creation:
      return StepKind::created;
    case OperationGroup::view:
    case OperationGroup::movement:
      return StepKind::copy;
    default:
      return inputs.empty() ? StepKind::created : StepKind::computed;
  }
}

TensorStep ChainRecorder::described(const StepText& text, const TensorValue& value,
                                    std::vector<int> inputs) const {
  const at::Tensor& tensor = value.tensor;
  const auto piece = [&](int begin, int end) {
    return chain_.expression.substr(static_cast<std::size_t>(begin),
                                    static_cast<std::size_t>(end - begin)) +
           text.suffix;
  };
  TensorStep step;
  step.expr = piece(text.begin, text.end);
  step.operation = piece(text.label_begin, text.operation_end);
  step.begin = text.begin;
  step.end = text.end;
  step.operation_begin = text.operation_begin;
  step.operation_end = text.operation_end;
  step.inputs = std::move(inputs);
  step.shape = tensor.sizes().vec();
  step.stride = tensor.strides().vec();
  step.offset = tensor.storage_offset();
  step.dtype = to_name(tensor.scalar_type());
  step.element_size = static_cast<int>(tensor.element_size());
  step.contiguity = contiguity_of(tensor);
  step.dimension_names = value.names;
  return step;
}

const TensorRequest::Window* ChainRecorder::window_of(int step) const {
  const auto found = std::ranges::find(request_.windows, step, &TensorRequest::Window::step);
  return found == request_.windows.end() ? nullptr : &*found;
}

void ChainRecorder::set_cells(TensorStep& step, const at::Tensor& tensor) const {
  if (!with_cells_) return;
  const TensorRequest::Window* window = window_of(step_count());
  step.cells = cells_of(tensor, window ? window->begin : std::vector<std::int64_t>());
  if (step.cells.complete) return;
  step.summary = summary_of(tensor);
  step.edges = edges_of(tensor);
}

int ChainRecorder::add(const StepText& text, const TensorValue& value, std::vector<int> inputs,
                       OperationGroup group, const Executor::Spent& spent) {
  std::ranges::sort(inputs);
  inputs.erase(std::ranges::unique(inputs).begin(), inputs.end());
  const std::size_t known = storages_.size();
  TensorStep step = described(text, value, std::move(inputs));
  step.storage = storage_index(value.tensor);
  step.kind = kind_of(value, step.inputs, static_cast<std::size_t>(step.storage) < known, group);
  for (int i = 0; i < step_count(); ++i)
    if (chain_.steps[static_cast<std::size_t>(i)].storage == step.storage)
      step.shared_with.push_back(i);
  step.cost.seconds = spent.seconds;
  step.notes = spent.notes;
  if (step.kind == StepKind::created) step.cost.bytes_written = bytes_of(step);
  if (step.kind == StepKind::copy || step.kind == StepKind::computed) {
    step.cost.bytes_written = bytes_of(step);
    for (const int input : step.inputs)
      add_up(step.cost.bytes_read, bytes_of(chain_.steps[static_cast<std::size_t>(input)]));
  }
  if (step.kind == StepKind::copy) step.copied_bytes = bytes_of(step);
  step.cost.flops = spent.flops;
  // By itself: for each element that it computes or reduces.
  if (step.kind == StepKind::computed && spent.flops == 0) {
    std::int64_t elements = step.numel();
    for (const int input : step.inputs)
      elements = std::max(elements, chain_.steps[static_cast<std::size_t>(input)].numel());
    step.cost.flops = elementwise_flops(static_cast<double>(elements));
  }
  set_cells(step, value.tensor);
  if (step.kind != StepKind::same) add_up(chain_.memory.all_copied_bytes, bytes_of(step));
  chain_.steps.push_back(std::move(step));
  tensors_.push_back(value.tensor);
  return step_count() - 1;
}

bool ChainRecorder::made_elements(int step) const {
  const StepKind kind = chain_.steps[static_cast<std::size_t>(step)].kind;
  return kind == StepKind::copy || kind == StepKind::computed;
}

bool ChainRecorder::written_since(int step) const {
  if (step < 0) return false;
  const int storage = chain_.steps[static_cast<std::size_t>(step)].storage;
  return std::any_of(chain_.steps.begin() + step + 1, chain_.steps.end(), [&](const auto& later) {
    return later.kind == StepKind::written && later.storage == storage;
  });
}

void ChainRecorder::begin_write(const at::Tensor& target) {
  before_.reset();
  if (!with_cells_ || !target.has_storage()) return;
  const at::Tensor flat = flat_storage(target);
  if (flat.numel() <= kMostCompared) before_ = flat.clone();
}

int ChainRecorder::end_write(const StepText& text, const TensorValue& target,
                             std::vector<int> inputs, const Executor::Spent& spent) {
  const int index = add(text, target, std::move(inputs), OperationGroup::writing, spent);
  TensorStep& step = chain_.steps[static_cast<std::size_t>(index)];
  step.kind = StepKind::written;
  step.copied_bytes = 0;
  if (before_.defined()) set_written(step, target.tensor);
  step.cost.bytes_written = step.written_count * step.element_size;
  before_.reset();
  return index;
}

void ChainRecorder::set_written(TensorStep& step, const at::Tensor& target) {
  const at::Tensor after = flat_storage(target);
  const at::Tensor changed = differing(before_, after);
  step.written_count = changed.sum().item<std::int64_t>();
  const at::Tensor cells = changed.nonzero().view(-1);
  const at::Tensor shown = cells.narrow(0, 0, std::min(kMostCells, cells.numel()));
  const std::vector<double> indices = values_from(shown, 0);
  const std::vector<double> before = values_from(before_.index_select(0, shown), 0);
  const std::vector<double> now = values_from(after.index_select(0, shown), 0);
  for (std::size_t i = 0; i < indices.size(); ++i)
    step.written.push_back({static_cast<std::int64_t>(indices[i]), before[i], now[i]});
  for (const int other : step.shared_with) {
    const at::Tensor& tensor = tensors_[static_cast<std::size_t>(other)];
    if (tensor.element_size() != target.element_size() || tensor.numel() > kMostCompared) continue;
    const auto elements =
        changed.as_strided(tensor.sizes(), tensor.strides(), tensor.storage_offset())
            .sum()
            .item<std::int64_t>();
    if (elements > 0) step.changed.push_back({other, elements});
  }
}

void ChainRecorder::finish() {
  chain_.memory.storage_bytes = storage_bytes();
  if (!with_cells_) return;
  for (std::size_t i = 0; i < storages_.size(); ++i) {
    TensorStorage& storage = chain_.storages[i];
    const at::Tensor flat = flat_storage(storages_[i]);
    const TensorRequest::Window* window = window_of(storage.made_by);
    storage.complete = flat.numel() <= kMostCells;
    storage.begin = std::clamp<std::int64_t>(window ? window->storage_begin : 0, 0,
                                             std::max<std::int64_t>(flat.numel() - kMostCells, 0));
    storage.cells = values_from(flat, storage.begin);
    storage.integers =
        integers_of(flat.narrow(0, storage.begin, static_cast<std::int64_t>(storage.cells.size())),
                    storage.cells);
  }
}

std::int64_t ChainRecorder::storage_bytes() const {
  std::int64_t bytes = 0;
  for (const TensorStorage& storage : chain_.storages) bytes += storage.bytes;
  return bytes;
}

}  // namespace nanscope
