#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"

// The .safetensors format: 8 bytes with the length of a JSON header, the header (name -> dtype,
// shape, place), the numbers. github.com/huggingface/safetensors.
namespace nanscope {

/// A tensor of a file, as its header describes it.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;  ///< "F32", as the file spells it
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;  ///< of its bytes, counted from the start of the file
  std::uint64_t end = 0;

  std::uint64_t count() const;  ///< of its values
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> tensors;                      ///< in the order of their bytes
  std::vector<std::pair<std::string, std::string>> metadata;  ///< "format": "pt"
};

/// A tensor's first values.
struct SafetensorsTensor : SafetensorsEntry {
  std::vector<double> values;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< of its file
};

/// A tensor to be written: its numbers as they lie in the file, row by row, little-endian.
struct SafetensorsBytes {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::string bytes;
};

/// A whole file of these tensors, in their order.
std::string write_safetensors(const std::vector<std::pair<std::string, std::string>>& metadata,
                              const std::vector<SafetensorsBytes>& tensors);

/// The header of a file of `file_size` bytes that begins with these bytes: at least its header. As
/// strict as the format: refuses headers beyond the file or beyond 100 MB, names and fields that
/// occur twice, dtypes that it does not have, shapes that do not fit their place, and places that
/// leave a byte out or share one. Error::where stays empty.
Result<SafetensorsHeader> parse_safetensors_header(std::string_view bytes, std::uint64_t file_size);

/// The values of F64 F32 F16 BF16 F8_E4M3 F8_E5M2 F8_E8M0 numbers, and of F4 ones, two a byte.
Result<std::vector<double>> decode_safetensors(std::string_view dtype, std::string_view bytes);

/// The first `most` values of a tensor; an empty name means the largest one that has at least two
/// dimensions and numbers that can be read. Errors name the file, the tensor and what is allowed.
Result<SafetensorsTensor> read_safetensors(const std::string& path, const std::string& name,
                                           std::size_t most);

}  // namespace nanscope
