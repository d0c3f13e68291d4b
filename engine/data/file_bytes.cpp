#include "engine/data/file_bytes.h"

#include <fstream>
#include <span>
#include <vector>

#include "engine/base/file.h"

namespace nanscope {

std::optional<FileBytes> bytes_of_file(const std::string& path) {
  if (!check_regular_file(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  FileBytes all{.size = 0, .hash = 0xcbf29ce484222325};
  std::vector<char> buffer(std::size_t{1} << 20);
  while (file.good()) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(file.gcount());
    for (const char byte : std::span(buffer).first(count))
      all.hash = (all.hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    all.size += count;
  }
  return file.eof() ? std::optional(all) : std::nullopt;
}

Message difference(const FileBytes& before, const FileBytes& now) {
  if (before.size == now.size) return message("its {} bytes are others now", now.size);
  return message("it held {} bytes and now holds {}", before.size, now.size);
}

}  // namespace nanscope
