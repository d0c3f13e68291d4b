#include "engine/base/cache_folder.h"

#include <cstdlib>

namespace nanscope {

namespace {

/// Empty where it is not set.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string cache_folder() {
  const std::string chosen = environment("NANSCOPE_CACHE");
  return chosen.empty() ? NANSCOPE_DEFAULT_CACHE : chosen;
}

std::string users_cache_folder() {
  if (const std::string chosen = environment("NANSCOPE_CACHE"); !chosen.empty()) return chosen;
  if (const std::string caches = environment("XDG_CACHE_HOME"); caches.starts_with('/'))
    return caches + "/nanscope";
  if (const std::string home = environment("HOME"); !home.empty()) return home + "/.cache/nanscope";
  return cache_folder();
}

}  // namespace nanscope
