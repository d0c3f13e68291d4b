#include "engine/tensors/dtype.h"

#include <array>
#include <utility>

#include "engine/tensor_language/operations.h"

namespace nanscope {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 14> kDtypes{{
    {"bool", at::kBool},
    {"uint8", at::kByte},
    {"int8", at::kChar},
    {"int16", at::kShort},
    {"int32", at::kInt},
    {"int64", at::kLong},
    {"float16", at::kHalf},
    {"bfloat16", at::kBFloat16},
    {"float32", at::kFloat},
    {"float64", at::kDouble},
    {"float8_e4m3fn", at::kFloat8_e4m3fn},
    {"float8_e5m2", at::kFloat8_e5m2},
    {"float8_e4m3fnuz", at::kFloat8_e4m3fnuz},
    {"float8_e5m2fnuz", at::kFloat8_e5m2fnuz},
}};

constexpr std::array<std::pair<std::string_view, at::MemoryFormat>, 4> kMemoryFormats{{
    {"contiguous_format", at::MemoryFormat::Contiguous},
    {"preserve_format", at::MemoryFormat::Preserve},
    {"channels_last", at::MemoryFormat::ChannelsLast},
    {"channels_last_3d", at::MemoryFormat::ChannelsLast3d},
}};

}  // namespace

std::string to_name(at::ScalarType type) {
  for (const auto& [name, candidate] : kDtypes)
    if (candidate == type) return std::string(name);
  return c10::toString(type);
}

std::optional<at::ScalarType> to_dtype(std::string_view spelled) {
  const std::string_view wanted = dtype_name(spelled);
  for (const auto& [name, type] : kDtypes)
    if (name == wanted) return type;
  return std::nullopt;
}

std::string to_name(at::MemoryFormat format) {
  for (const auto& [name, candidate] : kMemoryFormats)
    if (candidate == format) return std::string(name);
  return "";
}

std::optional<at::MemoryFormat> to_memory_format(std::string_view name) {
  for (const auto& [known, format] : kMemoryFormats)
    if (known == name) return format;
  return std::nullopt;
}

}  // namespace nanscope
