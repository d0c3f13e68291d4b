#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/Scalar.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/python_number.h"

// What an expression of a tensor chain can be worth.
namespace nanscope {

struct NoneValue {};
struct EllipsisValue {};

/// A whole number beyond 64 bits.
struct BigInteger {
  mpz_class value;
};

struct TensorValue {
  at::Tensor tensor;
  int step = -1;                        ///< that it came out of; -1: not shown as a step
  std::vector<std::string> names = {};  ///< of its dimensions, or none at all
};

/// One of Python's functions by its name, as key=len hands it on.
struct FunctionValue {
  std::string name;
};

/// torch.finfo or torch.iinfo of a dtype.
struct LimitsValue {
  at::ScalarType type;
  bool operator==(const LimitsValue&) const = default;
};

struct ChainValue;

struct ListValue {
  std::vector<ChainValue> items;
  bool tuple = false;
  /// Of results that have names, one an item: "values" and "indices" of sort().
  std::vector<std::string> names = {};
  bool size = false;           ///< a tuple that is PyTorch's torch.Size, and is written so
  std::string operation = {};  ///< whose results have names: "max"
  /// start, stop, step of Python's range(), which is written so and is neither list nor tuple.
  std::optional<std::array<std::int64_t, 3>> range = {};
  /// Which object it is: the same in every copy of one list, as `M = L` makes one.
  std::shared_ptr<const char> identity = std::make_shared<const char>();

  /// A list, whose items can be set.
  bool mutates() const { return !tuple && !range; }
};

/// start:stop:step, None where nothing is written.
struct SliceValue {
  std::optional<std::int64_t> start, stop, step;
};

struct ChainValue : std::variant<NoneValue, bool, std::int64_t, BigInteger, double, std::string,
                                 at::ScalarType, at::MemoryFormat, LimitsValue, TensorValue,
                                 ListValue, SliceValue, EllipsisValue, FunctionValue> {
  using variant::variant;

  const at::Tensor* tensor() const {
    const auto* value = std::get_if<TensorValue>(this);
    return value ? &value->tensor : nullptr;
  }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(this); }
  bool is_none() const { return std::holds_alternative<NoneValue>(*this); }
  /// bool, int or float.
  bool is_number() const {
    return std::holds_alternative<bool>(*this) || std::holds_alternative<std::int64_t>(*this) ||
           std::holds_alternative<BigInteger>(*this) || std::holds_alternative<double>(*this);
  }
};

/// What an operation is called with.
struct Arguments {
  std::vector<ChainValue> positional;
  std::vector<std::pair<std::string, ChainValue>> named = {};
};

/// Why an operation has no result.
struct Failure {
  TensorErrorKind kind = TensorErrorKind::libtorch;
  Message what;
  std::string_view exception = {};  ///< Python's name of it, where Python refused: "ValueError"
};

template <class T>
using Tried = tl::expected<T, Failure>;

inline tl::unexpected<Failure> failure(TensorErrorKind kind, Message what) {
  return tl::unexpected(Failure{kind, std::move(what)});
}

/// What Python refused.
inline tl::unexpected<Failure> failure(const PythonError& error) {
  return tl::unexpected(Failure{TensorErrorKind::arguments, error.what, error.exception});
}

/// A bool, int or float for LibTorch; a whole number of 65 bits and more is a float there.
at::Scalar to_scalar(const ChainValue& number);
/// An int of 64 bits or a bool, which Python takes for one wherever it wants an int.
std::optional<std::int64_t> to_index(const ChainValue& value);
/// The value as Python's plain number; nothing for what is none.
std::optional<PythonNumber> to_number(const ChainValue& value);
ChainValue from_number(const PythonNumber& number);
Tried<ChainValue> from_number(const PythonResult<PythonNumber>& number);
inline std::size_t dims_of(const at::Tensor& tensor) {
  return static_cast<std::size_t>(tensor.dim());
}

/// The value's type and what it holds: "int", "Tensor", "tuple of ints".
std::string type_words(const ChainValue& value);
/// The type alone, as Python's own errors name it: "tuple".
std::string type_name(const ChainValue& value);
/// The value as Python would print it: "[2, 3]", "torch.float16"; a tensor is "Tensor".
std::string to_text(const ChainValue& value);

/// The value as Python would print it, with places for tensors.
std::vector<PrintedPart> printed_parts(const ChainValue& value);

/// Calls `visit` for each tensor in a value, also inside lists.
template <class Visit>
void each_tensor(const ChainValue& value, const Visit& visit) {
  if (const auto* tensor = std::get_if<TensorValue>(&value)) visit(*tensor);
  if (const auto* list = std::get_if<ListValue>(&value))
    for (const ChainValue& item : list->items) each_tensor(item, visit);
}

}  // namespace nanscope
