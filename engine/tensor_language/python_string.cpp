#include "engine/tensor_language/python_string.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

namespace nanscope {
namespace {

constexpr std::string_view kEscapes = "\\'\"abfnrtv", kMeant = "\\'\"\a\b\f\n\r\t\v";

/// The digits at the beginning, at most so many.
std::string_view leading(std::string_view text, std::string_view allowed, std::size_t most) {
  return text.substr(0, std::min({text.find_first_not_of(allowed), text.size(), most}));
}

/// "41" of "x41", "20ac" of "u20ac", "101" of "101"; nothing of what is no code.
std::string_view code_of(std::string_view text) {
  const std::size_t wanted = text[0] == 'x' ? 2 : text[0] == 'u' ? 4 : text[0] == 'U' ? 8 : 0;
  if (wanted == 0) return leading(text, "01234567", 3);
  const std::string_view code = leading(text.substr(1), "0123456789abcdefABCDEF", wanted);
  return code.size() == wanted ? code : "";
}

/// Whether UTF-8 has it.
bool is_character(std::uint32_t point) {
  return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

void add_utf8(std::string& text, std::uint32_t point) {
  const auto rest = [&](int bytes) {
    for (int shift = 6 * (bytes - 1); shift >= 0; shift -= 6)
      text += static_cast<char>(0x80 | (point >> shift & 0x3F));
  };
  const int following = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kFirst[] = {0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(kFirst[following] | point >> (6 * following));
  rest(following);
}

}  // namespace

std::size_t read_escape(std::string_view behind, std::string& text) {
  if (behind.empty()) return 0;
  if (behind[0] == '\n') return 1;  // the line goes on
  if (const std::size_t letter = kEscapes.find(behind[0]); letter != kEscapes.npos) {
    text += kMeant[letter];
    return 1;
  }
  const std::string_view code = code_of(behind);
  const bool octal = code.data() == behind.data();
  std::uint32_t point = 0;
  std::from_chars(code.data(), code.data() + code.size(), point, octal ? 8 : 16);
  if (code.empty() || !is_character(point)) return 0;
  add_utf8(text, point);
  return code.size() + (octal ? 0 : 1);
}

std::string python_repr(std::string_view text) {
  const bool doubled = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = doubled ? '"' : '\'';
  std::string shown(1, quote);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+00A0 and U+00AD have no shape.
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const bool latin = byte == 0xC2 && (next <= 0xA0 || next == 0xAD) && next >= 0x80;
    const std::size_t letter = std::string_view("\n\r\t").find(text[i]);
    if (text[i] == quote || text[i] == '\\')
      shown += {'\\', text[i]};
    else if (letter != std::string_view::npos)
      shown += {'\\', "nrt"[letter]};
    else if (byte < 0x20 || byte == 0x7F || latin)
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", latin ? next : byte);
    else
      shown += text[i];
    i += latin ? 1 : 0;
  }
  return shown += quote;
}

}  // namespace nanscope
