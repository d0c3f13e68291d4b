#include "engine/tensor_language/expression_parser.h"

#include <algorithm>
#include <array>

namespace nanscope {
namespace {

/// How tight a binary operator binds, all of them read from the left; -1 for what is none.
/// Comparisons bind looser.
constexpr int kLoosest = 0;
int level_of(const Token& token) {
  struct Level {
    std::string_view symbol;
    int level;
  };
  static constexpr auto kLevels = std::to_array<Level>({
      {"|", kLoosest},
      {"^", 1},
      {"&", 2},
      {"<<", 3},
      {">>", 3},
      {"+", 4},
      {"-", 4},
      {"*", 5},
      {"/", 5},
      {"//", 5},
      {"%", 5},
      {"@", 5},
  });
  if (token.kind != TokenKind::symbol) return -1;
  const auto* const found = std::ranges::find(kLevels, token.text, &Level::symbol);
  return found == kLevels.end() ? -1 : found->level;
}

bool compares(const Token& token) {
  constexpr auto kSymbols = std::to_array<std::string_view>({"<", ">", "<=", ">=", "==", "!="});
  return token.kind == TokenKind::symbol &&
         std::ranges::find(kSymbols, token.text) != kSymbols.end();
}

/// `max(` after `from torch import max`, as torch.max; `path` is that.
Node function_of_torch(Node name, const std::string& path) {
  Node function = name;
  function.kind = NodeKind::attribute;
  function.text = path.substr(path.find('.') + 1);
  function.name_begin = name.begin;
  name.text = "torch";
  function.children.push_back(std::move(name));
  return function;
}

}  // namespace

bool is_reserved(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"and",    "or",    "not",   "in",     "is",     "if",       "else",    "elif",
       "for",    "while", "def",   "class",  "lambda", "return",   "with",    "try",
       "except", "raise", "del",   "assert", "pass",   "import",   "from",    "global",
       "yield",  "async", "await", "as",     "break",  "continue", "finally", "nonlocal"});
  return std::ranges::find(kWords, word) != kWords.end();
}

Parsed<Node> ExpressionParser::expressions() {
  Parsed<Node> first = item();
  if (!first || !at(",")) return first && first->kind == NodeKind::starred ? lonely(*first) : first;
  std::vector<Node> list = nodes(*std::move(first));
  while (take(",")) {
    if (ends_expression()) break;
    Parsed<Node> next = item();
    if (!next) return next;
    list.push_back(*std::move(next));
  }
  const int begin = list.front().begin;
  return node(NodeKind::tuple, begin, last_end(), std::move(list));
}

bool ExpressionParser::ends_expression() const {
  return now().kind == TokenKind::end || now().kind == TokenKind::separator || at(")") || at("]") ||
         at("=");
}

Parsed<Node> ExpressionParser::item() {
  if (!at("*")) return expression();
  const int begin = now().begin;
  ++place_;
  Parsed<Node> list = binary(kLoosest);
  if (!list) return list;
  const int end = list->end;
  return node(NodeKind::starred, begin, end, nodes(*std::move(list)));
}

Parsed<Node> ExpressionParser::lonely(const Node& starred) const {
  return error(starred.begin, starred.end,
               at("=") ? message("*a takes what is left of a list: a comma makes it one, *a, = x.")
                       : message("*x stands among arguments or in a list: f(*x), (*x, 1)."));
}

tl::unexpected<SyntaxError> ExpressionParser::loop() const {
  return error(now().begin, now().end,
               message("Loops are not known here; operations take whole tensors."));
}

Parsed<Node> ExpressionParser::nested(Parsed<Node> (ExpressionParser::*part)(),
                                      std::size_t tokens_before) {
  if (++nested_ > kDeepestNesting) return too_nested();
  place_ += tokens_before;
  Parsed<Node> result = (this->*part)();
  --nested_;
  return result;
}

Parsed<Node> ExpressionParser::expression() { return nested(&ExpressionParser::conditional); }

Parsed<Node> ExpressionParser::conditional() {
  Parsed<Node> value = logical("or");
  if (!value || !take_word("if")) return value;
  Parsed<Node> condition = logical("or");
  if (!condition) return condition;
  if (!take_word("else")) return unexpected(message("else"));
  Parsed<Node> otherwise = expression();
  if (!otherwise) return otherwise;
  const int begin = value->begin, end = otherwise->end;
  std::vector<Node> parts = nodes(*std::move(value), *std::move(condition));
  parts.push_back(*std::move(otherwise));
  return node(NodeKind::conditional, begin, end, std::move(parts));
}

Parsed<Node> ExpressionParser::logical(const std::string& word) {
  const auto operand = [&] { return word == "or" ? logical("and") : inversion(); };
  Parsed<Node> left = operand();
  while (left && take_word(word)) {
    Parsed<Node> right = operand();
    if (!right) return right;
    const int begin = left->begin, end = right->end;
    left = node(NodeKind::logical, begin, end, nodes(*std::move(left), *std::move(right)), word);
  }
  return left;
}

