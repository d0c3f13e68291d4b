#include "engine/base/text_file.h"

#include <utility>

#include "engine/base/file.h"
#include "engine/base/text_encoding.h"

namespace nanscope {

Result<std::string> decoded(std::string bytes) {
  Result<DecodedText> text = decode_text(bytes);
  if (!text) return tl::unexpected(text.error());
  if (!text->converted.empty()) return std::move(text->converted);
  bytes.erase(0, bytes.size() - text->as_written.size());  // the mark
  return bytes;
}

Result<std::string> read_text_file(const std::string& path, std::size_t largest) {
  Result<std::string> bytes = read_file(path, largest);
  if (!bytes) return bytes;
  return decoded(*std::move(bytes)).map_error([&](const Error& error) {
    return Error{error.kind, path, error.what};
  });
}

std::string read_text_head(const std::string& path, std::size_t most) {
  std::string bytes = read_head(path, most);
  // A unit of UTF-16 may be cut in two.
  if (bytes.size() == most) bytes.resize(most / 2 * 2);
  return decoded(std::move(bytes)).value_or("");
}

}  // namespace nanscope
