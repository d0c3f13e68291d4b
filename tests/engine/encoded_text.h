#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A text in the encodings in which people's files come.
namespace nanscope {

/// UTF-16 of a text in UTF-8 of three bytes a character at most, without a mark.
inline std::string utf16_of(std::string_view text, bool big) {
  std::string bytes;
  const auto rest = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) & 63u; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned unit = static_cast<unsigned char>(text[i]);
    if (unit >= 0xe0) {
      unit = (unit & 15u) << 12 | rest(i + 1) << 6 | rest(i + 2);
      i += 2;
    } else if (unit >= 0xc0) {
      unit = (unit & 31u) << 6 | rest(i + 1);
      ++i;
    }
    const char low = static_cast<char>(unit & 255), high = static_cast<char>(unit >> 8);
    bytes += big ? high : low;
    bytes += big ? low : high;
  }
  return bytes;
}

/// The text, and it with a mark and as UTF-16, each with its name.
inline std::vector<std::pair<std::string, std::string>> encodings_of(std::string_view text) {
  return {{"UTF-8", std::string(text)},
          {"UTF-8 with a mark", "\xef\xbb\xbf" + std::string(text)},
          {"UTF-16 LE", "\xff\xfe" + utf16_of(text, false)},
          {"UTF-16 BE", "\xfe\xff" + utf16_of(text, true)}};
}

}  // namespace nanscope
