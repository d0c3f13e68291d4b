#pragma once

#include <string_view>

namespace nanscope {

/// This program's version, "0.1.0", as the build names it.
std::string_view version();

/// A hash of the engine's headers and of the compiler: libraries in which it is the same may
/// exchange C++ values.
const char* build_id();

}  // namespace nanscope
