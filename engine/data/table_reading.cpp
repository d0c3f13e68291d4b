#include "engine/data/table_reading.h"

#include <utility>

namespace nanscope {
namespace {

Message separator_words(char separator) {
  switch (separator) {
    case ',':
      return message("separated by commas");
    case ';':
      return message("separated by semicolons");
    case '\t':
      return message("separated by tabs");
    case '|':
      return message("separated by bars");
    default:
      return message("separated by blanks");
  }
}

void add_text_words(std::vector<Message>& parts, const TableReading& reading) {
  parts.push_back(reading.has_header ? message("header {}", reading.header) : message("no header"));
  if (reading.index_dropped) parts.push_back(message("index column left out"));
  if (reading.separator != 0) parts.push_back(separator_words(reading.separator));
  parts.push_back(reading.decimal == ',' ? message("decimal comma") : message("decimal point"));
  if (reading.grouped) parts.push_back(message("thousands set apart"));
  if (reading.trailing) parts.push_back(message("a separator behind each row ignored"));
  if (reading.encoding != "UTF-8") parts.push_back(Message::value(reading.encoding));
}

void add_array_words(std::vector<Message>& parts, const TableReading& reading) {
  if (!reading.type.empty()) parts.push_back(Message::value(reading.type));
  if (reading.big_endian) parts.push_back(message("big-endian"));
  if (reading.fortran) parts.push_back(message("Fortran order"));
}

}  // namespace

Message words_of(const TableReading& reading) {
  std::vector<Message> parts;
  if (reading.is_text)
    add_text_words(parts, reading);
  else
    add_array_words(parts, reading);
  Message words =
      message("{} x {}", reading.rows == 1 ? message("1 row") : message("{} rows", reading.rows),
              reading.columns == 1 ? message("1 column") : message("{} columns", reading.columns));
  for (Message& part : parts) words = message("{}, {}", std::move(words), std::move(part));
  return words;
}

}  // namespace nanscope
