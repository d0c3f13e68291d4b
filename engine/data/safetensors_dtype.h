#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nanscope {

/// A dtype of the format.
struct SafetensorsType {
  std::string_view dtype;
  std::uint64_t bits;       ///< of a value
  std::string_view format;  ///< its name in numbers/, "" for what is not read as weights
};

/// Null for a dtype that the format does not have.
const SafetensorsType* find_safetensors_type(std::string_view dtype);

/// "F64 F32 F16 ...": those that are read.
std::string readable_safetensors_types();

}  // namespace nanscope
