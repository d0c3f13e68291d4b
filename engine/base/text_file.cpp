#include "engine/base/text_file.h"

#include <utility>

#include "engine/base/file.h"
#include "engine/base/text_encoding.h"

namespace nanscope {

namespace {

Result<std::string> decoded_with(std::string bytes, LoneHalves lone) {
  Result<DecodedText> text = decode_text(bytes, lone);
  if (!text) return tl::unexpected(text.error());
  if (!text->converted.empty()) return std::move(text->converted);
  bytes.erase(0, bytes.size() - text->as_written.size());  // the mark
  return bytes;
}

/// Without the first half of a unit of UTF-16 at their end.
Result<std::string> decoded_so_far(std::string bytes) {
  if (bytes.size() % 2 != 0 && !decode_text(bytes, LoneHalves::replaced)) bytes.pop_back();
  return decoded_with(std::move(bytes), LoneHalves::replaced);
}

/// What `decode` makes of a file's bytes.
Result<std::string> read_text(const std::string& path, std::size_t largest,
                              Result<std::string> (*decode)(std::string)) {
  Result<std::string> bytes = read_file(path, largest);
  if (!bytes) return bytes;
  return decode(*std::move(bytes)).map_error([&](const Error& error) {
    return Error{error.kind, path, error.what};
  });
}

}  // namespace

Result<std::string> decoded(std::string bytes) {
  return decoded_with(std::move(bytes), LoneHalves::refused);
}

Result<std::string> read_text_so_far(const std::string& path, std::size_t largest) {
  return read_text(path, largest, decoded_so_far);
}

Result<std::string> read_text_file(const std::string& path, std::size_t largest) {
  return read_text(path, largest, decoded);
}

std::string read_text_head(const std::string& path, std::size_t most) {
  return decoded_so_far(read_head(path, most)).value_or("");
}

}  // namespace nanscope
