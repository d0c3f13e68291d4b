#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace nanscope {

/// A field of a record, without the blanks around it and without its quotes.
struct CsvField {
  std::string_view text;  ///< quotes inside of quotes stay doubled: no number has one
  bool quoted = false;
};

/// Takes the records off a CSV text one by one (RFC 4180): fields in quotes may hold separators and
/// line ends. Lines that are blank or begin with '#' are passed over.
class CsvRecords {
 public:
  /// `separator`: ',', ';', '\t', '|'; ' ' for any run of blanks; 0 for a line as one field.
  CsvRecords(std::string_view text, char separator) : text_(text), separator_(separator) {}

  /// The fields of the next record, or false at the end. Error: quotes that are never closed.
  Result<bool> next(std::vector<CsvField>& fields);
  /// The line on which that record began, from 1.
  std::size_t line() const { return record_line_; }
  /// How many bytes have been read.
  std::size_t position() const { return at_; }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  bool at_line_end() const { return at_end() || text_[at_] == '\n' || text_[at_] == '\r'; }
  bool at_separator() const { return !at_end() && is_separator(text_[at_]); }
  bool is_separator(char c) const;
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && separator_ != '\t'); }
  void skip_blanks();
  void end_line();
  bool skip_to_record();
  Result<CsvField> take_field();
  CsvField take_plain(std::size_t begin);

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 0;
};

}  // namespace nanscope
