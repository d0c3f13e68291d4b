#pragma once

#include <string>

namespace nanscope {

/// Where downloads are: $NANSCOPE_CACHE, or the folder that the program was built with.
std::string cache_folder();
/// Where what was measured of this machine is kept, as the program is run: $NANSCOPE_CACHE, else
/// $XDG_CACHE_HOME/nanscope, else ~/.cache/nanscope.
std::string users_cache_folder();

}  // namespace nanscope
