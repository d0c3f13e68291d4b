#pragma once

#include <string_view>
#include <vector>

#include "engine/data/csv_records.h"
#include "engine/data/table.h"

namespace nanscope {

/// How a CSV text is written.
struct CsvDialect {
  char separator = ',';         ///< as CsvRecords takes it
  char decimal = '.';           ///< where it is unsure: '.'
  bool decimal_is_sure = true;  ///< no: "1,234" may be 1234 or 1.234, and nothing tells
  bool trailing = false;        ///< every row ends with a separator, with nothing behind it
  bool has_header = false;
  bool drops_index = false;      ///< the first column counts or names the rows
  bool header_is_short = false;  ///< that column has no place in the header
  bool index_is_unsure = false;  ///< then: its numbers and the next one's may be one with a comma
  std::vector<Message> doubts = {};
};

/// Looks at the beginning of a text (UTF-8) and at what the person said of it. What it cannot be
/// sure of is read in the likelier way, and is a doubt. Error: quotes that are never closed.
Result<CsvDialect> guess_dialect(std::string_view text, const TableOptions& options);

/// "2020, 2021, 2022, ...": the first few fields for a message, short and printable.
std::string shown_fields(const std::vector<CsvField>& fields);

/// A field's text, its quotes no longer doubled.
std::string text_of(const CsvField& field);

/// The same for a message: short, printable.
std::string shown_field(const CsvField& field);

}  // namespace nanscope
