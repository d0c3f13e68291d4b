#include "engine/data/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/base/file.h"
#include "engine/base/nearest_name.h"
#include "engine/data/file_kind.h"
#include "engine/data/parse.h"
#include "engine/data/safetensors_dtype.h"
#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

constexpr std::uint64_t kLengthBytes = 8;

bool is_readable(const SafetensorsType* type) { return type != nullptr && !type->format.empty(); }

/// What else the file has: biases and scales are read when they are named.
tl::unexpected<Error> no_matrix(const std::vector<SafetensorsEntry>& entries) {
  constexpr std::size_t kMostNamed = 8;
  std::vector<std::string> names;
  for (const SafetensorsEntry& entry : entries)
    if (is_readable(find_safetensors_type(entry.dtype)) && entry.count() > 0)
      names.push_back(printable(entry.name, 80));
  if (names.empty())
    return input_error("", "no tensor in this file is a matrix of floating-point numbers.");
  if (names.size() > kMostNamed) {
    names.resize(kMostNamed);
    names.emplace_back("...");
  }
  return input_error("",
                     "no tensor in this file is a matrix of floating-point numbers; "
                     "numbers.tensor= reads another: {}.",
                     name_list(names));
}

/// The tensor that was asked for.
Result<SafetensorsEntry> choose(const std::vector<SafetensorsEntry>& entries,
                                const std::string& name) {
  if (!name.empty()) {
    for (const SafetensorsEntry& entry : entries)
      if (entry.name == name) return entry;
    std::vector<std::string> names;
    for (const SafetensorsEntry& entry : entries) names.push_back(entry.name);
    if (const std::string nearest = nearest_name(name, names); !nearest.empty())
      return input_error("", "there is no tensor \"{}\"; did you mean \"{}\"?",
                         fmt::format("{:.80}", name), fmt::format("{:.80}", nearest));
    return input_error("", "there is no tensor \"{}\"; the first of {} is \"{}\".",
                       fmt::format("{:.80}", name), entries.size(),
                       fmt::format("{:.80}", entries.empty() ? "" : entries.front().name));
  }
  const SafetensorsEntry* largest = nullptr;
  for (const SafetensorsEntry& entry : entries)
    if (is_readable(find_safetensors_type(entry.dtype)) && entry.shape.size() >= 2 &&
        entry.count() > 0 && (!largest || entry.count() > largest->count()))
      largest = &entry;
  if (!largest) return no_matrix(entries);
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
  if (kind_of_file(path) == FileKind::table)
    return input_error("",
                       "is a table by its name, which data.path reads; numbers.path reads "
                       ".safetensors.");
  if (const auto regular = check_regular_file(path); !regular)
    return tl::unexpected(regular.error());
  std::error_code code;
  const std::uint64_t file_size = std::filesystem::file_size(path, code);
  std::ifstream file(path, std::ios::binary);
  if (code || !file) return work_error("", "cannot be read.");

  auto beginning = read_part(file, 0, std::min(kLengthBytes, file_size));
  if (!beginning) return tl::unexpected(beginning.error());
  // Nothing is allocated for a header that the file cannot hold.
  const auto length = safetensors_header_length(*beginning, file_size);
  if (!length) return tl::unexpected(length.error());
  const auto bytes_of_header = read_part(file, 0, kLengthBytes + *length);
  if (!bytes_of_header) return tl::unexpected(bytes_of_header.error());
  auto header = parse_safetensors_header(*bytes_of_header, file_size);
  if (!header) return tl::unexpected(header.error());
  const auto entry = choose(header->tensors, name);
  if (!entry) return tl::unexpected(entry.error());

  const SafetensorsType* type = find_safetensors_type(entry->dtype);
  if (!is_readable(type) || entry->count() == 0)
    return input_error("", "tensor \"{}\": {}", fmt::format("{:.80}", entry->name),
                       is_readable(type) ? message("it is empty.")
                                         : message("{} is not read; allowed are {}.", entry->dtype,
                                                   readable_safetensors_types()));
  const std::uint64_t count = std::min<std::uint64_t>(entry->count(), most);
  const auto bytes = read_part(file, entry->begin, (count * type->bits + 7) / 8);
  if (!bytes) return tl::unexpected(bytes.error());
  auto values = decode_safetensors(entry->dtype, *bytes);
  if (!values) return tl::unexpected(values.error());
  values->resize(count);
  return SafetensorsTensor{*entry, *std::move(values), std::move(header->metadata)};
}

}  // namespace

Result<std::vector<double>> decode_safetensors(std::string_view dtype, std::string_view bytes) {
  const SafetensorsType* type = find_safetensors_type(dtype);
  if (!is_readable(type))
    return input_error("", "numbers of type {} are not read.", fmt::format("{:.20}", dtype));
  const NumberFormat& format = *find_format(type->format);
  std::vector<double> values;
  if (type->bits < 8) {  // the first of two has the lower half, as PyTorch's float4_e2m1fn_x2
    for (const char byte : bytes) {
      const auto both = static_cast<unsigned char>(byte);
      values.push_back(decode(format, both & 15u));
      values.push_back(decode(format, both >> 4u));
    }
    return values;
  }
  const std::size_t size = type->bits / 8;
  values.reserve(bytes.size() / size);
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, size);
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
