#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "engine/data/parse.h"
#include "engine/numbers/conversion.h"

// The .npy format: magic, version, length of the header, a header that is a Python dict in text,
// then the numbers. numpy.org, "numpy.lib.format".
namespace nanscope {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);

struct Header {
  std::string type;  ///< "f4"
  bool fortran = false;
  std::vector<std::uint64_t> shape;
  std::size_t data_at = 0;
};

/// What stands behind 'key': in the dict, up to the end of the text.
std::optional<std::string_view> value_behind(std::string_view dict, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = quote + std::string(key) + quote;
    auto at = dict.find(quoted);
    if (at == std::string_view::npos) continue;
    at = dict.find_first_not_of(' ', at + quoted.size());
    if (at == std::string_view::npos || dict[at] != ':') continue;
    at = dict.find_first_not_of(' ', at + 1);
    if (at != std::string_view::npos) return dict.substr(at);
  }
  return std::nullopt;
}

/// "'<f4', ..." -> "f4". '<' little-endian, '=' the writer's own, '|' a single byte.
Result<std::string> read_type(std::string_view value) {
  const char quote = value.front();
  const auto end = quote == '\'' || quote == '"' ? value.find(quote, 1) : std::string_view::npos;
  if (end == std::string_view::npos)
    return input_error("", "this .npy holds records; only plain arrays of numbers are read.");
  const std::string_view type = value.substr(1, end - 1);
  if (type.starts_with('>'))
    return input_error("", "this .npy is big-endian; save it with array.astype('<f4').");
  if (type.size() == 3 && (type[0] == '<' || type[0] == '=' || type[0] == '|'))
    return std::string(type.substr(1));
  return input_error("",
                     "numbers of type {} are not read; allowed are f2 f4 f8, i1 "
                     "i2 i4 i8, u1 u2 u4 u8, b1.",
                     fmt::format("{:.12}", type));
}

/// "(3, 4), ..." -> {3, 4}
std::optional<std::vector<std::uint64_t>> read_shape(std::string_view value) {
  if (value.front() != '(') return std::nullopt;
  std::vector<std::uint64_t> shape;
  value.remove_prefix(1);
  for (;;) {
    value.remove_prefix(std::min(value.find_first_not_of(" ,"), value.size()));
    if (value.starts_with(')')) return shape;
    std::uint64_t size = 0;
    const auto [stop, code] = std::from_chars(value.data(), value.data() + value.size(), size);
    if (code != std::errc() || shape.size() == 64) return std::nullopt;
    shape.push_back(size);
    value.remove_prefix(static_cast<std::size_t>(stop - value.data()));
  }
}

template <class T>
T little_endian(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);  // this program runs on little-endian machines only
  return value;
}

double half_value(std::uint16_t bits) {
  static const NumberFormat& fp16 = *find_format("fp16");
  return decode(fp16, bits);
}

using Decoder = double (*)(const char*);

struct NpyType {
  std::string_view name;
  std::size_t size;
  Decoder decode;
};

template <class T>
constexpr NpyType plain_npy_type(std::string_view name) {
  return {name, sizeof(T),
          [](const char* bytes) { return static_cast<double>(little_endian<T>(bytes)); }};
}

constexpr NpyType kNpyTypes[] = {
    {"f2", 2, [](const char* bytes) { return half_value(little_endian<std::uint16_t>(bytes)); }},
    plain_npy_type<float>("f4"),
    plain_npy_type<double>("f8"),
    plain_npy_type<std::int8_t>("i1"),
    plain_npy_type<std::int16_t>("i2"),
    plain_npy_type<std::int32_t>("i4"),
    plain_npy_type<std::int64_t>("i8"),
    plain_npy_type<std::uint8_t>("u1"),
    plain_npy_type<std::uint16_t>("u2"),
    plain_npy_type<std::uint32_t>("u4"),
    plain_npy_type<std::uint64_t>("u8"),
    {"b1", 1, [](const char* bytes) { return *bytes ? 1.0 : 0.0; }},
};

const NpyType* find_npy_type(std::string_view name) {
  for (const NpyType& type : kNpyTypes)
    if (type.name == name) return &type;
  return nullptr;
}

Result<Header> read_header(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return input_error("", "this is not a .npy file.");
  if (bytes.size() < 12) return input_error("", "this .npy ends within its header.");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    return input_error("", ".npy version {} is not read; allowed are 1 to 3.", version);
  const std::size_t length_size = version == 1 ? 2 : 4;
  const std::size_t length = version == 1 ? little_endian<std::uint16_t>(bytes.data() + 8)
                                          : little_endian<std::uint32_t>(bytes.data() + 8);
  Header header;
  header.data_at = 8 + length_size + length;
  if (header.data_at > bytes.size()) return input_error("", "this .npy ends within its header.");
  const std::string_view dict = bytes.substr(8 + length_size, length);
  const auto type = value_behind(dict, "descr");
  const auto order = value_behind(dict, "fortran_order");
  const auto shape = value_behind(dict, "shape");
  const auto sizes = shape ? read_shape(*shape) : std::nullopt;
  const bool order_is_known = order && (order->starts_with("True") || order->starts_with("False"));
  if (!type || !order_is_known || !sizes)
    return input_error("", "the header of this .npy cannot be read.");
  auto name = read_type(*type);
  if (!name) return tl::unexpected(name.error());
  header.type = *std::move(name);
  header.fortran = order->starts_with("True");
  header.shape = *sizes;
  return header;
}

/// Rows and columns of an array that is small enough. A list of numbers is one column.
Result<Table> empty_table(const std::vector<std::uint64_t>& shape) {
  if (shape.empty() || shape.size() > 2)
    return input_error("",
                       "this array has {} dimensions; allowed are 1 and 2, with one "
                       "row a sample.",
                       shape.size());
  const std::uint64_t rows = shape[0], columns = shape.size() == 2 ? shape[1] : 1;
  if (rows == 0 || columns == 0) return input_error("", "this array is empty.");
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

}  // namespace

Result<Table> parse_npy(std::string_view bytes) {
  const auto header = read_header(bytes);
  if (!header) return tl::unexpected(header.error());
  const NpyType* type = find_npy_type(header->type);
  if (!type)
    return input_error("",
                       "numbers of type {} are not read; allowed are f2 f4 f8, i1 i2 "
                       "i4 i8, u1 u2 u4 u8, b1.",
                       header->type);
  auto table = empty_table(header->shape);
  if (!table) return table;
  const auto rows = static_cast<std::size_t>(table->rows);
  const auto columns = static_cast<std::size_t>(table->columns);
  const std::size_t needed = rows * columns * type->size;
  if (bytes.size() - header->data_at < needed)
    return input_error("", "this .npy is cut off: {} of {} bytes of numbers are there.",
                       bytes.size() - header->data_at, needed);
  table->values.resize(rows * columns);
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const std::size_t row = i / columns, column = i % columns;
    const std::size_t at = header->fortran ? column * rows + row : i;
    const double value = type->decode(bytes.data() + header->data_at + at * type->size);
    if (const auto reason = why_not_usable(value))
      return input_error("", "row {}, column {}: {}", row + 1, column + 1, *reason);
    table->values[i] = static_cast<float>(value);
  }
  return table;
}

}  // namespace nanscope
