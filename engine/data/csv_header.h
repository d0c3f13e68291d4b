#pragma once

#include <vector>

#include "engine/data/csv_dialect.h"

namespace nanscope {

using CsvRecord = std::vector<CsvField>;

/// Decides whether the first record of a text is a header, and whether its first column is an index
/// that pandas or R wrote: dialect.has_header, drops_index, header_is_short, doubts.
/// `sample`: the records at the beginning. dialect.decimal is known.
void find_header(const std::vector<CsvRecord>& sample, const TableOptions& options,
                 CsvDialect& dialect);

/// Whether a column of this name tells rows apart: "index", "id", "Unnamed: 0.1".
bool names_rows(std::string_view name);

}  // namespace nanscope
