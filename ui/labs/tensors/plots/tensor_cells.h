#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor_language/chain.h"

// Which cell of the memory an element of a tensor reads, in numbers and in words.
namespace nanscope {

using Index = std::vector<std::int64_t>;

/// An element of a step's tensor, by one index a dimension.
struct TensorCell {
  int step = 0;
  Index index;
  bool operator==(const TensorCell&) const = default;
};

/// A cell of a storage: what an element is, however it is reached.
struct MemoryCell {
  int storage = 0;
  std::int64_t cell = 0;  ///< counted in the storage's own elements
  bool operator==(const MemoryCell&) const = default;
};

/// The cell that an element reads: offset + sum of index times stride.
MemoryCell memory_cell(const TensorChain& chain, const TensorStep& step,
                       std::span<const std::int64_t> index);

/// What a cell holds.
struct CellValue {
  CellValue(double nearest) : value(nearest) {}
  double value = 0;
  std::optional<std::int64_t> exact = {};  ///< of a whole number that is no double
};

/// The element's value, if the step holds it.
std::optional<CellValue> value_at(const TensorStep& step, std::span<const std::int64_t> index);

/// The values of `count` elements along the last dimension, from this one on; empty if the step
/// does not hold them all.
std::span<const double> values_along(const TensorStep& step, std::span<const std::int64_t> index,
                                     std::int64_t count);

/// The value at a place of a window in row-major order.
CellValue value_of(const CellWindow& cells, std::size_t place);
/// The value of a storage's cell, if it is held.
std::optional<CellValue> value_in(const TensorStorage& storage, std::int64_t cell);

/// The first element of the step that reads this cell, among those that it holds values of.
std::optional<Index> first_reader(const TensorChain& chain, int step, const MemoryCell& cell);

/// Whether a cell is drawn hollow: what a mask leaves out, and what is no number, show as a shape.
bool hollow(double value, const std::string& dtype);

/// One index further along the last dimension, as an odometer; false after the last.
bool next_index(Index& index, std::span<const std::int64_t> sizes);

/// "4 + i*12 + j*1": how this tensor's addresses are computed.
std::string address_formula(const TensorStep& step);
/// "4 + 1*12 + 2*1 = 18".
std::string address_words(const TensorStep& step, std::span<const std::int64_t> index);

/// "(2, 3, 4)", "(5,)", "()" as Python writes tuples.
std::string tuple_text(std::span<const std::int64_t> values);
/// "[1, 0, 2]".
std::string index_text(std::span<const std::int64_t> index);
/// A value in a few characters: whole numbers of whole dtypes exact, others with three digits.
std::string cell_text(const CellValue& value, const std::string& dtype);
/// The same in as many digits as tell it from its neighbours, as Python reads it.
std::string exact_text(const CellValue& value, const std::string& dtype);

}  // namespace nanscope
