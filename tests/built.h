#pragma once

#include <filesystem>
#include <string>
#include <string_view>

extern "C" __attribute__((weak)) void __asan_init();  // NOLINT(bugprone-reserved-identifier)

namespace nanscope {

/// The path of what the build put beside the running test: the program, a library. A test is
/// compiled once and linked twice, so it learns only now which of the two builds is its own.
inline std::string built_beside(std::string_view name) {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename(name).string();
}

/// Whether the test is linked with AddressSanitizer, which takes ten times as long.
inline bool under_address_sanitizer() { return __asan_init != nullptr; }

}  // namespace nanscope
