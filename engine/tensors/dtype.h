#pragma once

#include <c10/core/MemoryFormat.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <string>
#include <string_view>

namespace nanscope {

/// PyTorch's name: "int64", "float8_e4m3fn".
std::string to_name(at::ScalarType type);
/// The dtype that a name stands for, in any of its spellings: "bf16", "bfloat16".
std::optional<at::ScalarType> to_dtype(std::string_view spelled);

/// "channels_last", "contiguous_format"
std::string to_name(at::MemoryFormat format);
std::optional<at::MemoryFormat> to_memory_format(std::string_view name);

}  // namespace nanscope
