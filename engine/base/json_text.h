#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// JSON written without a tree of it: for long lines that are written again and again. Each appends
// what Json::dump() says of the same.
namespace nanscope {

/// Of json_number(value).
void append_json(std::string& text, double value);
void append_json(std::string& text, std::int64_t value);
void append_json(std::string& text, std::string_view words);

/// The same into memory that has room for it; returns its end.
inline constexpr std::size_t kLongestJsonNumber = 32;
char* write_json(char* at, double value);
char* write_json(char* at, std::int64_t value);

/// Json(words).dump().
std::string escaped_json(std::string_view words);

}  // namespace nanscope
