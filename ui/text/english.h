#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace nanscope {

/// One text: its key and what people read. Names in {braces} are filled in by format_text().
using TextEntry = std::pair<std::string_view, const char*>;

/// All English texts, sorted by key.
std::span<const TextEntry> english_texts();

}  // namespace nanscope
