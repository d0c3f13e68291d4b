#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "ui/theme/theme.h"

namespace nanscope {

/// A cell of a table: what is read in it, and what is copied, which may have more digits.
struct NumberCell {
  NumberCell(std::string words) : shown(words), exact(std::move(words)) {}
  NumberCell(const char* words) : shown(words), exact(words) {}
  /// Three digits to read, as many as tell it from its neighbours to copy.
  NumberCell(double value);

  std::string shown;
  std::string exact;
};

/// A quiet table: names on the left, numbers right-aligned in the monospaced face; terms of the
/// glossary are marked. A click on a number copies it, a right click offers the whole table, too.
/// Begun by the constructor, ended by the destructor; what is copied is put into `copied`.
class NumberTable {
 public:
  NumberTable(const char* id, std::initializer_list<std::string> header, const Style& style,
              std::string& copied);
  ~NumberTable();
  NumberTable(const NumberTable&) = delete;
  NumberTable& operator=(const NumberTable&) = delete;

  void row(std::initializer_list<NumberCell> cells, const ImVec4& color);

 private:
  void head(std::initializer_list<std::string> names);
  void name(const NumberCell& cell, std::initializer_list<NumberCell> all);
  void number(const NumberCell& cell);
  void menu() const;

  const Style& style_;
  std::string& copied_;
  bool open_ = false;
  float width_ = 0;          ///< of all columns, pixels
  int cells_ = 0;            ///< drawn so far
  std::string table_;        ///< the rows so far, with tabs
  ImGuiID chosen_cell_ = 0;  ///< under which the cell is remembered that the menu is of
  std::string chosen_;       ///< what that cell says
  bool opening_ = false;
};

}  // namespace nanscope
