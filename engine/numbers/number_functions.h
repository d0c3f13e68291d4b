#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/message.h"
#include "engine/numbers/exact.h"

// What may be called by name where a number is typed: sqrt(2/256). Not part of exact arithmetic: a
// result that is no fraction of whole numbers is the double nearest to it.
namespace nanscope {

/// A result, or the reason why there is none.
using FunctionResult = tl::expected<ExactNumber, Message>;

/// pi, e; nothing for another name.
std::optional<ExactNumber> named_constant(std::string_view name);

/// Whether there is a function of this name: sqrt, exp, log, log2, log10, abs.
bool is_number_function(std::string_view name);

/// The function's value: exact for abs and for the roots of squares, else rounded to the nearest
/// double. `argument` is finite. Errors: outside of where it is defined, or too large for a double.
FunctionResult call_function(std::string_view name, const ExactNumber& argument);

/// The names that a misspelt one may have meant.
std::vector<std::string> number_words();

}  // namespace nanscope
