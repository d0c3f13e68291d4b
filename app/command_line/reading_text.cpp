#include "app/command_line/reading_text.h"

#include <fmt/format.h>

#include "ui/text/text.h"

namespace nanscope {

std::string reading_to_text(const TableReading& reading, int batch) {
  std::string text = "read: " + message_text(words_of(reading));
  if (batch == reading.rows) text += "; the batch is all of its rows";
  for (const Message& doubt : reading.doubts)
    text += fmt::format("\nnote: {}.", message_text(doubt));
  return text + "\n";
}

}  // namespace nanscope
