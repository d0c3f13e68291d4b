#pragma once

#include <string>

namespace nanscope {

/// Where a person's documents are: the desktop's folder for them (XDG_DOCUMENTS_DIR, or Documents
/// in the home folder), else the home folder, else the one that the program was started in.
std::string documents_folder();

}  // namespace nanscope
