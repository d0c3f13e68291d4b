#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace nanscope {

/// Whether this names a regular file, or a link to one. Errors name what it is instead (a folder, a
/// pipe, a device, a socket), or that there is nothing. Never waits, as opening a pipe would that
/// nobody writes to: for what opens files by itself.
Result<void> check_regular_file(const std::string& path);

/// The bytes of a regular file (read_text_file() has its text) of at most `largest` bytes. Errors
/// name the path and the reason.
Result<std::string> read_file(const std::string& path, std::size_t largest);

/// Its first bytes, so many at most; none of what is no regular file or cannot be read.
std::string read_head(const std::string& path, std::size_t most);

/// Writes the bytes beside `path` and renames them there: never half a file. Keeps the permissions
/// of a file that it replaces, follows symbolic links, and writes straight to what is not a regular
/// file (/dev/stdout).
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);

/// Whether what is written to one of the paths takes the place of what is written to the other, by
/// whatever name and links. /dev/null takes everything.
bool same_target(const std::string& a, const std::string& b);

/// The error that write_file_atomically() would return for this path, as far as that can be known
/// without the bytes: for work that takes time before it has something to write. Leaves nothing.
Result<void> check_writable(const std::string& path);

}  // namespace nanscope
