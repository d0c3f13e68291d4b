#include "engine/base/cache_folder.h"

#include <cstdlib>

namespace nanscope {

std::string cache_folder() {
  const char* chosen = std::getenv("NANSCOPE_CACHE");
  return chosen && *chosen ? chosen : NANSCOPE_DEFAULT_CACHE;
}

}  // namespace nanscope
