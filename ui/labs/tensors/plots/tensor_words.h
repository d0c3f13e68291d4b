#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor_language/chain.h"

// What a chain and its steps are, in words.
namespace nanscope {

/// "1.5 GiB".
std::string bytes_words(std::int64_t bytes);
/// Whether nothing is typed yet: no error, but a beginning.
bool is_blank(const std::string& expression);
/// "4 steps over one storage of 192 B: nothing was copied."
std::string chain_sentence(const TensorChain& chain);
/// Whether its text could not be read, or was refused at the first step: there is nothing to draw.
bool is_unreadable(const TensorChain& chain);
/// What stands above the picture of `shown` (null: none yet) while `expression` is typed. Nothing
/// is said of a text whose chain is not there: until there is a picture, `waiting` is.
std::string picture_sentence(const TensorChain* shown, const std::string& expression,
                             std::string_view waiting);

/// "shape (2, 3, 4)   stride (12, 4, 1)   offset 0   int64".
std::string step_facts(const TensorStep& step);
/// "view: reads storage A with steps 1 and 2; nothing was copied".
std::string step_kind_words(const TensorChain& chain, const TensorStep& step);
/// "contiguous", or why not.
std::string contiguity_words(const TensorStep& step);
/// What a write changed, or "".
std::string written_words(const TensorStep& step);
/// "(2, 3, 4) @ (4, 5) -> (2, 3, 5)" for a step of several inputs, or "".
std::string shape_walk(const TensorChain& chain, const TensorStep& step);
/// Why the slider of a number goes no further than `present`; "" between its ends.
std::string stop_words(const TensorParameter& parameter, std::int64_t present);
/// "batch", or "dim 0" where it has no name.
std::string dimension_words(const TensorStep& step, std::size_t dimension);
/// "A", "B", ..., "Z", "A1", ...: what a storage is called.
std::string storage_name(int storage);

}  // namespace nanscope
