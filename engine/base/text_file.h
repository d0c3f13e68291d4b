#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"

namespace nanscope {

/// The text of bytes that were read, as UTF-8 without a byte order mark, whatever it was
/// (decode_text()). Error::where stays empty.
Result<std::string> decoded(std::string bytes);

/// The text of a regular file of at most `largest` bytes. Errors name the path and the reason.
Result<std::string> read_text_file(const std::string& path, std::size_t largest);

/// The same of a file that may end within a character, as one that is being written or was cut off:
/// what of it is whole.
Result<std::string> read_text_so_far(const std::string& path, std::size_t largest);

/// The text of its first bytes, so many at most; none of what is no text or cannot be read.
std::string read_text_head(const std::string& path, std::size_t most);

}  // namespace nanscope
