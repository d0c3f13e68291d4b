#pragma once

#include <string>
#include <vector>

namespace nanscope {

/// Text in aligned columns, for terminals. Columns that follow one another with the same group
/// share a heading.
class TextTable {
 public:
  struct Column {
    std::string group;  ///< heading above the title, or ""
    std::string title;
    bool left = false;  ///< words are set left, numbers right
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell a column.
  void add_row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// A line of text between the rows.
  void add_line(std::string text) { rows_.push_back({std::move(text)}); }

  /// The lines, each ending with a newline and without blanks at its end.
  std::string to_text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< a single cell is a line of text
};

}  // namespace nanscope
