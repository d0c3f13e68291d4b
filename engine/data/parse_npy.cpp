#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "engine/data/npy_header.h"
#include "engine/data/parse.h"
#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

/// The number that these bytes hold, the lowest first, rounded once.
using Decoder = double (*)(const unsigned char*);

struct NpyType {
  std::string_view name;
  std::string_view full_name;  ///< as numpy prints it
  std::size_t size;
  Decoder as_fp32;
  Decoder as_fp64;
};

template <class T>
T value_at(const unsigned char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);  // this program runs on little-endian machines only
  return value;
}

template <class T, class Rounded>
double rounded_to(const unsigned char* bytes) {
  return static_cast<double>(static_cast<Rounded>(value_at<T>(bytes)));
}

template <class T>
constexpr NpyType plain_npy_type(std::string_view name, std::string_view full_name) {
  return {name, full_name, sizeof(T), rounded_to<T, float>, rounded_to<T, double>};
}

double half_value(const unsigned char* bytes) {
  static const NumberFormat& fp16 = *find_format("fp16");
  return decode(fp16, value_at<std::uint16_t>(bytes));
}

double truth_value(const unsigned char* bytes) { return *bytes != 0 ? 1 : 0; }

constexpr NpyType kNpyTypes[] = {
    {"f2", "float16", 2, half_value, half_value},
    plain_npy_type<float>("f4", "float32"),
    // A value beyond fp32 keeps itself here, and is refused with its own digits.
    {"f8", "float64", 8,
     [](const unsigned char* bytes) {
       const auto value = value_at<double>(bytes);
       const auto single = static_cast<float>(value);
       return std::isinf(single) ? value : static_cast<double>(single);
     },
     rounded_to<double, double>},
    plain_npy_type<std::int8_t>("i1", "int8"),
    plain_npy_type<std::int16_t>("i2", "int16"),
    plain_npy_type<std::int32_t>("i4", "int32"),
    plain_npy_type<std::int64_t>("i8", "int64"),
    plain_npy_type<std::uint8_t>("u1", "uint8"),
    plain_npy_type<std::uint16_t>("u2", "uint16"),
    plain_npy_type<std::uint32_t>("u4", "uint32"),
    plain_npy_type<std::uint64_t>("u8", "uint64"),
    {"b1", "bool", 1, truth_value, truth_value},
};

const NpyType* find_npy_type(std::string_view name) {
  for (const NpyType& type : kNpyTypes)
    if (type.name == name) return &type;
  return nullptr;
}

/// Rows and columns of an array that is small enough. A list of numbers is one column.
Result<Table> empty_table(const std::vector<std::uint64_t>& shape) {
  if (shape.empty() || shape.size() > 2)
    return input_error("",
                       "this array has {} dimensions; allowed are 1 and 2, with one row a "
                       "sample: numpy's x.reshape({}) makes it so.",
                       shape.size(), shape.empty() ? "1" : "len(x), -1");
  const std::uint64_t rows = shape[0], columns = shape.size() == 2 ? shape[1] : 1;
  if (rows == 0 || columns == 0)
    return input_error(
        "",
        "this array is empty, as its shape is {}; it takes one row a sample and one "
        "column a feature, one of each at least.",
        shape.size() == 1 ? message("({},)", rows) : message("({}, {})", rows, columns));
  if (columns > kMostColumns || rows > kMostValues / columns)
    return input_error("",
                       "{} x {} values are too many; at most {} columns and {} "
                       "values are read.",
                       rows, columns, kMostColumns, kMostValues);
  Table table;
  table.rows = static_cast<int>(rows);
  table.columns = static_cast<int>(columns);
  return table;
}

/// A number's bytes, the lowest first.
std::array<unsigned char, 8> lowest_first(const char* bytes, std::size_t size, bool big_endian) {
  std::array<unsigned char, 8> ordered{};
  std::memcpy(ordered.data(), bytes, size);
  if (big_endian)
    std::reverse(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(size));
  return ordered;
}

}  // namespace

Result<Table> parse_npy(std::string_view bytes, const TableOptions& options) {
  const auto header = read_npy_header(bytes);
  if (!header) return tl::unexpected(header.error());
  const NpyType* type = find_npy_type(header->type);
  if (!type)
    return input_error("",
                       "numbers of type {} are not read; allowed are f2 f4 f8, i1 i2 "
                       "i4 i8, u1 u2 u4 u8, b1.",
                       header->type.substr(0, 12));
  auto table = empty_table(header->shape);
  if (!table) return table;
  const auto rows = static_cast<std::size_t>(table->rows);
  const auto columns = static_cast<std::size_t>(table->columns);
  const std::size_t needed = rows * columns * type->size;
  if (bytes.size() - header->data_at < needed)
    return input_error("", "this .npy is cut off: {} of {} bytes of numbers are there.",
                       bytes.size() - header->data_at, needed);
  const Decoder decode = options.fp64 ? type->as_fp64 : type->as_fp32;
  const double largest = options.fp64 ? std::numeric_limits<double>::max()
                                      : static_cast<double>(std::numeric_limits<float>::max());
  table->values.resize(rows * columns);
  RoundedToZero rounded_to_zero;
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const std::size_t row = i / columns, column = i % columns;
    const std::size_t at = header->fortran ? column * rows + row : i;
    const char* number = bytes.data() + header->data_at + at * type->size;
    const auto bytes_of_it = lowest_first(number, type->size, header->big_endian);
    const double value = decode(bytes_of_it.data());
    if (!(std::abs(value) <= largest))
      return input_error("", "row {}, column {}: {}", row + 1, column + 1,
                         why_not_usable(value, fmt::format("{}", value), options.fp64));
    if (const double exact = value == 0 ? type->as_fp64(bytes_of_it.data()) : 0; exact != 0)
      rounded_to_zero.add(message("row {}, column {}", row + 1, column + 1),
                          fmt::format("{}", exact));
    table->values[i] = value;
  }
  rounded_to_zero.tell(*table);
  table->reading.is_text = false;
  table->reading.type = type->full_name;
  table->reading.big_endian = header->big_endian && type->size > 1;
  table->reading.fortran = header->fortran && rows > 1 && columns > 1;
  return table;
}

}  // namespace nanscope
