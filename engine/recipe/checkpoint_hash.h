#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/data/safetensors.h"

// How a checkpoint's file names its parts, and the hash by which what was written is known again.
namespace nanscope {

inline constexpr const char* kRecipeName = "nanscope.run";  ///< in the metadata
inline constexpr const char* kHashName = "nanscope.hash";   ///< there: of the recipe, the tensors
inline constexpr std::string_view kBeforeName = "before/";  ///< begins names of an earlier state

/// Of the recipe alone; then tensor by tensor.
std::uint64_t hash_of_recipe(std::string_view recipe);
std::uint64_t add_to_hash(std::uint64_t hash, const SafetensorsBytes& tensor);
std::string hash_text(std::uint64_t hash);

}  // namespace nanscope
