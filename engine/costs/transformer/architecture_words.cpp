#include "engine/costs/transformer/architecture_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace nanscope {
namespace {

std::string key_of(const std::string& word) { return word.substr(0, word.find('=')); }

/// Without a look at whether it can be built.
Result<Transformer> applied(Transformer transformer, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == word.npos)
      return input_error(
          word, "is no field; it takes fields of the architecture, as layers=48 tied=false.");
    auto changed =
        with_architecture_key(std::move(transformer), key_of(word), word.substr(equals + 1));
    if (!changed) return changed;
    transformer = *std::move(changed);
  }
  return transformer;
}

/// What cannot be, named by the word that is in the way: of heads that do not divide among those of
/// keys and values either may have been given.
Error named_by_word(const Transformer& base, const std::vector<std::string>& words, Error error) {
  if (std::ranges::find(words, error.where, key_of) != words.end()) return error;
  for (std::size_t i = words.size(); i-- > 0;) {
    std::vector<std::string> others = words;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto without = applied(base, others);
    if (!without || !check_architecture(*without)) continue;
    error.where = key_of(words[i]);
    break;
  }
  return error;
}

}  // namespace

std::vector<std::string> architecture_words(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Result<Transformer> with_architecture_words(const Transformer& base,
                                            const std::vector<std::string>& words) {
  auto transformer = applied(base, words);
  if (!transformer) return transformer;
  if (const auto good = check_architecture(*transformer); !good)
    return tl::unexpected(named_by_word(base, words, good.error()));
  return transformer;
}

std::string with_architecture_word(const Transformer& base, std::string_view text,
                                   std::string_view key, std::string_view value) {
  std::vector<std::string> words = architecture_words(text);
  std::erase_if(words, [&](const std::string& word) { return key_of(word) == key; });
  const auto others = applied(base, words);
  if (!others || architecture_text(*others, key) != value)
    words.push_back(fmt::format("{}={}", key, value));
  const std::vector<std::string> order = architecture_keys();
  std::ranges::stable_sort(words, {}, [&](const std::string& word) {
    return std::ranges::find(order, key_of(word)) - order.begin();
  });
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace nanscope
