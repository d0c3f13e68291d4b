#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/numbers/format.h"
#include "ui/formula/tokens.h"
#include "ui/formula/tree.h"

namespace nanscope {
namespace {

constexpr int kDeepest = 24;  // brackets within brackets; deeper ones are signs

FormulaNode leaf(FormulaKind kind, std::string text, bool apart) {
  return {kind, std::move(text), {}, apart};
}

FormulaNode row_of(std::vector<FormulaNode> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return {FormulaKind::row, "", std::move(parts), false};
}

constexpr std::array<std::pair<std::string_view, const char*>, 16> kGreek{{{"alpha", "\u03B1"},
                                                                           {"beta", "\u03B2"},
                                                                           {"gamma", "\u03B3"},
                                                                           {"delta", "\u03B4"},
                                                                           {"eps", "\u03B5"},
                                                                           {"eta", "\u03B7"},
                                                                           {"theta", "\u03B8"},
                                                                           {"lambda", "\u03BB"},
                                                                           {"mu", "\u03BC"},
                                                                           {"pi", "\u03C0"},
                                                                           {"rho", "\u03C1"},
                                                                           {"sigma", "\u03C3"},
                                                                           {"tau", "\u03C4"},
                                                                           {"phi", "\u03C6"},
                                                                           {"Phi", "\u03A6"},
                                                                           {"infinity", "\u221E"}}};

bool is_letter_with_primes(std::string_view name) {
  return !name.empty() && name.find_first_not_of('\'', 1) == name.npos;
}

/// A name without index: one letter is italic, Greek ones have their signs, words are upright, and
/// "dz" is the differential of z.
FormulaNode plain_name(std::string_view name, bool apart, bool calls) {
  for (const auto& [typed, drawn] : kGreek)
    if (name == typed) return leaf(FormulaKind::variable, drawn, apart);
  std::string words(name);
  std::string primes;
  while (words.ends_with('\'')) {
    words.pop_back();
    primes += "\u2032";
  }
  if (is_letter_with_primes(name)) {
    const bool is_function = calls && words[0] >= 'A' && words[0] <= 'Z';  // E[x], P(x)
    return leaf(is_function ? FormulaKind::upright : FormulaKind::variable, words + primes, apart);
  }
  if (words.size() == 2 && words[0] == 'd')
    return {FormulaKind::row,
            "",
            {leaf(FormulaKind::upright, "d", false),
             leaf(FormulaKind::variable, words.substr(1) + primes, false)},
            apart};
  return leaf(FormulaKind::upright, words + primes, apart);
}

/// A name with what is an index of it: "h3", "fan_in", "rstd3". Formats go by their whole names.
FormulaNode name_node(std::string_view name, bool apart, bool calls) {
  if (find_format(name)) return leaf(FormulaKind::upright, std::string(name), apart);
  const std::size_t underscore = name.find('_', 1);
  std::string_view base = name.substr(0, underscore);
  std::string index(underscore == name.npos ? "" : name.substr(underscore + 1));
  const std::size_t letters = base.find_last_not_of("0123456789") + 1;
  if (letters < base.size()) {
    index = std::string(base.substr(letters)) + (index.empty() ? "" : " ") + index;
    base = base.substr(0, letters);
  }
  if (index.empty()) return plain_name(base, apart, calls);
  const bool is_variable = index.size() == 1 && index[0] >= 'a' && index[0] <= 'z';
  return {FormulaKind::script,
          "",
          {plain_name(base, false, false),
           leaf(is_variable ? FormulaKind::variable : FormulaKind::upright, index, false),
           {}},
          apart};
}

class Parser {
 public:
  explicit Parser(std::string_view source) : tokens_(formula_tokens(source)) {}

  FormulaNode formula() { return row(""); }

 private:
  using Kind = FormulaToken::Kind;
  const FormulaToken& token() const { return tokens_[at_]; }
  bool is_sign(std::string_view text) const {
    return token().kind == Kind::sign && token().text == text;
  }
  FormulaToken take() { return token().kind == Kind::end ? token() : tokens_[at_++]; }
  bool take_sign(std::string_view text) {
    const bool is = is_sign(text);
    if (is) ++at_;
    return is;
  }

  /// Up to a closing bracket, which stays, or the end.
  FormulaNode row(std::string_view closing);
  std::optional<FormulaKind> operator_kind() const;
  FormulaNode factor();
  FormulaNode primary();
  FormulaNode name();
  FormulaNode bracket(std::string_view opening, std::string_view closing);
  /// What stands above or below: the next part, without its brackets.
  FormulaNode attached();
  /// What a "/" divides by: the next factor; a sum is one with what it sums.
  FormulaNode divisor();

