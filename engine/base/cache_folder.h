#pragma once

#include <string>

namespace nanscope {

/// Where downloads and what was measured of this machine are kept: $NANSCOPE_CACHE, or the folder
/// that the program was built with (~/.cache/nanscope).
std::string cache_folder();

}  // namespace nanscope
