#pragma once

#include "engine/tensor_language/syntax.h"

namespace nanscope {

enum class TokenKind {
  end,
  separator,
  integer,
  large,  ///< a whole number beyond 64 bits
  number,
  text,
  name,
  symbol
};

struct Token {
  TokenKind kind = TokenKind::end;
  int begin = 0, end = 0;
  std::string text;  ///< a name, a symbol, what a string says, the digits of a large number
  std::int64_t integer = 0;
  double number = 0;
};

/// 0 to 9, whatever the locale says.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Splits a program into tokens, of which the last is `end`. A separator is ';' or the end of a
/// line outside of brackets, unless the next one goes on with a dot; '#' begins a comment.
Parsed<std::vector<Token>> tokenize(std::string_view text);

}  // namespace nanscope
