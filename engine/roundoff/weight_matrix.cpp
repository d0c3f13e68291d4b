#include "engine/roundoff/weight_matrix.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/data/safetensors.h"
#include "engine/roundoff/random.h"

namespace nanscope {

Result<WeightMatrix> read_weights(const std::string& path, const std::string& tensor) {
  auto read = read_safetensors(path, tensor, kMostWeights);
  if (!read) return tl::unexpected(read.error());
  const std::uint64_t all_rows = read->shape.size() < 2 ? 1 : read->shape.front();
  const std::uint64_t columns = read->count() / all_rows;
  WeightMatrix weights;
  weights.columns = static_cast<std::size_t>(columns);
  weights.rows = read->values.size() / weights.columns;
  weights.values = std::move(read->values);
  if (weights.rows == 0) {  // a row longer than what was read
    weights.rows = 1;
    weights.columns = weights.values.size();
  }
  weights.values.resize(weights.rows * weights.columns);
  for (std::size_t i = 0; i < weights.values.size(); ++i)
    if (!std::isfinite(weights.values[i]))
      return input_error(path, "{}: row {}, column {} is {}; weights have to be finite.",
                         read->name, i / weights.columns, i % weights.columns, weights.values[i]);
  if (std::ranges::all_of(weights.values, [](double value) { return value == 0; }))
    return input_error(path, "{}: all weights are 0.", read->name);
  weights.source = fmt::format("{}: {} {} ({})", std::filesystem::path(path).filename().string(),
                               read->name, read->dtype, fmt::join(read->shape, ", "));
  if (weights.values.size() < read->count())
    weights.source += fmt::format(", the first {} values", weights.values.size());
  // What the file says of itself, where it is short: a model's whole configuration may stand there.
  constexpr std::size_t kShort = 40;
  for (const auto& [key, value] : read->metadata)
    if (key.size() + value.size() <= kShort && value.find('\n') == std::string::npos)
      weights.source += fmt::format(", {} {}", key, value);
  return weights;
}

WeightMatrix draw_weights(std::uint64_t seed) {
  constexpr std::size_t kRows = 64, kColumns = 512;
  constexpr double kOutlier = 16;
  WeightMatrix weights{kRows, kColumns, {}, ""};
  weights.source = "drawn: N(0, 1/512), 64 x 512, channels 5, 23, 46 times 16";
  weights.values.reserve(kRows * kColumns);
  RandomNumbers random(seed);
  for (std::size_t row = 0; row < kRows; ++row) {
    const bool outlier = row == 5 || row == 23 || row == 46;
    const double deviation = (outlier ? kOutlier : 1) / std::sqrt(static_cast<double>(kColumns));
    for (std::size_t column = 0; column < kColumns; ++column)
      weights.values.push_back(deviation * random.normal());
  }
  return weights;
}

}  // namespace nanscope
