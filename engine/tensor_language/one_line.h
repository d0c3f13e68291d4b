#pragma once

#include <string>
#include <string_view>

namespace nanscope {

/// A program on one line, without its comments: statements with "; " between them, calls and
/// brackets that go on over several lines joined, as Python reads it.
std::string one_line(std::string_view program);

}  // namespace nanscope
