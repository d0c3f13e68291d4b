#include "engine/recipe/equation.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace nanscope {
namespace {

struct Token {
  enum class Kind { number, name, sign };
  Kind kind = Kind::sign;
  std::string_view text = {};
  bool after_blank = false;
  bool is(char sign) const { return kind == Kind::sign && text[0] == sign; }
};

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t length_of_number(std::string_view text) {
  double ignored = 0;
  return static_cast<std::size_t>(
      std::from_chars(text.data(), text.data() + text.size(), ignored).ptr - text.data());
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  bool after_blank = false;
  while (!text.empty()) {
    std::size_t length = 1;
    Token token{.after_blank = after_blank};
    if (std::isdigit(static_cast<unsigned char>(text[0])) != 0) {
      token.kind = Token::Kind::number;
      length = length_of_number(text);
    } else if (is_of_name(text[0])) {
      token.kind = Token::Kind::name;
      while (length < text.size() && is_of_name(text[length])) ++length;
    }
    token.text = text.substr(0, length);
    after_blank = text[0] == ' ';
    if (!after_blank) tokens.push_back(token);
    text.remove_prefix(length);
  }
  return tokens;
}

/// Whether two tokens with a blank between them are multiplied.
bool are_factors(const Token& left, const Token& right) {
  return right.after_blank && (left.kind != Token::Kind::sign || left.is(')')) &&
         (right.kind != Token::Kind::sign || right.is('('));
}

using Function = long double (*)(long double);
constexpr auto kFunctions = std::to_array<std::pair<std::string_view, Function>>({
    {"sqrt", [](long double x) { return std::sqrt(x); }},
    {"exp", [](long double x) { return std::exp(x); }},
    {"log", [](long double x) { return std::log(x); }},
    {"tanh", [](long double x) { return std::tanh(x); }},
    {"sigmoid", [](long double x) { return 1 / (1 + std::exp(-x)); }},
    {"sign", [](long double x) { return static_cast<long double>((x > 0) - (x < 0)); }},
    {"Phi", [](long double x) { return std::erfc(-x / std::numbers::sqrt2_v<long double>) / 2; }},
    {"phi",
     [](long double x) {
       return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<long double> /
              std::numbers::sqrt2_v<long double>;
     }},
});

Function function_of(std::string_view name) {
  for (const auto& [known, function] : kFunctions)
    if (known == name) return function;
  return nullptr;
}

/// Reads and calculates one expression.
class Calculation {
 public:
  Calculation(const std::vector<Token>& tokens, const EquationValues& values, bool in_floats)
      : tokens_(tokens), values_(values), in_floats_(in_floats) {}

  std::optional<long double> all() {
    const long double value = sum();
    return failed_ || at_ < tokens_.size() ? std::nullopt : std::optional(value);
  }
  bool divides_by_zero() const { return divides_by_zero_; }

 private:
  long double rounded(long double value) const {
    return in_floats_ ? static_cast<long double>(static_cast<float>(value)) : value;
  }
  bool sees(char sign) const { return at_ < tokens_.size() && tokens_[at_].is(sign); }
  bool takes(char sign) {
    if (!sees(sign)) return false;
    ++at_;
    return true;
  }

  long double sum() {
    long double value = takes('-') ? -product() : product();
    while (sees('+') || sees('-')) {
      const bool minus = takes('-');
      if (!minus) ++at_;
      const long double next = product();
      value = rounded(minus ? value - next : value + next);
    }
    return value;
  }

  long double product() {
    long double value = power();
    while (!failed_ && at_ < tokens_.size()) {
      if (takes('/')) {
        const long double divisor = power();
        divides_by_zero_ = divides_by_zero_ || (divisor == 0 && value != 0);
        value = rounded(value / divisor);
      } else if (are_factors(tokens_[at_ - 1], tokens_[at_])) {
        value = rounded(value * power());
      } else {
        break;
      }
    }
    return value;
  }

  long double power() {
    const long double base = one();
    return takes('^') ? rounded(std::pow(base, one())) : base;
  }

  long double one() {
    if (at_ == tokens_.size()) return fail();
    const Token& token = tokens_[at_++];
    if (token.kind == Token::Kind::number) {
      double value = 0;
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
      return rounded(value);
    }
    if (token.is('(')) return closed();
    if (token.kind == Token::Kind::sign) return fail();
    if (const Function function = function_of(token.text); function && takes('('))
      return rounded(function(closed()));
    if (token.text == "max" && takes('(')) return largest();
    const auto known = values_.find(token.text);
    return known == values_.end() ? fail() : rounded(known->second);
  }

  long double closed() {
    const long double value = sum();
    return takes(')') ? value : fail();
  }

  long double largest() {
    const long double first = sum();
    if (!takes(',')) return fail();
    return std::max(first, closed());
  }

  long double fail() {
    failed_ = true;
    return 0;
  }

  const std::vector<Token>& tokens_;
  const EquationValues& values_;
  bool in_floats_;
  std::size_t at_ = 0;
  bool failed_ = false, divides_by_zero_ = false;
};

}  // namespace

std::string with_words(std::string_view expression, const EquationWords& words) {
  std::string text;
  const std::vector<Token> tokens = tokens_of(expression);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (i > 0 && are_factors(tokens[i - 1], token))
      text += " * ";
    else if (token.after_blank)
      text += " ";
    const auto found = token.kind == Token::Kind::name ? words.find(token.text) : words.end();
    text += found == words.end() ? token.text : std::string_view(found->second);
  }
  return text;
}

std::string_view take_assignment(std::string_view& equation) {
  const std::size_t end = std::min(equation.find("; "), equation.size());
  const std::string_view first = equation.substr(0, end);
  equation.remove_prefix(std::min(end + 2, equation.size()));
  return first;
}

std::optional<EquationValue> evaluate_equation(std::string_view equation, EquationValues values,
                                               std::string_view name, bool in_floats) {
  EquationValue result;
  while (!equation.empty()) {
    const std::string_view one = take_assignment(equation);
    const std::size_t equals = one.find(" = ");
    if (equals == std::string_view::npos) return std::nullopt;
    const std::vector<Token> tokens = tokens_of(one.substr(equals + 3));
    Calculation calculation(tokens, values, in_floats);
    const std::optional<long double> value = calculation.all();
    if (!value) return std::nullopt;
    values[std::string(one.substr(0, equals))] = *value;
    if (one.substr(0, equals) == name)
      result.divides_by_zero = result.divides_by_zero || calculation.divides_by_zero();
  }
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  result.value = found->second;
  return result;
}

}  // namespace nanscope
