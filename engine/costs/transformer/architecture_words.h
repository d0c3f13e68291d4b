#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/costs/transformer/architecture.h"

// Words that say what of an architecture is otherwise: "layers=48 tied=false".
namespace nanscope {

/// The words of a text, between blanks.
std::vector<std::string> architecture_words(std::string_view text);

/// The transformer with what the words set, one after another, and checked. Errors: a word that
/// sets nothing; with_architecture_key()'s; check_architecture()'s, named by the word without which
/// the others could be.
Result<Transformer> with_architecture_words(const Transformer& base,
                                            const std::vector<std::string>& words);

/// The words with a field set to a value, or without it where the others give it that value
/// already. In the order of architecture_keys(), in which sizes stand before what hangs on them.
/// Not checked.
std::string with_architecture_word(const Transformer& base, std::string_view text,
                                   std::string_view key, std::string_view value);

}  // namespace nanscope
