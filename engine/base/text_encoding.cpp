#include "engine/base/text_encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace nanscope {
namespace {

using namespace std::string_view_literals;

enum class ByteOrder { little, big };

/// How many bytes tell UTF-16 without a mark from other text.
constexpr std::size_t kLookedAt = 64;

/// UTF-16 without a mark: of the digits and separators of a table every second byte is zero.
std::optional<ByteOrder> order_by_zeros(std::string_view bytes) {
  const std::size_t count = std::min(bytes.size(), kLookedAt) / 2 * 2;
  std::size_t zeros[2] = {};
  for (std::size_t i = 0; i < count; ++i) zeros[i % 2] += bytes[i] == 0;
  if (count < 4) return std::nullopt;
  if (zeros[1] == count / 2 && zeros[0] == 0) return ByteOrder::little;
  if (zeros[0] == count / 2 && zeros[1] == 0) return ByteOrder::big;
  return std::nullopt;
}

void append_utf8(std::string& text, char32_t c) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    add(0xe0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3f));
  } else {
    add(0xf0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3f));
    add(0x80 | (c >> 6 & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

/// Half of a pair that stands alone, behind this text.
tl::unexpected<Error> lone_half_error(std::string_view before, char32_t half,
                                      const char* encoding) {
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::string_view in_line = before.substr(before.rfind('\n') + 1);
  const auto column = 1 + std::ranges::count_if(in_line, [](char byte) {
                        return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
                      });
  return input_error("",
                     "line {}, character {}: {} is half of a pair and stands alone, which is not "
                     "{}, as which this text is read; save it as UTF-8.",
                     line, column, fmt::format("0x{:04x}", static_cast<std::uint32_t>(half)),
                     encoding);
}

/// Half of a pair that stands alone is refused, or becomes U+FFFD, which is part of no number.
Result<std::string> utf8_of_utf16(std::string_view bytes, ByteOrder order, const char* encoding,
                                  LoneHalves lone) {
  const auto unit = [&](std::size_t i) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[2 * i]);
    const auto second = static_cast<unsigned char>(bytes[2 * i + 1]);
    return order == ByteOrder::little ? char32_t(first) | char32_t(second) << 8
                                      : char32_t(second) | char32_t(first) << 8;
  };
  const std::size_t count = bytes.size() / 2;
  std::string text;
  text.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    char32_t c = unit(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < count && unit(i + 1) >= 0xdc00 &&
        unit(i + 1) < 0xe000) {
      c = 0x10000 + ((c - 0xd800) << 10) + (unit(i + 1) - 0xdc00);
      ++i;
    } else if (c >= 0xd800 && c < 0xe000) {
      if (lone == LoneHalves::refused) return lone_half_error(text, c, encoding);
      c = 0xfffd;
    }
    append_utf8(text, c);
  }
  return text;
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

Result<DecodedText> decode_text(std::string_view bytes, LoneHalves lone) {
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv))
    return input_error("", "this text is UTF-32; save it as UTF-8.");
  std::optional<ByteOrder> order = order_by_zeros(bytes);
  if (bytes.starts_with("\xff\xfe")) order = ByteOrder::little;
  if (bytes.starts_with("\xfe\xff")) order = ByteOrder::big;
  if (!order) return DecodedText{{}, without_byte_order_mark(bytes), "UTF-8"};
  const bool marked = bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
  const char* encoding = *order == ByteOrder::little ? "UTF-16 LE" : "UTF-16 BE";
  if (bytes.size() % 2 != 0)
    return input_error("", "this text is {}, but ends within a character; it may be cut off.",
                       encoding);
  auto text = utf8_of_utf16(bytes.substr(marked ? 2 : 0), *order, encoding, lone);
  if (!text) return tl::unexpected(text.error());
  return DecodedText{*std::move(text), {}, encoding};
}

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = first >= 0xc2 && first < 0xe0   ? 1
                             : first >= 0xe0 && first < 0xf0 ? 2
                             : first >= 0xf0 && first < 0xf5 ? 3
                                                             : 0;
    // Neither what a shorter form has, nor halves of pairs, nor what is behind the last character.
    const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (more == 0 || byte(i + 1) < low || byte(i + 1) > high) return i;
    for (std::size_t k = 2; k <= more; ++k)
      if ((byte(i + k) & 0xc0) != 0x80) return i;
    i += more + 1;
  }
  return std::nullopt;
}

Message not_utf8_words(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::string shown = fmt::format("0x{:02x}", byte);
  constexpr unsigned char kFirstLetter = 0xa1;  // of Latin-1, and the same in Windows-1252
  if (byte < kFirstLetter)
    return message("the byte {} is not UTF-8, as which this text is read; save it as UTF-8", shown);
  std::string letter;
  append_utf8(letter, byte);
  return message(
      "the byte {} is not UTF-8, as which this text is read (in Latin-1 and Windows-1252 it is "
      "{}); save it as UTF-8",
      shown, letter);
}

}  // namespace nanscope
