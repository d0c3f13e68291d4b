#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "ui/theme/theme.h"

// Jargon is explained where it stands: a term of the glossary (ui/text/glossary) is underlined with
// dots, and says what it is when the pointer rests on it.
namespace nanscope {

/// The term's name in the present font, marked.
void term(std::string_view key, const Style& style);

/// Terms that a picture beside them uses, one after the other in rows, under a heading.
void term_list(std::span<const std::string_view> keys, const Style& style);
inline void term_list(std::initializer_list<std::string_view> keys, const Style& style) {
  term_list(std::span(keys.begin(), keys.size()), style);
}

/// Marks the words that were drawn last, if they are a term or its label on the screen.
void mark_term(std::string_view words, const Style& style);

/// The term's entry in a list: name, words, formula, as wide as there is room.
void term_entry(std::string_view key, const Style& style);

/// The explanation as the last item's tooltip, without a mark: for buttons and the like.
void term_tooltip(std::string_view key, const Style& style);

}  // namespace nanscope
