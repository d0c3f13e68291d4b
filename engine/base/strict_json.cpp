#include "engine/base/strict_json.h"

#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "engine/base/json_text.h"
#include "engine/base/text_encoding.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestText = std::size_t{4} << 20;
constexpr std::size_t kDeepest = 64;

Message line_and_column(std::string_view text, std::size_t position) {
  std::size_t line = 1, column = 1;
  for (const char c : text.substr(0, position > 0 ? position - 1 : 0)) {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n';
  }
  return message("line {}, column {}", line, column);
}

/// Looks at every token without keeping the values. Returning false stops the parser.
class Inspector {
 public:
  explicit Inspector(std::string_view text, bool keeps_numbers = false)
      : text_(text), keeps_numbers_(keeps_numbers) {}
  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(Json::number_integer_t) { return true; }
  bool number_unsigned(Json::number_unsigned_t) { return true; }
  bool number_float(Json::number_float_t value, const std::string& digits) {
    if (keeps_numbers_) numbers.emplace(path(), digits);
    // What is read as 0 has no other digit before its exponent.
    const std::string_view mantissa =
        std::string_view(digits).substr(0, digits.find_first_of("eE"));
    if (value != 0 || mantissa.find_first_of("123456789") == mantissa.npos) return true;
    refuse_number(digits, "0");
    return false;
  }
  bool string(std::string&) { return true; }
  bool binary(Json::binary_t&) { return true; }
  bool start_object(std::size_t) { return open(); }
  bool start_array(std::size_t) { return open(); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    names_.back() = name;
    if (keys_.back().insert(name).second) return true;
    problem = message("the key \"{}\" occurs twice in one object; keep one of them.", name);
    return false;
  }
  bool parse_error(std::size_t position, const std::string& token, const std::exception& why) {
    if (dynamic_cast<const Json::out_of_range*>(&why))  // 1e400
      refuse_number(token, token.starts_with('-') ? "-inf" : "inf", position);
    else
      problem = json_syntax_error(text_, position, token);
    return false;
  }

  Message problem;
  std::string where;                           ///< of a number that fp64 does not hold
  std::map<std::string, std::string> numbers;  ///< digits_in_json()

 private:
  /// The keys that lead to what is being read.
  std::string path() const {
    std::string keys;
    for (const std::string& name : names_)
      if (!name.empty()) keys += (keys.empty() ? "" : ".") + name;
    return keys;
  }
  void refuse_number(const std::string& digits, const char* nearest,
                     std::optional<std::size_t> position = {}) {
    where = path();
    problem = message("{} is not allowed, as the nearest number of fp64 is {}.",
                      printable(digits, 40), nearest);
    if (position) problem = message("{}: {}", line_and_column(text_, *position), problem);
  }
  bool open() {
    names_.emplace_back();
    keys_.emplace_back();
    if (keys_.size() <= kDeepest) return true;
    problem = message("lists and objects are nested deeper than {}.", kDeepest);
    return false;
  }
  bool close() {
    keys_.pop_back();
    names_.pop_back();
    return true;
  }
  std::string_view text_;
  bool keeps_numbers_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
  std::vector<std::string> names_;           // of what is being read in each of them
};

std::string shown_token(const std::string& token) {
  std::string shown = "'";
  for (const char c : token.substr(token.size() > 30 ? token.size() - 30 : 0))
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f || (c & 0x80) ? '?' : c;
  return shown + "'";
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (text.size() > kLargestText)
    return input_error("", "this JSON is larger than {} MiB.", kLargestText >> 20);
  text = without_byte_order_mark(text);
  // The parser would take it for the end, and what stands behind it for nothing.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    return input_error("", "{}: this is not JSON: a byte 0 is not expected here; JSON is UTF-8.",
                       line_and_column(text, nul + 1));
  Inspector inspector(text);
  if (!Json::sax_parse(text, &inspector)) {
    // Whatever the parser stumbled on behind it.
    if (const auto foreign = first_not_utf8(text))
      return input_error("", "{}: this is not JSON: {}.", line_and_column(text, *foreign + 1),
                         not_utf8_words(text, *foreign));
    return input_error(inspector.where, inspector.problem);
  }
  return Json::parse(text);
}

std::map<std::string, std::string> digits_in_json(std::string_view text) {
  text = without_byte_order_mark(text);
  Inspector inspector(text, /*keeps_numbers=*/true);
  Json::sax_parse(text, &inspector);
  return std::move(inspector.numbers);
}

Message json_syntax_error(std::string_view text, std::size_t position, const std::string& token) {
  const Message what =
      token.empty() || token == "<EOF>"
          ? message("this is not JSON: something is missing here.")
          : message("this is not JSON: {} is not expected here.", shown_token(token));
  return message("{}: {}", line_and_column(text, position), what);
}

Json json_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

std::string escaped_json(std::string_view words) { return Json(words).dump(); }

double number_in(const Json& value) {
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (value == "inf") return std::numeric_limits<double>::infinity();
  if (value == "-inf") return -std::numeric_limits<double>::infinity();
  return value.get<double>();
}

bool is_utf8(const std::string& text) { return !first_not_utf8(text); }

std::string shown_json(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace nanscope
