#pragma once

#include <optional>
#include <string>

#include "engine/tensor_language/chain.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The field that a chain is typed into. Each operation is underlined in the colour of the storage
/// that it reads, the place of an error in red; `chain` may be an older one's, then nothing is.
/// Returns what was typed.
std::optional<std::string> chain_editor(const std::string& expression, const TensorChain* chain,
                                        int chosen_step, float width, const Style& style);

/// What is wrong with the chain, in at most `width` pixels.
void chain_error(const TensorError& error, const std::string& expression, float width,
                 const Style& style);
/// Buttons that repair it. Returns the repaired expression if one was clicked.
std::optional<std::string> chain_repairs(const TensorError& error);

}  // namespace nanscope
