#pragma once

#include <algorithm>
#include <utility>

#include "engine/tensor_language/imports.h"
#include "engine/tensor_language/lexer.h"

namespace nanscope {

/// Whether a word of Python's is no name.
bool is_reserved(std::string_view word);

/// Recursive descent through expressions, one function a level of Python's grammar.
class ExpressionParser {
 protected:
  explicit ExpressionParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& now() const { return tokens_[place_]; }
  int last_end() const { return place_ > 0 ? tokens_[place_ - 1].end : 0; }
  bool at(std::string_view symbol) const {
    return now().kind == TokenKind::symbol && now().text == symbol;
  }
  bool at_word(std::string_view word) const {
    return now().kind == TokenKind::name && now().text == word;
  }
  bool take_word(std::string_view word) {
    if (!at_word(word)) return false;
    ++place_;
    return true;
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
    const bool number = token.kind == TokenKind::integer || token.kind == TokenKind::large ||
                        token.kind == TokenKind::number;
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
    Node node{.kind = kind,
              .begin = begin,
              .end = end,
              .text = std::move(text),
              .bare_begin = begin,
              .bare_end = end};
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

  /// Expressions with commas between them are a tuple.
  Parsed<Node> expressions();
  bool ends_expression() const;
  /// An expression, or *expression among several.
  Parsed<Node> item();
  Parsed<Node> lonely(const Node& starred) const;
  tl::unexpected<SyntaxError> loop() const;
  /// A part within brackets or behind so many tokens of a sign, unless that is too deep.
  Parsed<Node> nested(Parsed<Node> (ExpressionParser::*part)(), std::size_t tokens_before = 0);
  /// The sign or word that comes next, and the part that it stands before.
  Parsed<Node> prefixed(Parsed<Node> (ExpressionParser::*part)());
  Parsed<Node> expression();
  /// a if b else c
  Parsed<Node> conditional();
  /// Operands joined by `or`, or more tightly by `and`.
  Parsed<Node> logical(const std::string& word);
  Parsed<Node> inversion();
  /// a < b, a in b, a is not b, a < b <= c
  Parsed<Node> comparison();
  /// "" where no comparison follows.
  std::string take_comparison();
  /// Operands joined by operators that bind at least as tight as `loosest`.
  Parsed<Node> binary(int loosest);
  /// -x and ~x bind looser than **, as in Python.
  Parsed<Node> unary();
  Parsed<Node> power();
  Parsed<Node> postfix();
  Parsed<Node> attribute(Node owner);
  Parsed<Node> call(Node callee);
  Parsed<Node> index(Node owner);
  Parsed<Node> index_item();
  Parsed<Node> primary();
  /// (x) is x; (x,) and (x, y) are tuples; [x, y] is a list.
  Parsed<Node> bracketed();

  /// Brackets and signs inside one another: each takes some of the machine's stack.
  static constexpr int kDeepestNesting = 64;

  std::vector<Token> tokens_;
  std::size_t place_ = 0;
  int nested_ = 0;
  OtherNames other_names_;
};

}  // namespace nanscope
