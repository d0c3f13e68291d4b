#pragma once

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

/// Json(words).dump().
std::string escaped_json(std::string_view words);

}  // namespace nanscope
