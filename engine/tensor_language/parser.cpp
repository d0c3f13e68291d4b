#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/tensor_language/check_names.h"
#include "engine/tensor_language/expression_parser.h"
#include "engine/tensor_language/syntax.h"

// Statements; the expressions in them are read in expression_parser.cpp.
namespace nanscope {
namespace {

class Parser : ExpressionParser {
 public:
  explicit Parser(std::vector<Token> tokens) : ExpressionParser(std::move(tokens)) {}

  Parsed<Program> program() {
    Program program;
    while (true) {
      while (now().kind == TokenKind::separator) ++place_;
      if (now().kind == TokenKind::end) return program;
      if (at_word("import") || at_word("from")) {
        const Parsed<std::size_t> after = read_import(tokens_, place_, other_names_);
        if (!after) return tl::unexpected(after.error());
        place_ = *after;
      } else {
        Parsed<Statement> statement = this->statement();
        if (!statement) return tl::unexpected(statement.error());
        program.push_back(*std::move(statement));
      }
      if (now().kind != TokenKind::separator && now().kind != TokenKind::end)
        return unexpected(message("an operation, or the end"));
    }
  }

 private:
  Parsed<Statement> statement() {
    Statement statement{.begin = now().begin};
    if (now().kind == TokenKind::name && is_reserved(now().text) && !at_word("not"))
      return error(now().begin, now().end,
                   message("\"{}\" is not known here: a line is an expression or x = expression.",
                           now().text));
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
      while (at("=")) {
        if (statement.unpacks || statement.writes || first->kind != NodeKind::name)
          return unexpected(message("a value: in x = y = value only variables stand before it"));
        ++place_;
        statement.variables.push_back(first->text);
        first = expressions();
        if (!first) return tl::unexpected(first.error());
      }
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

  /// `a, b` or `[a, b]`, one of them perhaps `*b`.
  static bool takes_items(const Node& target) {
    const auto is_variable = [](const Node& node) {
      const bool starred = node.kind == NodeKind::starred;
      return (starred ? node.children.front() : node).kind == NodeKind::name;
    };
    return (target.kind == NodeKind::tuple || target.kind == NodeKind::list) &&
           !target.children.empty() && std::ranges::all_of(target.children, is_variable) &&
           std::ranges::count(target.children, NodeKind::starred, &Node::kind) <= 1;
  }

  static Message why_no_target(const Node& target) {
    const auto holds = [&](NodeKind kind) {
      return std::ranges::count(target.children, kind, &Node::kind);
    };
    const bool several = target.kind == NodeKind::tuple || target.kind == NodeKind::list;
    if (several && holds(NodeKind::starred) > 1)
      return message("Only one variable can have a star: it takes what the others leave.");
    if (several && holds(NodeKind::tuple) + holds(NodeKind::list) > 0)
      return message(
          "What is within an item is taken apart in a line of its own: pair, c = x, then "
          "a, b = pair.");
    return message("Only a variable or cells of a tensor can stand on the left of =.");
  }

  /// What of a target is to blame: the list within the list, else all of it.
  static const Node& no_variable(const Node& target) {
    const auto is_list = [](const Node& node) {
      return node.kind == NodeKind::tuple || node.kind == NodeKind::list;
    };
    if (!is_list(target)) return target;
    const auto within = std::ranges::find_if(target.children, is_list);
    return within == target.children.end() ? target : *within;
  }

  static Parsed<bool> set_target(Statement& statement, Node target, const std::string& symbol) {
    const bool plain = symbol == "=";
    if (plain && target.kind == NodeKind::name) {
      statement.variables = {target.text};
    } else if (plain && takes_items(target)) {
      statement.unpacks = true;
      for (const Node& child : target.children) {
        const bool starred = child.kind == NodeKind::starred;
        if (starred) statement.starred = static_cast<int>(statement.variables.size());
        statement.variables.push_back(starred ? child.children.front().text : child.text);
      }
    } else if (target.kind == NodeKind::index || target.kind == NodeKind::name) {
      statement.writes = true;
      statement.write_operator = symbol.substr(0, symbol.size() - 1);
      statement.target = std::move(target);
    } else {
      const Node& wrong = no_variable(target);
      return error(wrong.begin, wrong.end, why_no_target(target));
    }
    return true;
  }
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
