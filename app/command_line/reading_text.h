#pragma once

#include <string>

#include "engine/data/table_reading.h"

namespace nanscope {

/// As what a file was read, and a line for each doubt; `batch` is how many of its rows a pass
/// takes.
std::string reading_to_text(const TableReading& reading, int batch);

}  // namespace nanscope
