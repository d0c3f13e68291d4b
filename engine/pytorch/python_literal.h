#pragma once

#include <string>
#include <string_view>

namespace nanscope {

/// A text as a Python literal in a script in UTF-8.
std::string python_literal(std::string_view text);

}  // namespace nanscope
