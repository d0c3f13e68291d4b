#include "engine/runs/byte_windows.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace nanscope {

Result<ByteSplit> split_bytes(const ByteFile& file, double held_out, std::int64_t length) {
  const auto rest =
      static_cast<std::int64_t>(std::round(held_out * static_cast<double>(file.size())));
  const std::int64_t trained = file.size() - rest;
  if (trained <= length)
    return input_error(
        "model.length",
        "{} is too much for the {} bytes of {} that are trained on; it takes a whole "
        "number from 1 to {}, or a longer file.",
        length, trained, file.path(), std::max<std::int64_t>(trained - 1, 1));
  if (rest > 0 && rest <= length)
    return input_error("data.held_out",
                       "{} of {} are {} bytes, too few for one window of model.length={} and the "
                       "byte behind it; it takes 0, or {} at least.",
                       held_out, file.path(), rest, length,
                       static_cast<double>(length + 1) / static_cast<double>(file.size()));
  return ByteSplit{.trained = {0, trained}, .held_out = {trained, file.size()}};
}

ByteWindows::ByteWindows(ByteFile file, ByteRange range, std::int64_t batch, std::int64_t length)
    : file_(std::move(file)),
      range_(range),
      length_(length),
      first_(at::empty({batch}, at::kLong)),
      bytes_(static_cast<std::size_t>(length) + 1) {}

void ByteWindows::write_next(const Value& input, const Value& target, at::Generator& generator) {
  first_.random_(0, range_.size() - length_, generator);
  auto* tokens = input.data().mutable_data_ptr<float>();
  auto* next = target.data().mutable_data_ptr<float>();
  for (std::int64_t window = 0; window < first_.size(0); ++window) {
    const std::int64_t first = range_.first + first_.const_data_ptr<std::int64_t>()[window];
    if (const Result<void> read = file_.read(first, bytes_); !read)
      throw std::runtime_error(to_string(read.error()));
    tokens = std::copy(bytes_.begin(), bytes_.end() - 1, tokens);
    next = std::copy(bytes_.begin() + 1, bytes_.end(), next);
  }
}

}  // namespace nanscope
