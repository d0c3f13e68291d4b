#include "ui/text/text.h"

#include <algorithm>

#include "ui/text/english.h"

namespace nanscope {

const char* text(std::string_view key) {
  const auto texts = english_texts();
  const auto found = std::ranges::lower_bound(texts, key, {}, &TextEntry::first);
  return found != texts.end() && found->first == key ? found->second : key.data();
}

}  // namespace nanscope
