#include "ui/formula/tokens.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace nanscope {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_in_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '\''; }

/// "12", "0.42", "1e-5"; an e without digits is a name of its own.
std::size_t number_length(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  std::size_t exponent = end;
  if (exponent < text.size() && text[exponent] == 'e') {
    ++exponent;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) {
      while (exponent < text.size() && is_digit(text[exponent])) ++exponent;
      return exponent;
    }
  }
  return end;
}

/// A name's letters, digits and primes; "_" only between two of them, so that "x_{i}" is a script.
std::size_t name_length(std::string_view text) {
  std::size_t end = text.front() == '\\' ? 1 : 0;
  while (end < text.size() && is_in_name(text[end])) {
    const bool goes_on = end + 1 < text.size() && is_in_name(text[end + 1]) && text[end + 1] != '_';
    if (text[end] == '_' && !goes_on) break;
    ++end;
  }
  return end;
}

/// Two signs that are one, and what is drawn for those that a keyboard has.
struct Spelling {
  std::string_view typed, drawn;
};
constexpr std::array<Spelling, 7> kSpellings{{{"<=", "\u2264"},
                                              {">=", "\u2265"},
                                              {"+-", "\u00B1"},
                                              {"->", "\u2192"},
                                              {"~=", "\u2248"},
                                              {"-", "\u2212"},
                                              {"*", "\u00B7"}}};

}  // namespace

std::size_t character_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return length;
}

std::vector<FormulaToken> formula_tokens(std::string_view source) {
  std::vector<FormulaToken> tokens;
  bool apart = false;
  while (!source.empty()) {
    if (source.front() == ' ') {
      apart = true;
      source.remove_prefix(1);
      continue;
    }
    FormulaToken token{FormulaToken::Kind::sign, "", apart};
    std::size_t length = character_length(source);
    const bool command = source.front() == '\\' && source.size() > 1 && is_letter(source[1]);
    if (is_digit(source.front())) {
      token.kind = FormulaToken::Kind::number;
      length = number_length(source);
    } else if (is_letter(source.front()) || command) {
      token.kind = FormulaToken::Kind::name;
      length = name_length(source);
    }
    token.text = source.substr(command ? 1 : 0, command ? length - 1 : length);
    if (token.kind == FormulaToken::Kind::sign) {
      const auto spelling = std::ranges::find_if(
          kSpellings, [&](const Spelling& one) { return source.starts_with(one.typed); });
      if (spelling != kSpellings.end()) {
        token.text = spelling->drawn;
        length = spelling->typed.size();
      }
    }
    tokens.push_back(std::move(token));
    source.remove_prefix(length);
    apart = false;
  }
  tokens.push_back({FormulaToken::Kind::end, "", apart});
  return tokens;
}

}  // namespace nanscope
