#include "engine/tensor_language/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "engine/tensor_language/python_number.h"
#include "engine/tensor_language/python_string.h"

namespace nanscope {
namespace {

// The longest come first: "**=" is no "**" and "=".
constexpr auto kSymbols = std::to_array<std::string_view>(
    {"**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=",
     "-=",  "*=",  "/=",  "%=",  "@=",  "&=", "|=", "^=", "(",  ")",  "[",  "]",  ",",  ":",
     ".",   "=",   "+",   "-",   "*",   "/",  "%",  "@",  "<",  ">",  "&",  "|",  "^",  "~"});

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Parsed<std::vector<Token>> run() {
    std::vector<Token> tokens;
    do {
      Parsed<Token> token = next();
      if (!token) return tl::unexpected(token.error());
      tokens.push_back(*std::move(token));
    } while (tokens.back().kind != TokenKind::end);
    return tokens;
  }

 private:
  char peek(int ahead = 0) const {
    const std::size_t at = static_cast<std::size_t>(place_) + ahead;
    return at < text_.size() ? text_[at] : '\0';
  }
  bool at_end() const { return static_cast<std::size_t>(place_) >= text_.size(); }
  std::string since(int begin) const {
    return std::string(
        text_.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(place_ - begin)));
  }
  tl::unexpected<SyntaxError> error(int begin, Message what) const {
    return tl::unexpected(SyntaxError{begin, std::max(place_, begin + 1), std::move(what), ""});
  }

  void skip_blanks() {
    while (!at_end()) {
      if (peek() == '#')
        while (!at_end() && peek() != '\n') ++place_;
      if (peek() == '\\' && peek(1) == '\n') {
        place_ += 2;
        continue;
      }
      const bool line_goes_on = peek() == '\n' && (brackets_ > 0 || goes_on_with_dot());
      if (peek() != ' ' && peek() != '\t' && peek() != '\r' && !line_goes_on) return;
      ++place_;
    }
  }

  /// Whether the next line that is not empty begins with a dot and no number: a call on what stands
  /// before it, as people break long chains. Python wants brackets around these.
  bool goes_on_with_dot() const {
    std::size_t at = static_cast<std::size_t>(place_);
    while (at < text_.size()) {
      if (text_[at] == '#')
        at = std::min(text_.find('\n', at), text_.size());
      else if (std::string_view(" \t\r\n").find(text_[at]) != std::string_view::npos)
        ++at;
      else
        break;
    }
    if (at == text_.size() || text_[at] != '.') return false;
    return at + 1 == text_.size() || !(is_digit(text_[at + 1]) || text_[at + 1] == '.');
  }

