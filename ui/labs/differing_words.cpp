#include "ui/labs/differing_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/recipe/acting_keys.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Six digits of a number, as its control shows it; nothing for other values.
std::optional<std::string> six_digits(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return fmt::format("{:.6g}", number);
}

/// A choice as its button reads: blanks only make its name readable.
std::string spaced(std::string_view key, std::string value) {
  if (find_key(key)->type == KeyType::choice) std::ranges::replace(value, '_', ' ');
  return value;
}

/// Short, unless that does not tell it from the other's.
std::string short_value(const std::string& value, const std::string& other) {
  if (value.empty()) return text("compare.nothing");
  const auto digits = six_digits(value);
  const bool shorter = digits && digits->size() < value.size() && digits != six_digits(other);
  return shorter ? *digits : value;
}

}  // namespace

std::vector<std::string> differing_settings(const Experiment& experiment, const Experiment& other) {
  std::vector<std::string> all, acting;
  for (const std::string& key : differing_keys(experiment, other)) {
    if (key == "lab" || key == "compare" || key.starts_with("view.")) continue;
    all.push_back(
        fmt::format("{} {}", text("control." + key),
                    spaced(key, short_value(key_text(experiment, key), key_text(other, key)))));
    if (check_acts(key, experiment)) acting.push_back(all.back());
  }
  return acting.empty() ? all : acting;
}

std::string joined_settings(const std::vector<std::string>& settings) {
  constexpr std::size_t kMost = 3;
  const auto shown = static_cast<std::ptrdiff_t>(std::min(settings.size(), kMost));
  std::string words =
      fmt::format("{}", fmt::join(settings.begin(), settings.begin() + shown, ", "));
  if (settings.size() > kMost)
    words += format_text("compare.more", fmt::arg("count", settings.size() - kMost));
  return words;
}

std::string differing_words(const Experiment& experiment, const Experiment& other) {
  return joined_settings(differing_settings(experiment, other));
}

}  // namespace nanscope
