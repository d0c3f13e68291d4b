#include "engine/base/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/detail/conversions/to_chars.hpp>

namespace nanscope {

void append_json(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
    return;
  }
  std::array<char, 64> digits{};
  // The one that dump() calls.
  text.append(digits.data(),
              nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), value));
}

void append_json(std::string& text, std::int64_t value) {
  std::array<char, 24> digits{};
  text.append(digits.data(),
              std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_json(std::string& text, std::string_view words) {
  const bool plain = std::ranges::all_of(
      words, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (!plain) {
    text += escaped_json(words);
    return;
  }
  text += '"';
  text += words;
  text += '"';
}

}  // namespace nanscope
