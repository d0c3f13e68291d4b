#include "engine/tensors/indexing.h"

#include <ATen/Functions.h>
#include <ATen/TensorIndexing.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/tensors/new_tensor.h"

namespace nanscope {
namespace {

using at::indexing::TensorIndex;

/// One index, or where among the inputs of the work the tensor is that indexes.
using IndexPart = std::variant<TensorIndex, std::size_t>;

/// A key in the form that LibTorch takes; tensors are handed over apart, so that they can be
/// replaced by such without memory.
struct Subscript {
  std::vector<IndexPart> parts;
  std::vector<at::Tensor> tensors;

  /// `inputs` are those of the work, the key's tensors after the first `skip`.
  std::vector<TensorIndex> with(std::span<const at::Tensor> inputs, std::size_t skip) const {
    std::vector<TensorIndex> indices;
    for (const IndexPart& part : parts)
      indices.push_back(std::holds_alternative<TensorIndex>(part)
                            ? std::get<TensorIndex>(part)
                            : TensorIndex(inputs[skip + std::get<std::size_t>(part)]));
    return indices;
  }
};

std::optional<c10::SymInt> symbolic(const std::optional<std::int64_t>& value) {
  return value ? std::optional<c10::SymInt>(*value) : std::nullopt;
}

/// Calls `visit` for everything in nested lists.
template <class Visit>
void each_item(const ChainValue& value, const Visit& visit) {
  const auto* list = std::get_if<ListValue>(&value);
  if (!list) return visit(value);
  for (const ChainValue& item : list->items) each_item(item, visit);
}

Tried<bool> add_part(Executor& executor, const ChainValue& value, Subscript& key) {
  if (value.is_none()) {
    key.parts.emplace_back(TensorIndex(at::indexing::None));
  } else if (std::holds_alternative<EllipsisValue>(value)) {
    key.parts.emplace_back(TensorIndex(at::indexing::Ellipsis));
  } else if (const auto* integer = value.integer()) {
    key.parts.emplace_back(TensorIndex(*integer));
  } else if (std::holds_alternative<BigInteger>(value)) {
    return tl::unexpected(Failure{TensorErrorKind::libtorch,
                                  message("Overflow when unpacking long long"), "ValueError"});
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    key.parts.emplace_back(TensorIndex(*flag));
  } else if (const auto* slice = std::get_if<SliceValue>(&value)) {
    // Python refuses this before LibTorch sees it.
    if (slice->step == 0)
      return failure(TensorErrorKind::libtorch, message("slice step cannot be zero"));
    key.parts.emplace_back(TensorIndex(
        at::indexing::Slice(symbolic(slice->start), symbolic(slice->stop), symbolic(slice->step))));
  } else if (value.tensor()) {
    key.parts.emplace_back(key.tensors.size());
    key.tensors.push_back(*value.tensor());
  } else if (std::holds_alternative<ListValue>(value)) {
    const Tried<at::Tensor> tensor = make_tensor(executor, value, std::nullopt);
    if (!tensor) return tl::unexpected(tensor.error());
    key.parts.emplace_back(key.tensors.size());
    // An empty list indexes nothing: whole numbers, though a tensor of it would be float32.
    key.tensors.push_back(tensor->numel() == 0 ? tensor->to(at::kLong) : *tensor);
  } else {
    return failure(TensorErrorKind::arguments,
                   message("only integers, slices (`:`), ellipsis (`...`), None and long or "
                           "byte Variables are valid indices (got {})",
                           type_words(value)));
  }
  return true;
}

/// Without values: that the numbers of an index by lists are within the tensor, in LibTorch's
/// words. An index by a tensor, and one by a mask, needs the values.
Tried<bool> check_lists(const at::Tensor& tensor, const ChainValue& value) {
  const auto* tuple = std::get_if<ListValue>(&value);
  const std::vector<ChainValue> parts =
      tuple && tuple->tuple ? tuple->items : std::vector<ChainValue>{value};
  const auto takes_dimension = [](const ChainValue& part) {
    return !part.is_none() && !std::holds_alternative<EllipsisValue>(part);
  };
  const auto taken = std::ranges::count_if(parts, takes_dimension);
  std::int64_t dim = 0;
  for (const ChainValue& part : parts) {
    if (std::holds_alternative<EllipsisValue>(part)) dim += tensor.dim() - taken;
    bool known = !part.tensor() && !std::holds_alternative<bool>(part);
    std::optional<std::int64_t> outside;
    const std::int64_t size = dim >= 0 && dim < tensor.dim() ? tensor.size(dim) : 0;
    if (std::holds_alternative<ListValue>(part))
      each_item(part, [&](const ChainValue& item) {
        known = known && item.integer();
        if (known && !outside && (*item.integer() < -size || *item.integer() >= size))
          outside = *item.integer();
      });
    if (!known)
      return failure(TensorErrorKind::arguments,
                     message("this index needs the values, not only the shape"));
    if (outside)
      return failure(
          TensorErrorKind::libtorch,
          message("index {} is out of bounds for dimension {} with size {}", *outside, dim, size));
    if (takes_dimension(part)) ++dim;
  }
  return true;
}

Tried<Subscript> to_key(Executor& executor, const at::Tensor& tensor, const ChainValue& value) {
  if (!executor.computes())
    if (auto checked = check_lists(tensor, value); !checked) return tl::unexpected(checked.error());
  Subscript key;
  const auto* tuple = std::get_if<ListValue>(&value);
  if (tuple && tuple->tuple) {
    for (const ChainValue& item : tuple->items)
      if (auto added = add_part(executor, item, key); !added) return tl::unexpected(added.error());
  } else if (auto added = add_part(executor, value, key); !added) {
    return tl::unexpected(added.error());
  }
  return key;
}

/// The tensor first, then those of the key.
std::vector<at::Tensor> inputs_of(const at::Tensor& tensor, const Subscript& key) {
  std::vector<at::Tensor> inputs{tensor};
  inputs.insert(inputs.end(), key.tensors.begin(), key.tensors.end());
  return inputs;
}

}  // namespace

Tried<at::Tensor> index(Executor& executor, const at::Tensor& tensor, const ChainValue& value) {
  const Tried<Subscript> key = to_key(executor, tensor, value);
  if (!key) return tl::unexpected(key.error());
  return executor.apply(inputs_of(tensor, *key), [&](std::span<const at::Tensor> inputs) {
    return inputs.front().index(key->with(inputs, 1));
  });
}

Tried<at::Tensor> write(Executor& executor, const at::Tensor& tensor, const ChainValue& place,
                        const ChainValue& value) {
  const Tried<Subscript> key = to_key(executor, tensor, place);
  if (!key) return tl::unexpected(key.error());
  if (!value.tensor() && !value.is_number())
    return failure(TensorErrorKind::arguments,
                   message("can't assign a {} to a torch tensor", type_words(value)));
  std::vector<at::Tensor> inputs = inputs_of(tensor, *key);
  if (value.tensor()) inputs.push_back(*value.tensor());
  return executor.apply(inputs, [&](std::span<const at::Tensor> tensors) {
    const std::vector<TensorIndex> indices = key->with(tensors, 1);
    at::Tensor target = tensors.front();
    if (value.tensor())
      target.index_put_(indices, tensors.back());
    else
      target.index_put_(indices, to_scalar(value));
    return target;
  });
}

}  // namespace nanscope
