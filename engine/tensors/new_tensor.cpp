#include "engine/tensors/new_tensor.h"

#include <ATen/Functions.h>
#include <c10/util/TypeCast.h>

#include "engine/tensors/dtype.h"
#include "engine/tensors/plain_values.h"

// As torch/csrc/utils/tensor_new.cpp and python_scalars.h, which LibTorch comes without.
namespace nanscope {
namespace {

tl::unexpected<Failure> value_error(Message what) {
  return tl::unexpected(Failure{TensorErrorKind::libtorch, std::move(what), "ValueError"});
}

/// The shape of nested lists, from the first item at each depth.
std::vector<std::int64_t> nested_shape(const ChainValue& data) {
  std::vector<std::int64_t> shape;
  const ChainValue* level = &data;
  while (const auto* list = std::get_if<ListValue>(level)) {
    shape.push_back(static_cast<std::int64_t>(list->items.size()));
    if (list->items.empty()) break;
    level = &list->items.front();
  }
  return shape;
}

/// What PyTorch takes nested data for where no dtype is given.
Tried<at::ScalarType> inferred_type(const ChainValue& data) {
  if (data.tensor()) return data.tensor()->scalar_type();
  if (std::holds_alternative<double>(data)) return at::kFloat;
  if (std::holds_alternative<bool>(data)) return at::kBool;
  if (data.is_number()) return at::kLong;
  const auto* list = std::get_if<ListValue>(&data);
  if (!list)
    return failure(
        {"TypeError", message("tensor() takes numbers in lists, not {}", type_words(data))});
  if (list->items.empty()) return at::kFloat;
  std::optional<at::ScalarType> type;
  for (const ChainValue& item : list->items) {
    const Tried<at::ScalarType> one = inferred_type(item);
    if (!one) return one;
    type = type ? at::promoteTypes(*type, *one) : *one;
  }
  return *type;
}

/// What THPUtils_unpackLong refuses.
Tried<std::int64_t> to_long(const PythonNumber& number) {
  const mpz_class integer = *python_integer(number);
  if (!integer.fits_slong_p()) return value_error(message("Overflow when unpacking long long"));
  return integer.get_si();
}

template <class Integer>
std::int64_t within(std::int64_t value, const char* name) {
  return static_cast<std::int64_t>(c10::checked_convert<Integer>(value, name));
}
template <class Integer>
std::int64_t within(double value, const char* name) {
  return static_cast<std::int64_t>(c10::checked_convert<Integer>(value, name));
}

/// LibTorch's own conversion; it throws where the type does not hold the value.
template <class Number>
std::int64_t converted(Number value, at::ScalarType type) {
  switch (type) {
    case at::kByte:
      return within<std::uint8_t>(value, "uint8");
    case at::kChar:
      return within<std::int8_t>(value, "int8");
    case at::kShort:
      return within<std::int16_t>(value, "int16");
    case at::kInt:
      return within<std::int32_t>(value, "int32");
    default:
      return within<std::int64_t>(value, "int64");
  }
}

Tried<std::int64_t> to_integral(const PythonNumber& number, at::ScalarType type) {
  try {
    if (const auto* real = std::get_if<double>(&number)) return converted(*real, type);
    const Tried<std::int64_t> integer = to_long(number);
    if (!integer) return integer;
    return converted(*integer, type);
  } catch (const std::exception& problem) {
    return failure(TensorErrorKind::libtorch, Message::value(problem.what()));
  }
}

/// The numbers of nested lists in row-major order, as they go into a tensor of a type.
class NestedNumbers {
 public:
  NestedNumbers(at::ScalarType type, std::span<const std::int64_t> shape)
      : type_(type), shape_(shape), integral_(at::isIntegralType(type, false)) {}

  Tried<bool> gather(const ChainValue& data, std::size_t depth) {
    const auto* list = std::get_if<ListValue>(&data);
    if (depth == shape_.size()) return add(data);
    if (!list) return failure({"TypeError", message("not a sequence")});
    if (static_cast<std::int64_t>(list->items.size()) != shape_[depth])
      return value_error(message("expected sequence of length {} at dim {} (got {})", shape_[depth],
                                 depth, list->items.size()));
    for (const ChainValue& item : list->items)
      if (auto gathered = gather(item, depth + 1); !gathered) return gathered;
    return true;
  }

  at::Tensor tensor() {
    void* const cells =
        integral_ ? static_cast<void*>(integers_.data()) : static_cast<void*>(reals_.data());
    const auto options = at::TensorOptions().dtype(integral_ ? at::kLong : at::kDouble);
    return at::from_blob(cells, {shape_.data(), shape_.size()}, options)
        .to(type_, false, /*copy=*/true);
  }

 private:
  /// A tensor among numbers has one element, and is whole where the others have to be.
  std::optional<Failure> refused_element(const at::Tensor& tensor) const {
    const bool whole = at::isIntegralType(tensor.scalar_type(), /*includeBool=*/true);
    if (integral_ && (tensor.numel() != 1 || !whole))
      return Failure{
          TensorErrorKind::arguments,
          message("only integer tensors of a single element can be converted to an index"),
          "TypeError"};
    if (tensor.numel() != 1)
      return Failure{TensorErrorKind::libtorch,
                     message("only one element tensors can be converted to Python scalars"),
                     "ValueError"};
    return std::nullopt;
  }

  Tried<bool> add(const ChainValue& value) {
    ChainValue number = value;
    if (value.tensor()) {
      if (auto refused = refused_element(*value.tensor())) return tl::unexpected(*refused);
      Tried<ChainValue> item = item_of(*value.tensor(), "tensor");
      if (!item) return tl::unexpected(item.error());
      number = *std::move(item);
    }
    const std::optional<PythonNumber> plain = to_number(number);
    if (!plain)
      return failure({"TypeError",
                      message("{} is no number, and stands where others are", type_words(number))});
    if (integral_) {
      const Tried<std::int64_t> integer = to_integral(*plain, type_);
      if (!integer) return tl::unexpected(integer.error());
      integers_.push_back(*integer);
    } else if (type_ == at::kBool) {
      reals_.push_back(python_truth(*plain) ? 1 : 0);
    } else {
      const PythonResult<double> real = python_double(*plain);
      if (!real) return failure(real.error());
      reals_.push_back(*real);
    }
    return true;
  }

  at::ScalarType type_;
  std::span<const std::int64_t> shape_;
  bool integral_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
};

}  // namespace

Tried<at::Tensor> make_tensor(Executor& executor, const ChainValue& data,
                              std::optional<at::ScalarType> dtype) {
  if (data.tensor()) {
    const Tried<ChainValue> copy = executor.call("clone", {{data}}, true);
    if (!copy) return tl::unexpected(copy.error());
    return dtype ? copy->tensor()->to(*dtype) : *copy->tensor();
  }
  const Tried<at::ScalarType> inferred = inferred_type(data);
  if (!inferred) return tl::unexpected(inferred.error());
  const std::vector<std::int64_t> shape = nested_shape(data);
  NestedNumbers numbers(dtype.value_or(*inferred), shape);
  if (auto gathered = numbers.gather(data, 0); !gathered) return tl::unexpected(gathered.error());
  const at::Tensor filled = numbers.tensor();
  return executor.computes() ? filled : without_memory(filled);
}

}  // namespace nanscope