  std::vector<FormulaToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::optional<FormulaKind> Parser::operator_kind() const {
  if (token().kind != Kind::sign) return std::nullopt;
  constexpr std::array<std::string_view, 7> kRelations{"=",      "<",      ">",     "\u2264",
                                                       "\u2265", "\u2192", "\u2248"};
  constexpr std::array<std::string_view, 6> kBinary{"+",      "\u2212", "\u00B7",
                                                    "\u00D7", "\u00B1", "@"};
  constexpr std::array<std::string_view, 3> kCommas{",", ";", ":"};
  const auto is_in = [&](const auto& signs) {
    return std::ranges::find(signs, token().text) != signs.end();
  };
  if (is_in(kRelations)) return FormulaKind::relation;
  if (is_in(kBinary)) return FormulaKind::binary;
  if (is_in(kCommas)) return FormulaKind::comma;
  return std::nullopt;
}

FormulaNode without_brackets(FormulaNode node) {
  if (node.kind == FormulaKind::group && (node.text == "()" || node.text == "{}"))
    return std::move(node.parts.front());
  return node;
}

FormulaNode Parser::row(std::string_view closing) {
  std::vector<FormulaNode> parts;
  std::size_t product = 0;  // where the factors begin that a "/" divides
  while (token().kind != Kind::end && (closing.empty() || !is_sign(closing))) {
    if (const auto kind = operator_kind()) {
      const FormulaToken sign = take();
      parts.push_back(leaf(*kind, sign.text, sign.apart));
      product = parts.size();
      continue;
    }
    if (is_sign("/") && product < parts.size()) {
      take();
      const auto first = parts.begin() + static_cast<std::ptrdiff_t>(product);
      const bool apart = first->apart;
      FormulaNode above =
          row_of({std::make_move_iterator(first), std::make_move_iterator(parts.end())});
      parts.resize(product);
      parts.push_back(
          {FormulaKind::fraction, "", {without_brackets(std::move(above)), divisor()}, apart});
      continue;
    }
    parts.push_back(factor());
  }
  return row_of(std::move(parts));
}

FormulaNode Parser::attached() {
  if (is_sign("\u2212")) {  // "2^-24"
    take();
    return {FormulaKind::row, "", {leaf(FormulaKind::upright, "\u2212", false), primary()}, false};
  }
  FormulaNode node = without_brackets(primary());
  // An exponent of words is one: "W^T" is the transpose.
  if (node.kind == FormulaKind::variable && node.text == "T") node.kind = FormulaKind::upright;
  return node;
}

FormulaNode Parser::divisor() {
  const bool sums = token().kind == Kind::name && token().text == "sum";
  FormulaNode node = factor();
  if (!sums) return without_brackets(std::move(node));
  return {FormulaKind::row, "", {std::move(node), factor()}, false};
}

FormulaNode Parser::factor() {
  FormulaNode node = primary();
  while (is_sign("^") || is_sign("_")) {
    const std::size_t place = take().text == "_" ? 1 : 2;
    FormulaNode above = attached();
    const bool free = node.kind == FormulaKind::script && node.parts[place].parts.empty() &&
                      node.parts[place].text.empty();
    if (!free) {
      const bool apart = node.apart;
      node = {FormulaKind::script, "", {std::move(node), {}, {}}, apart};
    }
    node.parts[place] = std::move(above);
  }
  return node;
}

FormulaNode Parser::bracket(std::string_view opening, std::string_view closing) {
  const bool apart = take().apart;
  ++depth_;
  FormulaNode inside = row(closing);
  --depth_;
  const bool closed = take_sign(closing);
  if (closed)
    return {FormulaKind::group,
            std::string(opening) + std::string(closing),
            {std::move(inside)},
            apart};
  // Without its partner the bracket is a sign.
  return {FormulaKind::row,
          "",
          {leaf(FormulaKind::upright, std::string(opening), false), std::move(inside)},
          apart};
}

FormulaNode Parser::name() {
  const FormulaToken taken = take();
  const bool calls = (is_sign("(") || is_sign("[")) && !token().apart;
  if (taken.text == "sum") return leaf(FormulaKind::sum, "\u2211", taken.apart);
  if (taken.text == "sqrt" && (calls || is_sign("{")))
    return {FormulaKind::root, "", {without_brackets(primary())}, taken.apart};
  if (taken.text == "frac" && is_sign("{")) {
    FormulaNode above = without_brackets(primary());
    FormulaNode below = without_brackets(primary());
    return {FormulaKind::fraction, "", {std::move(above), std::move(below)}, taken.apart};
  }
  FormulaNode node = name_node(taken.text, taken.apart, calls);
  if (!calls || depth_ >= kDeepest) return node;
  node.apart = false;
  // A function and its arguments are one factor.
  return {FormulaKind::row, "", {std::move(node), primary()}, taken.apart};
}

FormulaNode Parser::primary() {
  if (token().kind == Kind::name) return name();
  if (depth_ < kDeepest) {
    if (is_sign("(")) return bracket("(", ")");
    if (is_sign("[")) return bracket("[", "]");
    if (is_sign("{")) return bracket("{", "}");
    if (is_sign("|")) return bracket("|", "|");
  }
  const FormulaToken taken = take();
  return leaf(FormulaKind::upright, taken.text, taken.apart);
}

const char* name_of_kind(FormulaKind kind) {
  switch (kind) {
    case FormulaKind::fraction:
      return "fraction";
    case FormulaKind::root:
      return "root";
    case FormulaKind::script:
      return "script";
    case FormulaKind::group:
      return "group";
    default:
      return "row";
  }
}

}  // namespace

FormulaNode parse_formula(std::string_view source) { return Parser(source).formula(); }

std::string to_text(const FormulaNode& node) {
  if (node.parts.empty()) return node.text.empty() ? "()" : node.text;
  std::string words = std::string("(") + name_of_kind(node.kind);
  if (!node.text.empty()) words += " " + node.text;
  for (const FormulaNode& part : node.parts) words += " " + to_text(part);
  return words + ")";
}

}  // namespace nanscope
