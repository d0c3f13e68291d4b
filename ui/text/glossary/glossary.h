#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/text/language.h"

// The jargon of the screen, explained: where it stands (ui/widgets/term.h) and in Help > Glossary.
namespace nanscope {

/// A term. Its name and what it is are texts: "term.KEY", "term.KEY.is".
struct Term {
  std::string_view key;
  std::string_view formula;  ///< as ui/formula sets it, or ""
  /// Keys of the texts that stand for it on the screen beside its name; "" where there are fewer.
  std::array<std::string_view, 4> shown_as;
};

/// All of them, in the order of their keys.
std::span<const Term> glossary();

/// All of them by their names in the language that is spoken, in capitals or not.
std::vector<const Term*> terms_by_name();

/// The term with this key, or null.
const Term* find_term(std::string_view key);
/// The term that these words of a language stand for on the screen, its name or a label, or null.
/// The language lives for ever, as those of languages() do.
const Term* term_of_words(std::string_view words, const Language& language);
const Term* term_of_words(std::string_view words);

const char* term_name(const Term& term);
const char* term_words(const Term& term);

/// Whether name or explanation has the pattern, in capitals or not; "" is in all.
bool term_matches(const Term& term, const std::string& pattern);

}  // namespace nanscope
