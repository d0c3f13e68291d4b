#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// For ui/formula: a formula taken apart.
namespace nanscope {

enum class FormulaKind {
  row,       ///< parts beside one another
  variable,  ///< italic: "p", "h'"
  upright,   ///< a number, a function, a word: "12", "sqrt", "mean"
  binary,    ///< an operator between two parts: "+"
  relation,  ///< "=", "<="
  comma,
  fraction,  ///< parts: above, below
  root,      ///< part: under it
  script,    ///< parts: base, subscript, superscript; rows without parts where there is none
  group,     ///< part: between `text`'s brackets, "()", "[]", "||"
  sum        ///< a large operator
};

struct FormulaNode {
  FormulaKind kind = FormulaKind::row;
  std::string text = {};
  std::vector<FormulaNode> parts = {};
  bool apart = false;  ///< a blank stands before it in the text
};

/// Reads a formula; whatever stands there is read as something. Errors: none; a bracket without its
/// partner stays a sign.
FormulaNode parse_formula(std::string_view source);

/// The tree in brackets, for tests: "(fraction (row n u) (row 1 - n u))".
std::string to_text(const FormulaNode& node);

}  // namespace nanscope
