#pragma once

#include <string>
#include <string_view>
#include <vector>

// For ui/formula: the signs of a formula.
namespace nanscope {

struct FormulaToken {
  enum class Kind { name, number, sign, end };
  Kind kind = Kind::end;
  std::string text = {};
  bool apart = false;  ///< a blank stands before it
};

/// The last one is the end.
std::vector<FormulaToken> formula_tokens(std::string_view source);

/// The bytes of the UTF-8 character that begins there.
std::size_t character_length(std::string_view text);

}  // namespace nanscope
