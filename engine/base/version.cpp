#include "engine/base/version.h"

namespace nanscope {

std::string_view version() { return NANSCOPE_VERSION; }

}  // namespace nanscope
