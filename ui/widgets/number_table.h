#pragma once

#include <initializer_list>
#include <string>

#include "ui/theme/theme.h"

namespace nanscope {

/// A quiet table: names on the left, numbers right-aligned in the monospaced face. Begun by the
/// constructor, ended by the destructor.
class NumberTable {
 public:
  NumberTable(const char* id, std::initializer_list<std::string> header, const Style& style);
  ~NumberTable();
  NumberTable(const NumberTable&) = delete;
  NumberTable& operator=(const NumberTable&) = delete;

  void row(std::initializer_list<std::string> cells, const ImVec4& color);

 private:
  const Style& style_;
  bool open_ = false;
};

}  // namespace nanscope
