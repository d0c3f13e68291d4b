#include "engine/data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "engine/base/file.h"
#include "engine/data/parse.h"

namespace nanscope {

std::optional<Message> why_not_usable(double value) {
  if (std::abs(value) <= std::numeric_limits<float>::max()) return std::nullopt;
  if (std::isfinite(value)) return message("{} is beyond fp32, which ends at 3.4e38.", value);
  return message("{} is not allowed; every value has to be a finite number.", value);
}

Result<Table> read_table(const std::string& path, const TableOptions& options) {
  constexpr std::size_t kLargestFile = std::size_t{2} << 30;
  const auto dot = path.rfind('.');
  std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
  if (ending != ".npy" && ending != ".csv" && ending != ".tsv" && ending != ".txt")
    return input_error(path, "is no table by its name; allowed are .csv and .npy.");
  const auto bytes = read_file(path, kLargestFile);
  if (!bytes) return tl::unexpected(bytes.error());
  auto table = ending == ".npy" ? parse_npy(*bytes, options) : parse_csv(*bytes, options);
  if (!table) return input_error(path, table.error().what);
  table->reading.rows = table->rows;
  table->reading.columns = table->columns;
  table->fp64 = options.fp64;
  return table;
}

}  // namespace nanscope
