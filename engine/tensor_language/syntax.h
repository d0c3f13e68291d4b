#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "engine/base/result.h"

// The language of tensor chains: expressions as in Python, read into a tree. Plain values, so that
// text can be checked on every key stroke without LibTorch.
namespace nanscope {

enum class NodeKind {
  none,         ///< None, and a part of a slice that is left out
  boolean,      ///< `integer` is 0 or 1
  integer,      ///< `integer`
  large,        ///< a whole number beyond 64 bits; `text` is its decimal digits
  number,       ///< `number`
  text,         ///< a string; `text` is what it says
  ellipsis,     ///< ...
  name,         ///< `text`
  list,         ///< children
  tuple,        ///< children
  slice,        ///< three children: start, stop, step
  attribute,    ///< one child, `text` is the attribute's name
  call,         ///< the callee, then the arguments
  index,        ///< what is indexed, then the index
  unary,        ///< `text` is the operator, "not" among them
  binary,       ///< `text` is the operator, "in" and "is" among them
  comparison,   ///< a < b <= c: three operands or more; `keywords` are the operators
  logical,      ///< `text` is "and" or "or"
  conditional,  ///< a if b else c: the three in this order
  starred,      ///< *x in a call, a list or a tuple: one child
};

struct Node {
  NodeKind kind = NodeKind::none;
  int begin = 0, end = 0;  ///< bytes of the text
  int depth = 1;  ///< of the tree below, bounded so that nothing that walks it can overflow
  std::string text = {};
  std::int64_t integer = 0;
  double number = 0;
  std::vector<Node> children = {};
  /// Of a call: one an argument, "" for a positional one.
  std::vector<std::string> keywords = {};
  int name_begin = 0;                ///< of an attribute: where its name begins
  int bare_begin = 0, bare_end = 0;  ///< begin and end without brackets around the whole
};

/// One line: `expression`, `x = expression`, `x = y = expression`, `a, *b = expression`,
/// `x[0] = expression`, `x += 1`.
struct Statement {
  std::vector<std::string> variables = {};  ///< that are assigned
  bool unpacks = false;                     ///< `a, b = value`, also `a, = value`: an item each
  int starred = -1;                         ///< the variable that takes a list of the others' rest
  /// jaxtyping-like names of an annotated variable, `x: "batch seq" = ...`, or "".
  std::string dimension_names = {};
  int names_begin = 0, names_end = 0;  ///< bytes of the text: the annotation
  bool writes = false;                 ///< `target` is written to
  Node target = {};                    ///< an index, or a name that is changed in place
  std::string write_operator = {};     ///< "" for =, "+" for +=
  Node value = {};
  int begin = 0, end = 0;
};

using Program = std::vector<Statement>;

struct SyntaxError {
  int begin = 0, end = 0;  ///< bytes of the text
  Message what;            ///< what is there, what was expected
  std::string suggestion;  ///< what begin..end may be replaced by, or ""

  std::string message() const { return what.text(); }
};

template <class T>
using Parsed = tl::expected<T, SyntaxError>;

inline constexpr int kLongestExpression = 20000;  ///< bytes
inline constexpr int kDeepestExpression = 200;

/// Reads a program, and checks that every operation and variable in it exists. Never throws, and
/// takes time in proportion to the text.
Parsed<Program> parse_program(std::string_view text);

/// Text that cannot be read, as an error in the input: where it is wrong, and the nearest name.
Result<void> check_program(std::string_view text);

/// The place of an error for people: "character 7", or "line 2, character 7".
std::string position_words(std::string_view text, int byte);

}  // namespace nanscope
