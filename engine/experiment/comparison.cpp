#include "engine/experiment/comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/experiment/key_makers.h"

namespace nanscope {
namespace {

constexpr std::string_view kSameText = "same";

/// Whether an odd number of backslashes stands before the character: it is meant as it is.
bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t first = at;
  while (first > 0 && text[first - 1] == '\\') --first;
  return (at - first) % 2 == 1;
}

/// Without the blanks around it, but for one at the end that a backslash keeps.
std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  while (text.ends_with(' ') && !is_escaped(text, text.size() - 1)) text.remove_suffix(1);
  return text;
}

/// What stands between semicolons that no backslash stands before.
std::vector<std::string_view> split_changes(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && (text[i] != ';' || is_escaped(text, i))) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return parts;
}

std::string without_backslashes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

Result<KeyChange> parse_change(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string key(without_blanks(text.substr(0, equals)));
  if (equals == text.size() || key.empty())
    return input_error("",
                       "\"{}\" is not allowed; it takes what B sets otherwise, as "
                       "init.gain=2; precision=fp16, or same.",
                       text);
  const KeyChange change{key, without_backslashes(without_blanks(text.substr(equals + 1)))};
  const auto of_b = [](const Error& error) {
    return input_error("", "B's {}", whole_message(error));
  };
  const auto names = compared_keys();
  if (std::ranges::find(names, key) == names.end()) {
    if (find_key(key) != nullptr)
      return input_error("", "B's {} is A's, too; B may have others of {}.", key, name_list(names));
    return of_b(unknown_key(key, names));
  }
  if (const auto accepted = accept_text(*find_key(key), change.value); !accepted)
    return of_b(accepted.error());
  return change;
}

Result<void> check_comparison(const std::string& text) {
  const auto comparison = parse_comparison(text);
  if (!comparison) return tl::unexpected(comparison.error());
  return {};
}

}  // namespace

Result<CompareSpec> parse_comparison(std::string_view text) {
  if (without_blanks(text).empty()) return CompareSpec{};
  CompareSpec comparison{.on = true, .changes = {}};
  if (without_blanks(text) == kSameText) return comparison;
  for (const std::string_view part : split_changes(text)) {
    if (without_blanks(part).empty()) continue;
    auto change = parse_change(without_blanks(part));
    if (!change) return tl::unexpected(change.error());
    std::erase_if(comparison.changes, [&](const KeyChange& one) { return one.key == change->key; });
    comparison.changes.push_back(*std::move(change));
  }
  return comparison;
}

std::string comparison_text(const CompareSpec& comparison) {
  if (!comparison.on) return "";
  if (comparison.changes.empty()) return std::string(kSameText);
  std::string text;
  for (const KeyChange& change : comparison.changes) {
    text += fmt::format("{}{}=", text.empty() ? "" : "; ", change.key);
    const std::string& value = change.value;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool blank_at_an_end = value[i] == ' ' && (i == 0 || i + 1 == value.size());
      if (value[i] == ';' || value[i] == '\\' || blank_at_an_end) text += '\\';
      text += value[i];
    }
  }
  return text;
}

std::vector<Key> comparison_keys() {
  return {live(when_changed(
      checked({"compare",
               KeyType::text,
               {},
               {},
               [](const Experiment& e) { return KeyValue(comparison_text(e.compare)); },
               [](Experiment& e, const KeyValue& value) {
                 e.compare = parse_comparison(std::get<std::string>(value)).value_or(CompareSpec{});
               }},
              check_comparison)))};
}

}  // namespace nanscope