Parsed<Node> ExpressionParser::prefixed(Parsed<Node> (ExpressionParser::*part)()) {
  const Token sign = now();
  Parsed<Node> operand = nested(part, 1);
  if (!operand) return operand;
  const int end = operand->end;
  return node(NodeKind::unary, sign.begin, end, nodes(*std::move(operand)), sign.text);
}

Parsed<Node> ExpressionParser::inversion() {
  return at_word("not") ? prefixed(&ExpressionParser::inversion) : comparison();
}

Parsed<Node> ExpressionParser::comparison() {
  Parsed<Node> first = binary(kLoosest);
  if (!first) return first;
  std::vector<std::string> symbols;
  std::vector<Node> operands = nodes(*std::move(first));
  for (std::string symbol = take_comparison(); !symbol.empty(); symbol = take_comparison()) {
    Parsed<Node> next = binary(kLoosest);
    if (!next) return next;
    symbols.push_back(std::move(symbol));
    operands.push_back(*std::move(next));
  }
  if (symbols.empty()) return std::move(operands.front());
  const int begin = operands.front().begin, end = operands.back().end;
  if (symbols.size() == 1)
    return node(NodeKind::binary, begin, end, std::move(operands), symbols.front());
  Parsed<Node> chain = node(NodeKind::comparison, begin, end, std::move(operands));
  if (chain) chain->keywords = std::move(symbols);
  return chain;
}

std::string ExpressionParser::take_comparison() {
  if (compares(now())) return tokens_[place_++].text;
  if (take_word("in")) return "in";
  if (take_word("is")) return take_word("not") ? "is not" : "is";
  const Token& next = tokens_[std::min(place_ + 1, tokens_.size() - 1)];
  if (!at_word("not") || next.kind != TokenKind::name || next.text != "in") return "";
  place_ += 2;
  return "not in";
}

Parsed<Node> ExpressionParser::binary(int loosest) {
  Parsed<Node> left = unary();
  while (left && level_of(now()) >= loosest) {
    const Token symbol = now();
    ++place_;
    Parsed<Node> right = binary(level_of(symbol) + 1);
    if (!right) return right;
    const int begin = left->begin, end = right->end;
    left =
        node(NodeKind::binary, begin, end, nodes(*std::move(left), *std::move(right)), symbol.text);
  }
  return left;
}

Parsed<Node> ExpressionParser::unary() {
  const bool sign = at("-") || at("+") || at("~");
  return sign ? prefixed(&ExpressionParser::unary) : power();
}

Parsed<Node> ExpressionParser::power() {
  Parsed<Node> base = postfix();
  if (!base || !take("**")) return base;
  Parsed<Node> exponent = nested(&ExpressionParser::unary);
  if (!exponent) return exponent;
  const int begin = base->begin, end = exponent->end;
  return node(NodeKind::binary, begin, end, nodes(*std::move(base), *std::move(exponent)), "**");
}

Parsed<Node> ExpressionParser::postfix() {
  Parsed<Node> result = primary();
  while (result) {
    if (take("."))
      result = attribute(*std::move(result));
    else if (take("("))
      result = call(*std::move(result));
    else if (take("["))
      result = index(*std::move(result));
    else
      break;
  }
  return result;
}

Parsed<Node> ExpressionParser::attribute(Node owner) {
  if (now().kind != TokenKind::name)
    return unexpected(message("the name of an operation after the dot"));
  const Token name = now();
  ++place_;
  const int begin = owner.begin;
  Parsed<Node> result =
      node(NodeKind::attribute, begin, name.end, nodes(std::move(owner)), name.text);
  if (result) result->name_begin = name.begin;
  return result;
}

Parsed<Node> ExpressionParser::call(Node callee) {
  const int begin = callee.begin;
  std::vector<Node> children = nodes(std::move(callee));
  std::vector<std::string> keywords;
  while (!at(")")) {
    std::string keyword;
    if (now().kind == TokenKind::name && tokens_[place_ + 1].kind == TokenKind::symbol &&
        tokens_[place_ + 1].text == "=") {
      keyword = now().text;
      place_ += 2;
    }
    if (at("**"))
      return error(now().begin, now().end,
                   message("Arguments from a dictionary are not known here: write name=value."));
    if (keyword.empty() && !at("*") &&
        std::ranges::any_of(keywords, [](auto& k) { return !k.empty(); }))
      return unexpected(message("name=value: after an argument with a name"));
    Parsed<Node> argument = keyword.empty() ? item() : expression();
    if (!argument) return argument;
    children.push_back(*std::move(argument));
    keywords.push_back(std::move(keyword));
    if (at_word("for")) return loop();
    if (!take(",") && !at(")")) return unexpected(message("an argument, a comma or )"));
  }
  ++place_;
  Parsed<Node> result = node(NodeKind::call, begin, last_end(), std::move(children));
  if (result) result->keywords = std::move(keywords);
  return result;
}

