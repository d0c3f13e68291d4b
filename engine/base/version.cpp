#include "engine/base/version.h"

#include "build_id.h"

namespace nanscope {

std::string_view version() { return NANSCOPE_VERSION; }

const char* build_id() { return NANSCOPE_BUILD_ID; }

}  // namespace nanscope
