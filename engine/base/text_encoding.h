#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace nanscope {

/// A text as UTF-8, whatever it was.
struct DecodedText {
  std::string converted;        ///< holds the text where the bytes had to be converted
  std::string_view as_written;  ///< the bytes themselves where they had not
  std::string encoding;         ///< "UTF-8", "UTF-16 LE", "UTF-16 BE"
  std::string_view text() const { return converted.empty() ? as_written : converted; }
};

/// What becomes of half of a pair of UTF-16 that stands alone: replaced by U+FFFD where what is
/// damaged is passed over, as of a file that is being written.
enum class LoneHalves { refused, replaced };

/// Reads UTF-8 with or without a byte order mark, and UTF-16, by its mark or by its zero bytes. The
/// result looks into `bytes`. Errors: UTF-32, half a character at the end, half of a pair alone.
/// Error::where stays empty.
Result<DecodedText> decode_text(std::string_view bytes, LoneHalves lone = LoneHalves::refused);

/// Of UTF-8.
std::string_view without_byte_order_mark(std::string_view text);

/// Where a text's first byte stands that is part of no character of UTF-8; nothing of a text that
/// is UTF-8.
std::optional<std::size_t> first_not_utf8(std::string_view text);

/// "the byte 0xe9 is not UTF-8, ...": what it may be, and what to do; without a full stop.
Message not_utf8_words(std::string_view text, std::size_t at);

}  // namespace nanscope
