#include "engine/base/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/detail/conversions/to_chars.hpp>

namespace nanscope {

char* write_json(char* at, double value) {
  if (!std::isfinite(value)) {
    const std::string_view name = std::isnan(value) ? "\"nan\""
                                  : value > 0       ? "\"inf\""
                                                    : "\"-inf\"";
    return std::ranges::copy(name, at).out;
  }
  // The one that dump() calls.
  return nlohmann::detail::to_chars(at, at + kLongestJsonNumber, value);
}

char* write_json(char* at, std::int64_t value) {
  return std::to_chars(at, at + kLongestJsonNumber, value).ptr;
}

void append_json(std::string& text, double value) {
  std::array<char, kLongestJsonNumber> digits{};
  text.append(digits.data(), write_json(digits.data(), value));
}

void append_json(std::string& text, std::int64_t value) {
  std::array<char, kLongestJsonNumber> digits{};
  text.append(digits.data(), write_json(digits.data(), value));
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
