#pragma once

#include <string>
#include <string_view>

namespace nanscope {

/// Takes what stands behind a backslash in a string of Python into the text: "n" is a new line,
/// "x41" an A. Returns how many characters that were; 0 where the backslash means itself.
std::size_t read_escape(std::string_view behind, std::string& text);

/// As Python's repr() writes a string: 'a', "it's", 'two\nlines'.
std::string python_repr(std::string_view text);

}  // namespace nanscope
