#include "engine/loader/loader.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/base/version.h"

namespace nanscope {
namespace {

constexpr const char* kLibrary = "libnanscope_engine.so";

/// $NANSCOPE_ENGINE, or the library beside the running program.
std::filesystem::path library_path() {
  if (const char* chosen = std::getenv("NANSCOPE_ENGINE"); chosen != nullptr && *chosen != '\0')
    return chosen;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path(kLibrary) : program.parent_path() / kLibrary;
}

}  // namespace

void limit_spinning() {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  // About 50 us: longer than the gap between two parallel loops of a pass.
  setenv("GOMP_SPINCOUNT", "20000", /*overwrite=*/0);
}

Result<std::unique_ptr<Engine>> load_engine() {
  limit_spinning();
  const std::filesystem::path path = library_path();
  std::error_code ignored;
  if (path.has_parent_path() && !std::filesystem::exists(path, ignored))
    return work_error("engine",
                      "{} is not there; run ./nanscope, which builds it, or "
                      "set NANSCOPE_ENGINE to it.",
                      path.string());
  // LibTorch starts threads and keeps them: the library stays open until the process ends.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr)
    return work_error("engine",
                      "{} cannot be opened ({}); run ./nanscope, which fetches "
                      "LibTorch and builds what is missing.",
                      path.string(), dlerror());
  const auto id = reinterpret_cast<EngineBuildId>(dlsym(library, kEngineBuildId));
  const auto make = reinterpret_cast<EngineFactory>(dlsym(library, kEngineFactory));
  if (id == nullptr || make == nullptr)
    return work_error("engine",
                      "{} is not an engine of this NaNscope ({} is missing); "
                      "run ./nanscope, which builds it again.",
                      path.string(), make ? kEngineBuildId : kEngineFactory);
  if (std::string_view(id()) != build_id())
    return work_error("engine",
                      "{} is the engine of another NaNscope (build {}, this one is {}); "
                      "run ./nanscope, which builds both together.",
                      path.string(), id(), build_id());
  std::string reason;
  Engine* engine = make(&reason);
  if (engine == nullptr) return work_error("engine", "LibTorch could not start: {}", reason);
  return std::unique_ptr<Engine>(engine);
}

}  // namespace nanscope
