#include "ui/labs/tensors/plots/tensor_cells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "ui/text/text.h"

namespace nanscope {
namespace {

std::int64_t element_address(const TensorStep& step, std::span<const std::int64_t> index) {
  std::int64_t address = step.offset;
  for (std::size_t d = 0; d < index.size(); ++d) address += index[d] * step.stride[d];
  return address;
}

/// The letter that stands for a dimension's index: i, j, k, l, m, n, then i6, i7.
std::string index_letter(std::size_t dimension) {
  constexpr std::array letters{"i", "j", "k", "l", "m", "n"};
  return dimension < letters.size() ? letters[dimension] : fmt::format("i{}", dimension);
}

/// Whether a dtype's values are whole numbers, or True and False.
bool is_whole(const std::string& dtype) {
  return dtype == "bool" || dtype.starts_with("int") || dtype.starts_with("uint");
}

}  // namespace

MemoryCell memory_cell(const TensorChain& chain, const TensorStep& step,
                       std::span<const std::int64_t> index) {
  const std::int64_t address = element_address(step, index);
  const int own = chain.storages[static_cast<std::size_t>(step.storage)].element_size;
  return {step.storage, own == step.element_size ? address : address * step.element_size / own};
}

std::optional<CellValue> value_at(const TensorStep& step, std::span<const std::int64_t> index) {
  const std::span<const double> values = values_along(step, index, 1);
  if (values.empty()) return std::nullopt;
  return value_of(step.cells, static_cast<std::size_t>(values.data() - step.cells.values.data()));
}

CellValue value_of(const CellWindow& cells, std::size_t place) {
  CellValue value(cells.values[place]);
  if (place < cells.integers.size()) value.exact = cells.integers[place];
  return value;
}

std::optional<CellValue> value_in(const TensorStorage& storage, std::int64_t cell) {
  const auto place = static_cast<std::size_t>(cell - storage.begin);
  if (place >= storage.cells.size()) return std::nullopt;
  CellValue value(storage.cells[place]);
  if (place < storage.integers.size()) value.exact = storage.integers[place];
  return value;
}

std::span<const double> values_along(const TensorStep& step, std::span<const std::int64_t> index,
                                     std::int64_t count) {
  const CellWindow& cells = step.cells;
  std::int64_t flat = 0;
  for (std::size_t d = 0; d < index.size(); ++d) {
    const std::int64_t local = index[d] - cells.begin[d];
    const std::int64_t needed = d + 1 < index.size() ? 1 : count;
    if (local < 0 || local + needed > cells.size[d]) return {};
    flat = flat * cells.size[d] + local;
  }
  if (flat + count > static_cast<std::int64_t>(cells.values.size())) return {};
  return std::span(cells.values)
      .subspan(static_cast<std::size_t>(flat), static_cast<std::size_t>(count));
}

bool next_index(Index& index, std::span<const std::int64_t> sizes) {
  for (std::size_t d = index.size(); d-- > 0;) {
    if (++index[d] < sizes[d]) return true;
    index[d] = 0;
  }
  return false;
}

std::optional<Index> first_reader(const TensorChain& chain, int step, const MemoryCell& cell) {
  const TensorStep& reader = chain.steps[static_cast<std::size_t>(step)];
  if (reader.storage != cell.storage || reader.cells.values.empty()) return std::nullopt;
  Index local(reader.shape.size(), 0), index = local;
  do {
    for (std::size_t d = 0; d < index.size(); ++d) index[d] = reader.cells.begin[d] + local[d];
    if (memory_cell(chain, reader, index) == cell) return index;
  } while (next_index(local, reader.cells.size));
  return std::nullopt;
}

bool hollow(double value, const std::string& dtype) {
  return !std::isfinite(value) || (dtype == "bool" && value == 0);
}

std::string address_formula(const TensorStep& step) {
  std::string words = fmt::format("{}", step.offset);
  for (std::size_t d = 0; d < step.stride.size(); ++d)
    words += fmt::format(" + {}·{}", index_letter(d), step.stride[d]);
  return words;
}

std::string address_words(const TensorStep& step, std::span<const std::int64_t> index) {
  std::string words = fmt::format("{}", step.offset);
  for (std::size_t d = 0; d < index.size(); ++d)
    words += fmt::format(" + {}·{}", index[d], step.stride[d]);
  return words + fmt::format(" = {}", element_address(step, index));
}

std::string tuple_text(std::span<const std::int64_t> values) {
  return values.size() == 1 ? fmt::format("({},)", values[0])
                            : fmt::format("({})", fmt::join(values, ", "));
}

std::string index_text(std::span<const std::int64_t> index) {
  return fmt::format("[{}]", fmt::join(index, ", "));
}

std::string cell_text(const CellValue& of, const std::string& dtype) {
  if (is_whole(dtype)) return exact_text(of, dtype);
  const double value = of.value;
  if (std::isfinite(value) && value == std::trunc(value) && std::abs(value) < 1e6)
    return fmt::format("{:.0f}", value);
  if (std::isfinite(value) && std::abs(value) >= 0.01 && std::abs(value) < 1000)
    return fmt::format("{:.2f}", value);
  return number_text(value);
}

std::string exact_text(const CellValue& value, const std::string& dtype) {
  if (dtype == "bool") return value.value != 0 ? "True" : "False";
  if (value.exact) return fmt::format("{}", *value.exact);
  return is_whole(dtype) ? fmt::format("{:.0f}", value.value) : fmt::format("{}", value.value);
}

}  // namespace nanscope
