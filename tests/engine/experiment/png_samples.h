#pragma once

#include <zlib.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/png_text.h"

// PNG bytes made by hand.
namespace nanscope::testing {

inline std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

inline std::string chunk(const std::string& type, const std::string& data) {
  const std::string checked = type + data;
  const auto crc =
      crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + checked +
         big_endian(static_cast<std::uint32_t>(crc));
}

/// The text as zlib packs it.
inline std::string packed(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string bytes(size, '\0');
  compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
           reinterpret_cast<const Bytef*>(text.data()), text.size());
  bytes.resize(size);
  return bytes;
}

/// A grey pixel with these chunks before its data.
inline std::string png(const std::vector<std::string>& chunks) {
  std::string bytes = "\x89PNG\r\n\x1a\n";
  bytes += chunk("IHDR", big_endian(1) + big_endian(1) + std::string("\x08\0\0\0\0", 5));
  for (const std::string& part : chunks) bytes += part;
  return bytes + chunk("IDAT", packed(std::string(2, '\0'))) + chunk("IEND", "");
}

inline std::string experiment_chunk(const std::string& json) {
  return chunk("tEXt", std::string(kPngExperimentKeyword) + '\0' + json);
}

}  // namespace nanscope::testing
