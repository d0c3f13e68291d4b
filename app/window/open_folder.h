#pragma once

#include <string>

namespace nanscope {

/// Shows a folder in the desktop's file manager, without waiting for it.
void open_folder(const std::string& folder);

}  // namespace nanscope
