#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/result.h"

// For engine/*.cpp only: JSON read and written without surprises.
namespace nanscope {

using Json = nlohmann::ordered_json;

/// Parses JSON. Refuses what would be read wrongly or not at all, naming line and column: syntax
/// errors, a byte 0, a key that occurs twice in an object, objects nested deeper than 64, more than
/// 4 MiB; and numbers that would become 0 or an infinity in fp64, of which Error::where has the
/// keys, as "optimizer.lr". Otherwise it stays empty.
Result<Json> parse_json(std::string_view text);

/// The numbers with decimals, an exponent or more than 64 bits of a JSON text that parses, as they
/// are written, by the keys that lead to them: {"model.width", "1e20"}.
std::map<std::string, std::string> digits_in_json(std::string_view text);

/// Where and why a SAX parser of nlohmann's stopped, for its parse_error(): "line 1, column 5: this
/// is not JSON: ...".
Message json_syntax_error(std::string_view text, std::size_t position, const std::string& token);

/// A number, or the string "inf", "-inf" or "nan", for which JSON has no number.
Json json_number(double value);
/// What json_number() wrote. Throws Json::exception where it is something else.
double number_in(const Json& value);

/// Whether a text is UTF-8, and so comes back from JSON as it was.
bool is_utf8(const std::string& text);

/// A value for a message: numbers and texts as written, "an object", "a list".
std::string shown_json(const Json& value);

}  // namespace nanscope
