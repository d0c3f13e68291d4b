#include <fmt/format.h>
#include <zlib.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "engine/base/cache_folder.h"
#include "engine/data/table.h"

namespace nanscope {
namespace {

constexpr int kImages = 1797;
constexpr int kPixels = 64;

/// The unpacked bytes of a gzip file, or nothing if it is not there or broken.
std::optional<std::string> unpacked(const std::string& path) {
  constexpr std::size_t kLargest = std::size_t{4} << 20;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return std::nullopt;
  std::string bytes(kLargest, '\0');
  const int count = gzread(file.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
  int code = Z_OK;
  gzerror(file.get(), &code);
  if (count < 0 || code != Z_OK) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

/// Takes what every plan of the digits asks for, so without a look at what dialect it might be: on
/// each line the 64 pixels of an image and its digit, whole numbers with commas between them. False
/// if it is anything else.
bool take_images(std::string_view text, Table& table) {
  table.values.reserve(std::size_t{kImages} * kPixels);
  table.targets.reserve(kImages);
  const char* const end = text.data() + text.size();
  const char* next = text.data();
  for (int row = 0; row < kImages; ++row)
    for (int column = 0; column <= kPixels; ++column) {
      int value = 0;
      const auto [behind, error] = std::from_chars(next, end, value);
      if (error != std::errc() || behind == end) return false;
      if (*behind != (column < kPixels ? ',' : '\n')) return false;
      (column < kPixels ? table.values : table.targets).push_back(value);
      next = behind + 1;
    }
  return next == end;
}

/// Mean 0 and variance 1 over all values, in fp32.
void standardize(std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / double(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / double(values.size()));
  for (double& value : values) value = static_cast<float>((value - mean) / deviation);
}

}  // namespace

std::string digits_path() { return cache_folder() + "/digits/digits.csv.gz"; }

Result<Table> read_digits() {
  const std::string path = digits_path();
  const auto text = unpacked(path);
  Table table{.rows = kImages, .columns = kPixels, .values = {}, .classes = 10};
  if (!text || !take_images(*text, table))
    return work_error(path,
                      "the digits are missing or damaged here; delete the file if there is "
                      "one, and start ./nanscope, which fetches them.");
  standardize(table.values);
  return table;
}

}  // namespace nanscope
