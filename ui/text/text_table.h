#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace nanscope {

/// One text: its key and what people read. Names in {braces} are filled in by format_text().
using TextEntry = std::pair<std::string_view, const char*>;
using TextTable = std::span<const TextEntry>;

/// The entries in the order of their keys, for the compiler to make.
template <std::size_t kCount>
consteval std::array<TextEntry, kCount> sorted(std::array<TextEntry, kCount> entries) {
  std::ranges::sort(entries, {}, &TextEntry::first);
  return entries;
}

/// Whether a sorted table has each key once.
constexpr bool keys_are_unique(TextTable table) {
  return std::ranges::adjacent_find(table, {}, &TextEntry::first) == table.end();
}

}  // namespace nanscope
