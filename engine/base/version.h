#pragma once

#include <string_view>

namespace nanscope {

/// This program's version, "0.1.0", as the build names it.
std::string_view version();

}  // namespace nanscope
