#pragma once

#include <algorithm>
#include <string_view>

#include "ui/text/english.h"

namespace nanscope {

/// Whether a table of texts has words for the key.
inline bool has_text(std::string_view key) {
  return std::ranges::any_of(english_texts(), [key](const TextTable& table) {
    return std::ranges::find(table, key, &TextEntry::first) != table.end();
  });
}

}  // namespace nanscope
