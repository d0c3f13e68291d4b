#include "engine/base/csv_cell.h"

namespace nanscope {

std::string csv_cell(std::string_view text) {
  const bool plain = text.find_first_of(",\"\r\n") == text.npos && !text.starts_with(' ') &&
                     !text.ends_with(' ') && !text.starts_with('#');
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace nanscope
