#include "engine/tensor_language/one_line.h"

#include "engine/tensor_language/lexer.h"

namespace nanscope {
namespace {

/// What no token can be read of: its lines as they are.
std::string lines_in_a_row(std::string_view program) {
  std::string line;
  for (const char c : program) line += c == '\n' ? std::string("; ") : std::string(1, c);
  return line;
}

bool is_one_of(std::string_view characters, char c) {
  return characters.find(c) != std::string_view::npos;
}

}  // namespace

std::string one_line(std::string_view program) {
  const Parsed<std::vector<Token>> tokens = tokenize(program);
  if (!tokens) return lines_in_a_row(program);
  std::string line;
  bool separated = false;
  std::size_t done = 0;
  for (const Token& token : *tokens) {
    const auto begin = static_cast<std::size_t>(token.begin);
    const auto end = static_cast<std::size_t>(token.end);
    if (token.kind == TokenKind::end) break;
    if (token.kind == TokenKind::separator) {
      separated = true;
    } else {
      const std::string_view between = program.substr(done, begin - done);
      const bool breaks = is_one_of(between, '\n');
      if (separated && !line.empty())
        line += "; ";
      else if (breaks && !line.empty() && !is_one_of("([", line.back()) &&
               !is_one_of(".)]", program[begin]))
        line += ' ';
      else if (!breaks && !separated)
        line += between;
      line += program.substr(begin, end - begin);
      separated = false;
    }
    done = end;
  }
  return line;
}

}  // namespace nanscope
