#include "engine/data/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

constexpr std::uint64_t kLengthSize = 8;
constexpr std::uint64_t kLongestHeader = std::uint64_t{4} << 20;
// More values than any file holds, few enough that their bytes can be counted.
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 56;

/// How a dtype is read: the name in numbers/, bytes a value.
struct SafetensorsType {
  std::string_view dtype;
  std::string_view format;
  std::uint64_t size;
};
constexpr std::array<SafetensorsType, 6> kSafetensorsTypes{{{"F64", "fp64", 8},
                                                            {"F32", "fp32", 4},
                                                            {"F16", "fp16", 2},
                                                            {"BF16", "bf16", 2},
                                                            {"F8_E4M3", "e4m3", 1},
                                                            {"F8_E5M2", "e5m2", 1}}};

const SafetensorsType* find_safetensors_type(std::string_view dtype) {
  for (const SafetensorsType& type : kSafetensorsTypes)
    if (type.dtype == dtype) return &type;
  return nullptr;
}

tl::unexpected<Error> tensor_error(std::string_view name, Message what) {
  return input_error("", "tensor \"{}\": {}", fmt::format("{:.80}", name), std::move(what));
}

/// A list of whole numbers of 0 or more, or nothing.
std::optional<std::vector<std::uint64_t>> read_sizes(const Json& tensor, const char* key) {
  const auto found = tensor.find(key);
  if (found == tensor.end() || !found->is_array()) return std::nullopt;
  std::vector<std::uint64_t> sizes;
  for (const Json& value : *found) {
    if (!value.is_number_unsigned()) return std::nullopt;
    sizes.push_back(value.get<std::uint64_t>());
  }
  return sizes;
}

std::optional<std::uint64_t> product(const std::vector<std::uint64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::uint64_t size : shape) {
    if (size != 0 && count > kMostValues / size) return std::nullopt;
    count *= size;
  }
  return count;
}

/// One tensor of the header. Types that are not read (I64, BOOL) stay in the list with their place.
Result<SafetensorsEntry> read_entry(const std::string& name, const Json& tensor,
                                    std::uint64_t data_at, std::uint64_t file_size) {
  if (!tensor.is_object()) return tensor_error(name, message("its description is no object."));
  const auto dtype = tensor.find("dtype");
  if (dtype == tensor.end() || !dtype->is_string())
    return tensor_error(name, message("its dtype is missing."));
  const auto shape = read_sizes(tensor, "shape");
  const auto place = read_sizes(tensor, "data_offsets");
  if (!shape) return tensor_error(name, message("its shape is no list of sizes."));
  if (!place || place->size() != 2)
    return tensor_error(name, message("its data_offsets are no pair of places."));
  const auto [begin, end] = std::pair(place->at(0), place->at(1));
  const std::uint64_t data_size = file_size - data_at;
  if (begin > end || end > data_size)
    return tensor_error(name, message("its place {} to {} is not within the {} bytes of numbers "
                                      "in this file; it may be cut off.",
                                      begin, end, data_size));
  const auto count = product(*shape);
  if (!count) return tensor_error(name, message("its shape has too many values."));
  SafetensorsEntry entry{name, dtype->get<std::string>(), *shape, data_at + begin, data_at + end};
  if (const SafetensorsType* type = find_safetensors_type(entry.dtype);
      type && *count * type->size != end - begin)
    return tensor_error(name, message("{} values of {} need {} bytes; its place has {}.", *count,
                                      entry.dtype, *count * type->size, end - begin));
  return entry;
}

/// The length of the header, if a file of this size can hold it.
Result<std::uint64_t> header_length(std::string_view bytes, std::uint64_t file_size) {
  if (bytes.size() < kLengthSize || file_size < kLengthSize)
    return input_error("", "this is not a .safetensors file: it ends before its header.");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);  // little-endian, as this program's machines
  if (length > file_size - kLengthSize)
    return input_error("",
                       "this is not a .safetensors file, or it is cut off: a header "
                       "of {} bytes does not fit into {} bytes.",
                       length, file_size);
  if (length > kLongestHeader)
    return input_error("", "its header has {} bytes; at most {} are read.", length, kLongestHeader);
  return length;
}

/// The tensor that was asked for.
Result<SafetensorsEntry> choose(const std::vector<SafetensorsEntry>& entries,
                                const std::string& name) {
  if (!name.empty()) {
    for (const SafetensorsEntry& entry : entries)
      if (entry.name == name) return entry;
    return input_error("", "there is no tensor \"{}\"; the first of {} is \"{}\".",
                       fmt::format("{:.80}", name), entries.size(),
                       fmt::format("{:.80}", entries.empty() ? "" : entries.front().name));
  }
  const SafetensorsEntry* largest = nullptr;
  for (const SafetensorsEntry& entry : entries)
    if (find_safetensors_type(entry.dtype) && entry.shape.size() >= 2 && entry.count() > 0 &&
        (!largest || entry.count() > largest->count()))
      largest = &entry;
  if (!largest)
    return input_error("", "no tensor in this file is a matrix of floating-point numbers.");
  return *largest;
}

