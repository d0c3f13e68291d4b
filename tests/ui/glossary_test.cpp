#include "ui/text/glossary/glossary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "tests/ui/has_text.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

TEST(Glossary, EveryTermHasWordsAndIsFoundByThem) {
  std::set<std::string> names;
  for (const Term& term : glossary()) {
    const std::string key(term.key);
    EXPECT_TRUE(has_text("term." + key)) << key;
    EXPECT_TRUE(has_text("term." + key + ".is")) << key;
    EXPECT_TRUE(names.insert(term_name(term)).second) << term_name(term) << " is there twice";
    const std::string words = term_words(term);
    EXPECT_TRUE(words.ends_with('.') || words.ends_with(')')) << words;
    EXPECT_LE(std::ranges::count(words, '.'), 6) << words;
    EXPECT_EQ(find_term(key), &term);
    EXPECT_EQ(term_of_words(term_name(term)), &term) << key;
    EXPECT_TRUE(term_matches(term, words.substr(0, 5)));
    for (const std::string_view shown : term.shown_as)
      if (!shown.empty()) {
        EXPECT_TRUE(has_text(shown)) << shown;
        EXPECT_EQ(term_of_words(text(shown)), &term) << shown;
      }
  }
  EXPECT_TRUE(std::ranges::is_sorted(glossary(), {}, &Term::key));
  EXPECT_EQ(term_of_words("hello"), nullptr);
}

TEST(Glossary, IsInTheOrderOfItsNames) {
  std::vector<std::string> names;
  for (const Term* term : terms_by_name()) {
    std::string name = term_name(*term);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    names.push_back(name);
  }
  EXPECT_EQ(names.size(), glossary().size());
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST(Glossary, KnowsATermByItsWordsInEachLanguage) {
  static constexpr TextEntry kWords[] = {{"inspector.rms", "Effektivwert"},
                                         {"term.ulp", "letzte Stelle"}};
  static constexpr TextTable kTables[] = {kWords};
  static const Language german{"Deutsch", kTables};
  EXPECT_EQ(term_of_words("ulp"), find_term("ulp"));
  EXPECT_EQ(term_of_words("letzte Stelle", german), find_term("ulp"));
  EXPECT_EQ(term_of_words("Effektivwert", german), find_term("rms"));
  EXPECT_EQ(term_of_words("ulp", german), nullptr);
  EXPECT_EQ(term_of_words("letzte Stelle"), nullptr);
  EXPECT_EQ(term_of_words("ulp"), find_term("ulp"));
}

TEST(Glossary, ExplainsEveryFormatAndTheWordsThatPeopleAskFor) {
  for (const NumberFormat& format : number_formats()) EXPECT_TRUE(find_term(format.name));
  for (const char* word :
       {"pre-activation", "ulp", "SQNR", "e4m3fnuz", "dL/dh'", "fan_in", "variance", "stride",
        "contiguous", "subnormal", "round to nearest even", "saturating", "loss scaling", "MFU"})
    EXPECT_TRUE(term_of_words(word)) << word;
}

TEST(Glossary, IsFilteredByNameAndWordsInSmallLettersAndCapitals) {
  EXPECT_TRUE(term_matches(*find_term("sqnr"), "sqnr"));
  EXPECT_TRUE(term_matches(*find_term("sqnr"), "DECIBEL"));
  EXPECT_TRUE(term_matches(*find_term("sqnr"), ""));
  EXPECT_FALSE(term_matches(*find_term("sqnr"), "stride"));
}

}  // namespace
}  // namespace nanscope
