#include "tests/synthetic/synthetic_chain.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nanscope {
namespace {

std::vector<std::int64_t> row_major(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> stride(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) stride[d - 1] = stride[d] * shape[d];
  return stride;
}

Contiguity contiguity(const std::vector<std::int64_t>& shape,
                      const std::vector<std::int64_t>& stride) {
  const std::vector<std::int64_t> expected = row_major(shape);
  for (std::size_t d = shape.size(); d-- > 0;)
    if (shape[d] != 1 && stride[d] != expected[d])
      return {false, stride[d] == 0 ? Gap::expanded : Gap::permuted, static_cast<int>(d), stride[d],
              expected[d]};
  return {};
}

std::int64_t address(const TensorStep& step, std::int64_t flat) {
  std::int64_t cell = step.offset;
  for (std::size_t d = step.shape.size(); d-- > 0;) {
    cell += flat % step.shape[d] * step.stride[d];
    flat /= step.shape[d];
  }
  return cell;
}

}  // namespace

TensorStep& ChainBuilder::add(const std::string& operation, StepKind kind) {
  TensorStep step;
  step.begin = 0;
  step.operation_begin = static_cast<int>(chain_.expression.size());
  chain_.expression += operation;
  step.end = step.operation_end = static_cast<int>(chain_.expression.size());
  step.expr = chain_.expression;
  step.operation = operation;
  step.kind = kind;
  step.dtype = "int64";
  if (!chain_.steps.empty()) step.inputs = {static_cast<int>(chain_.steps.size()) - 1};
  if (kind == StepKind::created || kind == StepKind::copy) {
    step.storage = static_cast<int>(chain_.storages.size());
  } else {
    step.storage = chain_.steps.back().storage;
    for (std::size_t i = 0; i < chain_.steps.size(); ++i)
      if (chain_.steps[i].storage == step.storage) step.shared_with.push_back(static_cast<int>(i));
  }
  chain_.steps.push_back(std::move(step));
  return chain_.steps.back();
}

void ChainBuilder::read_cells(TensorStep& step) const {
  step.contiguity = contiguity(step.shape, step.stride);
  step.cells.begin.assign(step.shape.size(), 0);
  step.cells.size = step.shape;
  const std::vector<double>& memory = chain_.storages[static_cast<std::size_t>(step.storage)].cells;
  for (std::int64_t flat = 0; flat < step.numel(); ++flat)
    step.cells.values.push_back(memory[static_cast<std::size_t>(address(step, flat))]);
}

ChainBuilder& ChainBuilder::arange(std::int64_t count) {
  TensorStep& step = add("arange(" + std::to_string(count) + ")", StepKind::created);
  TensorStorage storage;
  storage.bytes = count * 8;
  storage.dtype = "int64";
  storage.made_by = static_cast<int>(chain_.steps.size()) - 1;
  storage.cells.resize(static_cast<std::size_t>(count));
  std::iota(storage.cells.begin(), storage.cells.end(), 0.0);
  chain_.storages.push_back(std::move(storage));
  chain_.memory.storage_bytes += count * 8;
  step.shape = {count};
  step.stride = {1};
  read_cells(step);
  return *this;
}

ChainBuilder& ChainBuilder::view(const std::string& operation, std::vector<std::int64_t> shape,
                                 std::vector<std::int64_t> stride, std::int64_t offset) {
  TensorStep& step = add(operation, StepKind::view);
  step.shape = std::move(shape);
  step.stride = std::move(stride);
  step.offset = offset;
  read_cells(step);
  return *this;
}

ChainBuilder& ChainBuilder::copy(const std::string& operation) {
  TensorStep& step = add(operation, StepKind::copy);
  const TensorStep& from = chain_.steps[chain_.steps.size() - 2];
  step.shape = from.shape;
  step.stride = row_major(from.shape);
  TensorStorage storage;
  storage.bytes = from.numel() * 8;
  storage.dtype = "int64";
  storage.made_by = static_cast<int>(chain_.steps.size()) - 1;
  storage.cells = from.cells.values;
  chain_.memory.storage_bytes += storage.bytes;
  chain_.storages.push_back(std::move(storage));
  step.copied_bytes = from.numel() * 8;
  step.cost.bytes_read = step.cost.bytes_written = step.copied_bytes;
  read_cells(step);
  return *this;
}

ChainBuilder& ChainBuilder::write(const std::string& operation,
                                  const std::vector<std::int64_t>& index, double value) {
  const TensorStep target = chain_.steps.back();
  TensorStep& step = add(operation, StepKind::written);
  step.shape = target.shape;
  step.stride = target.stride;
  step.offset = target.offset;
  std::int64_t cell = step.offset;
  for (std::size_t d = 0; d < index.size(); ++d) cell += index[d] * step.stride[d];
  double& place =
      chain_.storages[static_cast<std::size_t>(step.storage)].cells[static_cast<std::size_t>(cell)];
  step.written = {{cell, place, value}};
  step.written_count = 1;
  place = value;
  for (const int other : step.shared_with) {
    const TensorStep& reader = chain_.steps[static_cast<std::size_t>(other)];
    std::int64_t elements = 0;
    for (std::int64_t flat = 0; flat < reader.numel(); ++flat)
      elements += address(reader, flat) == cell;
    if (elements > 0) step.changed.push_back({other, elements});
  }
  read_cells(step);
  return *this;
}

ChainBuilder& ChainBuilder::refuse(const std::string& operation, const std::string& message,
                                   std::vector<TensorRepair> repairs) {
  TensorError error;
  error.step = static_cast<int>(chain_.steps.size());
  error.begin = static_cast<int>(chain_.expression.size());
  chain_.expression += operation;
  error.end = static_cast<int>(chain_.expression.size());
  error.expr = chain_.expression;
  error.what = Message::value(message);
  error.repairs = std::move(repairs);
  chain_.error = std::move(error);
  return *this;
}

ChainBuilder& ChainBuilder::names(std::vector<std::string> names) {
  chain_.steps.back().dimension_names = std::move(names);
  return *this;
}

TensorChain ChainBuilder::build() const {
  TensorChain chain = chain_;
  chain.memory.peak_bytes = chain.memory.storage_bytes;
  for (const TensorStep& step : chain.steps)
    chain.memory.all_copied_bytes += step.numel() * step.element_size;
  return chain;
}

TensorChain synthetic_chain() {
  return ChainBuilder()
      .arange(24)
      .view(".view(2, 3, 4)", {2, 3, 4}, {12, 4, 1})
      .view(".transpose(1, 2)", {2, 4, 3}, {12, 1, 4})
      .view("[:, 1:3]", {2, 2, 3}, {12, 1, 4}, 1)
      .copy(".contiguous()")
      .build();
}

}  // namespace nanscope
