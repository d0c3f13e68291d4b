#pragma once

#include <string>
#include <vector>

#include "engine/base/message.h"

namespace nanscope {

/// As what a file was read: what people are told, so that no table is one that they did not mean.
struct TableReading {
  int rows = 0;
  int columns = 0;
  bool is_text = true;  ///< a CSV; the members below that are its own mean nothing otherwise

  char separator = 0;  ///< ',', ';', '\t', '|', ' ' for runs of blanks; 0 in a single column
  char decimal = '.';
  bool grouped = false;   ///< thousands were set apart: 1,234.5
  bool trailing = false;  ///< every row ends with a separator
  bool index_dropped = false;
  bool has_header = false;
  std::string header = {};              ///< the first names of the header: "2020, 2021, ..."
  std::vector<std::string> names = {};  ///< the header's, of every column
  std::string encoding = "UTF-8";       ///< or "UTF-16 LE", "UTF-16 BE"
  std::string type = {};                ///< of a .npy's numbers, as numpy names it: "int64"
  bool big_endian = false;              ///< of a .npy
  bool fortran = false;                 ///< of a .npy: columns first
  std::vector<Message> doubts = {};  ///< what is likely to be a mistake, and the key that mends it
};

/// "120 rows x 4 columns, header a, b, c, d, separated by semicolons, decimal comma".
Message words_of(const TableReading& reading);

}  // namespace nanscope
