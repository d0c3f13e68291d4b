#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/message.h"

namespace nanscope {

/// What tells a file from another one: how long it is, and a hash of all its bytes (FNV-1a, 64
/// bits).
struct FileBytes {
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
  bool operator==(const FileBytes&) const = default;
};

/// Of a file that can be read; nothing of another.
std::optional<FileBytes> bytes_of_file(const std::string& path);

/// "it held 120 bytes and now holds 130", of two that differ.
Message difference(const FileBytes& before, const FileBytes& now);

}  // namespace nanscope
