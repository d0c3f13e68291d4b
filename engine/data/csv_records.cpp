#include "engine/data/csv_records.h"

#include <algorithm>

namespace nanscope {

bool CsvRecords::is_separator(char c) const {
  return separator_ == ' ' ? c == ' ' || c == '\t' : separator_ != 0 && c == separator_;
}

void CsvRecords::skip_blanks() {
  while (!at_end() && is_blank(text_[at_])) ++at_;
}

/// Steps over "\n", "\r\n" or "\r".
void CsvRecords::end_line() {
  if (at_end()) return;
  at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
  ++line_;
}

bool CsvRecords::skip_to_record() {
  while (!at_end()) {
    const std::size_t begin = at_;
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    // Excel's first line may name the separator, which the other lines show.
    const bool is_remark =
        text_.substr(at_, 1) == "#" || (line_ == 1 && text_.substr(at_, 4) == "sep=");
    if (!at_line_end() && !is_remark) {
      at_ = begin;
      return true;
    }
    while (!at_line_end()) ++at_;
    end_line();
  }
  return false;
}

CsvField CsvRecords::take_plain(std::size_t begin) {
  while (!at_line_end() && !at_separator()) ++at_;
  std::size_t end = at_;
  while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
  return {text_.substr(begin, end - begin), false};
}

Result<CsvField> CsvRecords::take_field() {
  skip_blanks();
  const std::size_t begin = at_;
  if (at_end() || text_[at_] != '"') return take_plain(begin);
  const std::size_t opened_on = line_;
  std::size_t close = text_.find('"', begin + 1);
  while (close != text_.npos && text_.substr(close + 1, 1) == "\"")
    close = text_.find('"', close + 2);
  if (close == text_.npos)
    return input_error("", "line {}: a quote is opened and never closed.", opened_on);
  const std::string_view inside = text_.substr(begin + 1, close - begin - 1);
  at_ = close + 1;
  skip_blanks();
  // With more behind them they are no quotes around a field.
  if (!at_line_end() && !at_separator() && separator_ != ' ') {
    at_ = begin;
    return take_plain(begin);
  }
  for (std::size_t i = 0; i < inside.size(); ++i)
    line_ += inside[i] == '\n' || (inside[i] == '\r' && inside.substr(i + 1, 1) != "\n");
  const auto first = std::min(inside.find_first_not_of(" \t\r\n"), inside.size());
  const auto last = inside.find_last_not_of(" \t\r\n");
  return CsvField{inside.substr(first, last == inside.npos ? 0 : last - first + 1), true};
}

Result<bool> CsvRecords::next(std::vector<CsvField>& fields) {
  fields.clear();
  if (!skip_to_record()) return false;
  record_line_ = line_;
  for (;;) {
    const auto field = take_field();
    if (!field) return tl::unexpected(field.error());
    fields.push_back(*field);
    if (separator_ == ' ') skip_blanks();
    if (at_line_end()) break;
    if (separator_ != ' ') ++at_;
  }
  end_line();
  return true;
}

}  // namespace nanscope
