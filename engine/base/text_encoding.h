#pragma once

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

/// Reads UTF-8 with or without a byte order mark, and UTF-16, by its mark or by its zero bytes. The
/// result looks into `bytes`. Errors: UTF-32, half a character at the end. Error::where stays
/// empty.
Result<DecodedText> decode_text(std::string_view bytes);

}  // namespace nanscope
