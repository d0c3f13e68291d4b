#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/tensor_language/check_names.h"
#include "engine/tensor_language/lexer.h"
#include "engine/tensor_language/syntax.h"

// Recursive descent, one function a level of Python's grammar of expressions.
namespace nanscope {
namespace {

constexpr int kComparison = 0;
/// How tight a binary operator binds, all of them read from the left; -1 for what is none.
int level_of(const Token& token) {
  struct Level {
    std::string_view symbol;
    int level;
  };
  static constexpr auto kLevels = std::to_array<Level>({
      {"<", kComparison},
      {">", kComparison},
      {"<=", kComparison},
      {">=", kComparison},
      {"==", kComparison},
      {"!=", kComparison},
      {"|", 1},
      {"^", 2},
      {"&", 3},
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

/// Brackets and signs inside one another: each takes some of the machine's stack.
constexpr int kDeepestNesting = 64;

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Parsed<Program> program() {
    Program program;
    while (true) {
      while (now().kind == TokenKind::separator) ++place_;
      if (now().kind == TokenKind::end) return program;
      Parsed<Statement> statement = this->statement();
      if (!statement) return tl::unexpected(statement.error());
      program.push_back(*std::move(statement));
      if (now().kind != TokenKind::separator && now().kind != TokenKind::end)
        return unexpected(message("an operation, or the end"));
    }
  }

 private:
  const Token& now() const { return tokens_[place_]; }
  int last_end() const { return place_ > 0 ? tokens_[place_ - 1].end : 0; }
  bool at(std::string_view symbol) const {
    return now().kind == TokenKind::symbol && now().text == symbol;
  }
  bool take(std::string_view symbol) {
    if (!at(symbol)) return false;
    ++place_;
    return true;
  }

  static tl::unexpected<SyntaxError> error(int begin, int end, Message what) {
    return tl::unexpected(SyntaxError{begin, end, std::move(what), ""});
  }
  /// "expected X, but there is Y"
  tl::unexpected<SyntaxError> unexpected(Message expected) const {
    const Token& token = now();
    const bool number = token.kind == TokenKind::integer || token.kind == TokenKind::number;
    const Message found = token.kind == TokenKind::end         ? message("the text ends")
                          : token.kind == TokenKind::separator ? message("the line ends")
                          : number                             ? message("there is a number")
                          : token.kind == TokenKind::text
                              ? message("there is the string \"{}\"", token.text)
                              : message("there is \"{}\"", token.text);
    return error(token.begin, std::max(token.end, token.begin + 1),
                 message("Expected {}, but {}.", expected, found));
  }

  tl::unexpected<SyntaxError> too_nested() const {
    return error(now().begin, now().end + 1,
                 message("More than {} brackets or signs inside one another.", kDeepestNesting));
  }

  /// A node above `children`; refuses trees that grow too deep.
  static Parsed<Node> node(NodeKind kind, int begin, int end, std::vector<Node> children,
                           std::string text = "") {
    Node node{.kind = kind, .begin = begin, .end = end, .text = std::move(text)};
    for (const Node& child : children) node.depth = std::max(node.depth, child.depth + 1);
    if (node.depth > kDeepestExpression)
      return error(begin, end,
                   message("More than {} operations inside one another.", kDeepestExpression));
    node.children = std::move(children);
    return node;
  }
  static std::vector<Node> nodes(Node first) {
    std::vector<Node> list;
    list.push_back(std::move(first));
    return list;
  }
  static std::vector<Node> nodes(Node first, Node second) {
    std::vector<Node> list = nodes(std::move(first));
    list.push_back(std::move(second));
    return list;
  }

  Parsed<Statement> statement() {
    Statement statement{.begin = now().begin};
    Parsed<Node> first = expressions();
    if (!first) return tl::unexpected(first.error());
    if (at(":")) {
      if (auto annotated = annotation(statement); !annotated)
        return tl::unexpected(annotated.error());
      if (first->kind != NodeKind::name || !at("="))
        return unexpected(message("= after a variable and the names of its dimensions"));
    }
    if (now().kind == TokenKind::symbol && now().text.ends_with('=') && now().text != "==" &&
        now().text != "<=" && now().text != ">=" && now().text != "!=") {
      const std::string symbol = now().text;
      ++place_;
      if (auto set = set_target(statement, *std::move(first), symbol); !set)
        return tl::unexpected(set.error());
      first = expressions();
      if (!first) return tl::unexpected(first.error());
    }
    statement.value = *std::move(first);
    statement.end = last_end();
    return statement;
  }

  /// `: "batch seq"` or `: Float[Tensor, "batch seq"]`, as jaxtyping writes it.
  Parsed<bool> annotation(Statement& statement) {
    ++place_;
    if (now().kind == TokenKind::name) {
      ++place_;
      while (take(".") && now().kind == TokenKind::name) ++place_;
      if (!take("[")) return unexpected(message("[ of Float[Tensor, \"names\"]"));
      while (now().kind == TokenKind::name || at(".")) ++place_;
      if (!take(",")) return unexpected(message(", before the names of the dimensions"));
      if (auto names = annotation_names(statement); !names) return names;
      if (!take("]")) return unexpected(message("]"));
      return true;
    }
    return annotation_names(statement);
  }
  Parsed<bool> annotation_names(Statement& statement) {
    if (now().kind != TokenKind::text)
      return unexpected(message("the names of the dimensions as a string: \"batch seq hidden\""));
    statement.dimension_names = now().text;
    statement.names_begin = now().begin;
    statement.names_end = now().end;
    ++place_;
    return true;
  }

  static Parsed<bool> set_target(Statement& statement, Node target, const std::string& symbol) {
    const bool plain = symbol == "=";
    if (plain && target.kind == NodeKind::name) {
      statement.variables = {target.text};
    } else if (plain && target.kind == NodeKind::tuple && !target.children.empty() &&
               std::ranges::all_of(target.children,
                                   [](const Node& n) { return n.kind == NodeKind::name; })) {
      for (const Node& child : target.children) statement.variables.push_back(child.text);
    } else if (target.kind == NodeKind::index || target.kind == NodeKind::name) {
      statement.writes = true;
      statement.write_operator = symbol.substr(0, symbol.size() - 1);
      statement.target = std::move(target);
    } else {
      return error(target.begin, target.end,
                   message("Only a variable or cells of a tensor can stand on the left of =."));
    }
    return true;
  }

  /// Expressions with commas between them are a tuple.
  Parsed<Node> expressions() {
    Parsed<Node> first = expression();
    if (!first || !at(",")) return first;
    std::vector<Node> list = nodes(*std::move(first));
    while (take(",")) {
      if (ends_expression()) break;
      Parsed<Node> next = expression();
      if (!next) return next;
      list.push_back(*std::move(next));
    }
    const int begin = list.front().begin;
    return node(NodeKind::tuple, begin, last_end(), std::move(list));
  }
  bool ends_expression() const {
    return now().kind == TokenKind::end || now().kind == TokenKind::separator || at(")") ||
           at("]") || at("=");
  }

  Parsed<Node> expression() {
    if (++nested_ > kDeepestNesting) return too_nested();
    Parsed<Node> result = binary(kComparison);
    --nested_;
    return result;
  }

  /// Operands joined by operators that bind at least as tight as `loosest`.
  Parsed<Node> binary(int loosest) {
    Parsed<Node> left = unary();
    bool compared = false;
    while (left && level_of(now()) >= loosest) {
      const Token symbol = now();
      const int level = level_of(symbol);
      if (level == kComparison && std::exchange(compared, true))
        return error(symbol.begin, symbol.end,
                     message("Comparisons cannot be chained; write (a < b) & (b < c)."));
      ++place_;
      Parsed<Node> right = binary(level + 1);
      if (!right) return right;
      const int begin = left->begin, end = right->end;
      left = node(NodeKind::binary, begin, end, nodes(*std::move(left), *std::move(right)),
                  symbol.text);
    }
    return left;
  }

  /// -x and ~x bind looser than **, as in Python.
  Parsed<Node> unary() {
    const Token token = now();
    if (!at("-") && !at("+") && !at("~")) return power();
    if (++nested_ > kDeepestNesting) return too_nested();
    ++place_;
    Parsed<Node> operand = unary();
    --nested_;
    if (!operand) return operand;
    const int end = operand->end;
    return node(NodeKind::unary, token.begin, end, nodes(*std::move(operand)), token.text);
  }

  Parsed<Node> power() {
    Parsed<Node> base = postfix();
    if (!base || !take("**")) return base;
    if (++nested_ > kDeepestNesting) return too_nested();
    Parsed<Node> exponent = unary();
    --nested_;
    if (!exponent) return exponent;
    const int begin = base->begin, end = exponent->end;
    return node(NodeKind::binary, begin, end, nodes(*std::move(base), *std::move(exponent)), "**");
  }

  Parsed<Node> postfix() {
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

  Parsed<Node> attribute(Node owner) {
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

  Parsed<Node> call(Node callee) {
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
      if (keyword.empty() && std::ranges::any_of(keywords, [](auto& k) { return !k.empty(); }))
        return unexpected(message("name=value: after an argument with a name"));
      Parsed<Node> argument = expression();
      if (!argument) return argument;
      children.push_back(*std::move(argument));
      keywords.push_back(std::move(keyword));
      if (!take(",") && !at(")")) return unexpected(message("an argument, a comma or )"));
    }
    ++place_;
    Parsed<Node> result = node(NodeKind::call, begin, last_end(), std::move(children));
    if (result) result->keywords = std::move(keywords);
    return result;
  }

  Parsed<Node> index(Node owner) {
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

  Parsed<Node> index_item() {
    const int begin = now().begin;
    std::vector<Node> parts;
    const auto part = [&]() -> Parsed<bool> {
      if (at(":") || at(",") || at("]")) {
        parts.push_back(Node{.kind = NodeKind::none, .begin = now().begin, .end = now().begin});
        return true;
      }
      Parsed<Node> parsed = expression();
      if (!parsed) return tl::unexpected(parsed.error());
      parts.push_back(*std::move(parsed));
      return true;
    };
    if (auto parsed = part(); !parsed) return tl::unexpected(parsed.error());
    if (!at(":")) return std::move(parts.front());
    while (parts.size() < 3 && take(":"))
      if (auto parsed = part(); !parsed) return tl::unexpected(parsed.error());
    const int end = last_end();
    while (parts.size() < 3)
      parts.push_back(Node{.kind = NodeKind::none, .begin = end, .end = end});
    return node(NodeKind::slice, begin, end, std::move(parts));
  }

  Parsed<Node> primary() {
    const Token token = now();
    Node leaf{.begin = token.begin, .end = token.end, .text = token.text};
    if (token.kind == TokenKind::integer) {
      leaf.kind = NodeKind::integer;
      leaf.integer = token.integer;
    } else if (token.kind == TokenKind::number) {
      leaf.kind = NodeKind::number;
      leaf.number = token.number;
    } else if (token.kind == TokenKind::text) {
      leaf.kind = NodeKind::text;
    } else if (token.kind == TokenKind::name) {
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

  /// (x) is x; (x,) and (x, y) are tuples; [x, y] is a list.
  Parsed<Node> bracketed() {
    const Token open = now();
    const std::string_view close = open.text == "(" ? ")" : "]";
    ++place_;
    std::vector<Node> items;
    bool comma = false;
    while (!at(close)) {
      Parsed<Node> item = expression();
      if (!item) return item;
      items.push_back(*std::move(item));
      if (!take(",")) break;
      comma = true;
    }
    if (!take(close)) return unexpected(message("{} or a comma", close));
    if (close == ")" && items.size() == 1 && !comma) {
      items.front().begin = open.begin;
      items.front().end = last_end();
      return std::move(items.front());
    }
    return node(close == ")" ? NodeKind::tuple : NodeKind::list, open.begin, last_end(),
                std::move(items));
  }

  std::vector<Token> tokens_;
  std::size_t place_ = 0;
  int nested_ = 0;
};

}  // namespace

Parsed<Program> parse_program(std::string_view text) {
  if (text.size() > kLongestExpression)
    return tl::unexpected(
        SyntaxError{kLongestExpression, kLongestExpression + 1,
                    message("The text is longer than {} characters.", kLongestExpression), ""});
  Parsed<std::vector<Token>> tokens = tokenize(text);
  if (!tokens) return tl::unexpected(tokens.error());
  Parsed<Program> program = Parser(*std::move(tokens)).program();
  if (!program) return program;
  if (program->empty())
    return tl::unexpected(
        SyntaxError{0, 0, message("There is nothing yet; begin with arange(24).view(2,3,4)."), ""});
  if (std::optional<SyntaxError> wrong = check_names(*program)) return tl::unexpected(*wrong);
  return program;
}

Result<void> check_program(std::string_view text) {
  const Parsed<Program> program = parse_program(text);
  if (program) return {};
  return input_error(position_words(text, program.error().begin), program.error().what);
}

std::string position_words(std::string_view text, int byte) {
  const std::string_view before = text.substr(0, static_cast<std::size_t>(byte));
  const auto lines = std::ranges::count(text, '\n');
  const auto line = std::ranges::count(before, '\n');
  const std::string_view last = before.substr(before.rfind('\n') + 1);
  const auto character = std::ranges::count_if(last, [](char c) { return (c & 0xC0) != 0x80; }) + 1;
  return lines > 0 ? fmt::format("line {}, character {}", line + 1, character)
                   : fmt::format("character {}", character);
}

}  // namespace nanscope
