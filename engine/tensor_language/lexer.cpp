#include "engine/tensor_language/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nanscope {
namespace {

// The longest come first: "**=" is no "**" and "=".
constexpr auto kSymbols = std::to_array<std::string_view>(
    {"**=", "//=", "...", "**", "//", "<=", ">=", "==", "!=", "+=", "-=", "*=",
     "/=",  "%=",  "@=",  "(",  ")",  "[",  "]",  ",",  ":",  ".",  "=",  "+",
     "-",   "*",   "/",   "%",  "@",  "<",  ">",  "&",  "|",  "^",  "~"});

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
      const bool line_goes_on = peek() == '\n' && brackets_ > 0;
      if (peek() != ' ' && peek() != '\t' && peek() != '\r' && !line_goes_on) return;
      ++place_;
    }
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

  Parsed<Token> quoted(Token token) {
    const char quote = peek();
    ++place_;
    while (!at_end() && peek() != quote && peek() != '\n') token.text += text_[place_++];
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
    std::string digits = since(token.begin + (base == 10 ? 0 : 2));
    std::erase(digits, '_');
    const char* const first = digits.data();
    const char* const last = first + digits.size();
    const auto [stop, problem] = whole ? std::from_chars(first, last, token.integer, base)
                                       : std::from_chars(first, last, token.number);
    if (problem == std::errc::result_out_of_range)
      return error(token.begin,
                   message("{} is too large for {}.", since(token.begin),
                           whole ? message("a whole number of 64 bits") : message("a number")));
    if (problem != std::errc() || stop != last)
      return error(token.begin, message("\"{}\" is no number.", since(token.begin)));
    token.kind = whole ? TokenKind::integer : TokenKind::number;
    return token;
  }

  std::string_view text_;
  int place_ = 0;
  int brackets_ = 0;  ///< open ones: a line's end inside them separates nothing
};

}  // namespace

Parsed<std::vector<Token>> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace nanscope
