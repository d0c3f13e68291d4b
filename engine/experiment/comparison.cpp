#include "engine/experiment/comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/experiment/key_makers.h"

namespace nanscope {
namespace {

constexpr std::string_view kSameText = "same";

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// What stands between semicolons that no backslash stands before, without those backslashes.
std::vector<std::string> split_changes(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      parts.back() += text[++i];
    else if (text[i] == ';')
      parts.emplace_back();
    else
      parts.back() += text[i];
  }
  return parts;
}

Result<KeyChange> parse_change(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    return input_error("",
                       "\"{}\" is not allowed; it takes what B sets otherwise, as "
                       "init.gain=2; precision=fp16.",
                       text);
  const KeyChange change{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
  const auto names = compared_keys();
  if (std::ranges::find(names, change.key) == names.end())
    return tl::unexpected(unknown_key(change.key, names));
  if (const auto accepted = accept_text(*find_key(change.key), change.value); !accepted)
    return tl::unexpected(accepted.error());
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
  for (const std::string& part : split_changes(text)) {
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
    for (const char c : change.value) {
      if (c == ';' || c == '\\') text += '\\';
      text += c;
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
