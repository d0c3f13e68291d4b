#include "ui/text/text.h"

#include <algorithm>

#include "ui/text/english.h"

namespace nanscope {

const char* text(std::string_view key) {
  for (const TextTable& table : english_texts()) {
    const auto found = std::ranges::lower_bound(table, key, {}, &TextEntry::first);
    if (found != table.end() && found->first == key) return found->second;
  }
  return key.data();
}

std::array<TextTable, 3> english_texts() {
  return {english_common_texts(), english_numbers_texts(), english_tensors_texts()};
}

}  // namespace nanscope
