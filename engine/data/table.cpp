#include "engine/data/table.h"

#include <algorithm>
#include <cctype>

#include "engine/base/file.h"
#include "engine/data/parse.h"

namespace nanscope {

Message why_not_usable(double value, const std::string& digits, bool fp64) {
  if (digits.find_first_of("0123456789") == digits.npos)  // "nan", "-Infinity"
    return message("{} is not allowed; every value has to be a finite number.", value);
  return fp64 || !std::isfinite(value)
             ? message("{} is beyond fp64, which ends at 1.8e308.", digits)
             : message("{} is beyond fp32, which ends at 3.4e38; precision=fp64 has more.", digits);
}

void RoundedToZero::add(const Message& place, const std::string& digits) {
  if (count_++ > 0) return;
  first_place_ = place;
  first_ = digits;
}

void RoundedToZero::tell(Table& table) const {
  if (count_ == 0) return;
  table.reading.doubts.push_back(
      count_ == 1
          ? message("{}: {} is 0 in fp32, whose smallest number is 1.4e-45; precision=fp64 has it",
                    first_place_, first_)
          : message(
                "{} values that are not 0 are so in fp32, whose smallest number is 1.4e-45, the "
                "first in {}: {}; precision=fp64 has them",
                count_, first_place_, first_));
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