/// `size` bytes from `at` on.
Result<std::string> read_part(std::ifstream& file, std::uint64_t at, std::uint64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.seekg(static_cast<std::streamoff>(at));
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!file) return work_error("", "bytes {} to {} cannot be read.", at, at + size);
  return bytes;
}

Result<SafetensorsTensor> read_tensor(const std::string& path, const std::string& name,
                                      std::size_t most) {
  std::error_code code;
  const bool regular = std::filesystem::is_regular_file(path, code);
  if (code == std::errc::no_such_file_or_directory)
    return input_error("", "there is no such file.");
  if (!regular) return input_error("", "this is no regular file.");
  const std::uint64_t file_size = std::filesystem::file_size(path, code);
  std::ifstream file(path, std::ios::binary);
  if (code || !file) return work_error("", "cannot be read.");

  auto beginning = read_part(file, 0, std::min(kLengthSize, file_size));
  if (!beginning) return tl::unexpected(beginning.error());
  const auto length = header_length(*beginning, file_size);
  if (!length) return tl::unexpected(length.error());
  const auto header = read_part(file, 0, kLengthSize + *length);
  if (!header) return tl::unexpected(header.error());
  const auto entries = parse_safetensors_header(*header, file_size);
  if (!entries) return tl::unexpected(entries.error());
  const auto entry = choose(*entries, name);
  if (!entry) return tl::unexpected(entry.error());

  const SafetensorsType* type = find_safetensors_type(entry->dtype);
  if (!type || entry->count() == 0)
    return tensor_error(entry->name, type ? message("it is empty.")
                                          : message("{} is not read; allowed are F64 F32 F16 "
                                                    "BF16 F8_E4M3 F8_E5M2.",
                                                    fmt::format("{:.20}", entry->dtype)));
  const std::uint64_t count = std::min<std::uint64_t>(entry->count(), most);
  const auto bytes = read_part(file, entry->begin, count * type->size);
  if (!bytes) return tl::unexpected(bytes.error());
  auto values = decode_safetensors(entry->dtype, *bytes);
  if (!values) return tl::unexpected(values.error());
  return SafetensorsTensor{*entry, *std::move(values)};
}

}  // namespace

std::uint64_t SafetensorsEntry::count() const { return product(shape).value_or(0); }

Result<std::vector<SafetensorsEntry>> parse_safetensors_header(std::string_view bytes,
                                                               std::uint64_t file_size) {
  const auto length = header_length(bytes, file_size);
  if (!length) return tl::unexpected(length.error());
  if (bytes.size() - kLengthSize < *length)
    return input_error("", "this .safetensors ends within its header.");
  const auto header = parse_json(bytes.substr(kLengthSize, *length));
  if (!header) return input_error("", "its header cannot be read: {}", header.error().what);
  if (!header->is_object()) return input_error("", "its header is no object.");
  std::vector<SafetensorsEntry> entries;
  for (const auto& [name, tensor] : header->items()) {
    if (name == "__metadata__") continue;
    auto entry = read_entry(name, tensor, kLengthSize + *length, file_size);
    if (!entry) return tl::unexpected(entry.error());
    entries.push_back(*std::move(entry));
  }
  std::ranges::stable_sort(entries, {}, &SafetensorsEntry::begin);
  for (std::size_t i = 1; i < entries.size(); ++i)
    if (entries[i].begin < entries[i - 1].end)
      return tensor_error(entries[i].name, message("it overlaps with \"{}\".",
                                                   fmt::format("{:.80}", entries[i - 1].name)));
  return entries;
}

Result<std::vector<double>> decode_safetensors(std::string_view dtype, std::string_view bytes) {
  const SafetensorsType* type = find_safetensors_type(dtype);
  if (!type)
    return input_error("", "numbers of type {} are not read.", fmt::format("{:.20}", dtype));
  const NumberFormat& format = *find_format(type->format);
  std::vector<double> values;
  values.reserve(bytes.size() / type->size);
  for (std::size_t at = 0; at + type->size <= bytes.size(); at += type->size) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, type->size);
    values.push_back(decode(format, bits));
  }
  return values;
}

Result<SafetensorsTensor> read_safetensors(const std::string& path, const std::string& name,
                                           std::size_t most) {
  auto tensor = read_tensor(path, name, most);
  if (!tensor) {
    Error error = tensor.error();
    error.where = path;
    return tl::unexpected(std::move(error));
  }
  return tensor;
}

}  // namespace nanscope