Parsed<Node> ExpressionParser::index(Node owner) {
  const int begin = owner.begin, inside = now().begin;
  std::vector<Node> items;
  bool tuple = false;
  while (!at("]")) {
    Parsed<Node> item = index_item();
    if (!item) return item;
    items.push_back(*std::move(item));
    if (!take(",")) break;
    tuple = true;
  }
  if (items.empty()) return unexpected(message("an index, a slice, ... or None"));
  if (!take("]")) return unexpected(message("] or a comma"));
  if (!tuple)
    return node(NodeKind::index, begin, last_end(),
                nodes(std::move(owner), std::move(items.front())));
  const int inside_end = items.back().end;
  Parsed<Node> key = node(NodeKind::tuple, inside, inside_end, std::move(items));
  if (!key) return key;
  return node(NodeKind::index, begin, last_end(), nodes(std::move(owner), *std::move(key)));
}

Parsed<Node> ExpressionParser::index_item() {
  const int begin = now().begin;
  std::vector<Node> parts;
  const auto part = [&]() -> Parsed<bool> {
    if (at(":") || at(",") || at("]")) {
      parts.push_back(Node{.kind = NodeKind::none, .begin = now().begin, .end = now().begin});
      return true;
    }
    Parsed<Node> parsed = parts.empty() ? item() : expression();
    if (!parsed) return tl::unexpected(parsed.error());
    parts.push_back(*std::move(parsed));
    return true;
  };
  if (auto parsed = part(); !parsed) return tl::unexpected(parsed.error());
  if (!at(":")) return std::move(parts.front());
  while (parts.size() < 3 && take(":"))
    if (auto parsed = part(); !parsed) return tl::unexpected(parsed.error());
  const int end = last_end();
  while (parts.size() < 3) parts.push_back(Node{.kind = NodeKind::none, .begin = end, .end = end});
  return node(NodeKind::slice, begin, end, std::move(parts));
}

Parsed<Node> ExpressionParser::primary() {
  const Token token = now();
  Node leaf{.begin = token.begin,
            .end = token.end,
            .text = token.text,
            .bare_begin = token.begin,
            .bare_end = token.end};
  if (token.kind == TokenKind::integer) {
    leaf.kind = NodeKind::integer;
    leaf.integer = token.integer;
  } else if (token.kind == TokenKind::large) {
    leaf.kind = NodeKind::large;
  } else if (token.kind == TokenKind::number) {
    leaf.kind = NodeKind::number;
    leaf.number = token.number;
  } else if (token.kind == TokenKind::text) {
    leaf.kind = NodeKind::text;
  } else if (at_word("lambda")) {
    return error(token.begin, token.end, message("Functions of one's own are not known here."));
  } else if (token.kind == TokenKind::name && !is_reserved(token.text)) {
    const auto other = other_names_.find(token.text);
    if (other != other_names_.end() && other->second.starts_with("torch.")) {
      ++place_;
      leaf.kind = NodeKind::name;
      return at("(") ? function_of_torch(std::move(leaf), other->second) : leaf;
    }
    if (other != other_names_.end()) leaf.text = other->second;
    leaf.kind = token.text == "None"                            ? NodeKind::none
                : token.text == "True" || token.text == "False" ? NodeKind::boolean
                                                                : NodeKind::name;
    leaf.integer = token.text == "True" ? 1 : 0;
  } else if (at("...")) {
    leaf.kind = NodeKind::ellipsis;
  } else if (at("(") || at("[")) {
    return bracketed();
  } else {
    return unexpected(message("a tensor, a number or an operation"));
  }
  ++place_;
  return leaf;
}

Parsed<Node> ExpressionParser::bracketed() {
  const Token open = now();
  const std::string_view close = open.text == "(" ? ")" : "]";
  ++place_;
  std::vector<Node> items;
  bool comma = false;
  while (!at(close)) {
    Parsed<Node> item = this->item();
    if (!item) return item;
    items.push_back(*std::move(item));
    if (at_word("for")) return loop();
    if (!take(",")) break;
    comma = true;
  }
  if (!take(close)) return unexpected(message("{} or a comma", close));
  if (close == ")" && items.size() == 1 && !comma) {
    if (items.front().kind == NodeKind::starred) return lonely(items.front());
    items.front().begin = open.begin;
    items.front().end = last_end();
    return std::move(items.front());
  }
  return node(close == ")" ? NodeKind::tuple : NodeKind::list, open.begin, last_end(),
              std::move(items));
}

}  // namespace nanscope
