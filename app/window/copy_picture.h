#pragma once

#include <string>

#include "engine/base/result.h"

namespace nanscope {

/// Puts a PNG on the clipboard of the desktop, through wl-copy or xclip: GLFW's clipboard holds
/// text alone. Error: neither is installed, or it fails.
Result<void> copy_picture(const std::string& png);

}  // namespace nanscope
