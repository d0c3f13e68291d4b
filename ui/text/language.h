#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/message.h"
#include "ui/text/text_table.h"

namespace nanscope {

/// A language: the tables of the rooms that say something in it, each sorted by key. Beside the
/// keys of text() they hold templates of messages: the English words, and these words in the
/// language.
struct Language {
  const char* name = "";  ///< in the language itself
  std::span<const TextTable> tables;

  /// The text of this key, or null.
  const char* find(std::string_view key) const;
};

/// Every language, the one that is spoken first; they live for ever. They are put together where
/// all rooms are known that have words: beside the list of labs.
std::span<const Language> languages();

/// The one that is spoken.
const Language& spoken_language();

TextTable english_common_texts();
TextTable english_glossary_texts();

/// A message in a language: its own words where it has them, else the English ones.
std::string message_text(const Message& message, const Language& language);

}  // namespace nanscope