  Parsed<Token> next() {
    skip_blanks();
    Token token{.begin = place_, .end = place_, .text = {}};
    if (at_end()) return token;
    if (peek() == '\n' || peek() == ';') {
      token.kind = TokenKind::separator;
      ++place_;
    } else if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) {
      return number(token);
    } else if (begins_name(peek())) {
      token.kind = TokenKind::name;
      while (begins_name(peek()) || is_digit(peek())) ++place_;
      token.text = since(token.begin);
    } else if (peek() == '"' || peek() == '\'') {
      return quoted(token);
    } else {
      return symbol(token);
    }
    token.end = place_;
    return token;
  }

  Parsed<Token> symbol(Token token) {
    const std::string_view rest = text_.substr(static_cast<std::size_t>(place_));
    const auto* const found = std::ranges::find_if(
        kSymbols, [&](std::string_view symbol) { return rest.starts_with(symbol); });
    if (found == kSymbols.end()) {
      // A character of UTF-8 is shown whole.
      do ++place_;
      while (!at_end() && (peek() & 0xC0) == 0x80);
      return error(token.begin,
                   message("\"{}\" means nothing here.", printable(since(token.begin))));
    }
    place_ += static_cast<int>(found->size());
    brackets_ += *found == "(" || *found == "[" ? 1 : 0;
    brackets_ -= (*found == ")" || *found == "]") && brackets_ > 0 ? 1 : 0;
    token.kind = TokenKind::symbol;
    token.text = *found;
    token.end = place_;
    return token;
  }

  /// Control characters as their code.
  static std::string printable(const std::string& text) {
    if (text.size() == 1 && (static_cast<unsigned char>(text[0]) < 32 || text[0] == 127))
      return fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    return text;
  }

  /// Characters behind this backslash that mean another one.
  std::size_t escape(std::string& text) const {
    return read_escape(text_.substr(static_cast<std::size_t>(place_) + 1), text);
  }

  Parsed<Token> quoted(Token token) {
    const char quote = peek();
    ++place_;
    while (!at_end() && peek() != quote && peek() != '\n')
      if (const std::size_t length = peek() == '\\' ? escape(token.text) : 0; length > 0)
        place_ += static_cast<int>(length) + 1;
      else
        token.text += text_[place_++];
    if (peek() != quote || at_end())
      return error(token.begin, message("The string has no closing {}.", quote));
    ++place_;
    token.kind = TokenKind::text;
    token.end = place_;
    return token;
  }

  /// Whole numbers in decimal, 0x, 0b and 0o; decimals with an exponent; _ between digits.
  Parsed<Token> number(Token token) {
    int base = 10;
    if (peek() == '0' && !is_digit(peek(1)) && peek(1) != '\0') {
      const char letter = static_cast<char>(peek(1) | 0x20);
      base = letter == 'x' ? 16 : letter == 'b' ? 2 : letter == 'o' ? 8 : 10;
    }
    if (base != 10) place_ += 2;
    bool whole = true;
    while (begins_name(peek()) || is_digit(peek()) || (base == 10 && peek() == '.')) {
      const bool exponent = base == 10 && (peek() == 'e' || peek() == 'E');
      whole = whole && peek() != '.' && !exponent;
      ++place_;
      if (exponent && (peek() == '+' || peek() == '-')) ++place_;
    }
    token.end = place_;
    const std::string written = since(token.begin);
    if (base == 10 && (written.back() == 'j' || written.back() == 'J'))
      return error(token.begin,
                   message("{} is a complex number; the numbers of NaNscope are real.", written));
    const std::optional<std::string> digits = without_underscores(written, base);
    if (!digits) return error(token.begin, message("\"{}\" is no number.", written));
    if (whole) return whole_number(token, *digits, base);
    const std::optional<double> value = decimal_value(*digits);
    if (!value) return error(token.begin, message("\"{}\" is no number.", written));
    token.kind = TokenKind::number;
    token.number = *value;
    return token;
  }

  /// The digits behind 0x and its kind; nothing where _ does not stand between two of them.
  static std::optional<std::string> without_underscores(std::string_view written, int base) {
    std::string digits;
    for (std::size_t i = base == 10 ? 0 : 2; i < written.size(); ++i) {
      if (written[i] != '_') {
        digits += written[i];
        continue;
      }
      const auto joins = [&](std::size_t place) {
        return place < written.size() && (is_digit(written[place]) || base == 16) &&
               written[place] != '_';
      };
      const bool after_prefix = base != 10 && i == 2;
      if ((!joins(i - 1) && !after_prefix) || !joins(i + 1)) return std::nullopt;
    }
    return digits;
  }

  Parsed<Token> whole_number(Token token, const std::string& digits, int base) {
    const bool zeros = digits.find_first_not_of('0') == std::string::npos;
    if (base == 10 && digits.size() > 1 && digits.front() == '0' && !zeros)
      return error(token.begin,
                   message("A whole number does not begin with 0; base 8 is written 0o{}.",
                           digits.substr(digits.find_first_not_of('0'))));
    const char* const last = digits.data() + digits.size();
    const auto [stop, problem] = std::from_chars(digits.data(), last, token.integer, base);
    if (problem == std::errc::invalid_argument || stop != last)
      return error(token.begin, message("\"{}\" is no number.", since(token.begin)));
    token.kind = TokenKind::integer;
    if (problem != std::errc::result_out_of_range) return token;
    token.kind = TokenKind::large;
    token.text = mpz_class(digits, base).get_str();
    if (token.text.size() > kMostPythonDigits)
      return error(token.begin, message("A whole number has at most {} digits, as in Python.",
                                        kMostPythonDigits));
    return token;
  }

  std::string_view text_;
  int place_ = 0;
  int brackets_ = 0;  ///< open ones: a line's end inside them separates nothing
};

}  // namespace

Parsed<std::vector<Token>> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace nanscope
