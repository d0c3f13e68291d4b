#pragma once

#include <vector>

#include "engine/data/byte_file.h"
#include "engine/runs/samples.h"

namespace nanscope {

/// A part of a file's bytes: [first, end).
struct ByteRange {
  std::int64_t first = 0, end = 0;
  std::int64_t size() const { return end - first; }
};
/// The last `held_out` share of a file is not trained on; the bytes before it are.
struct ByteSplit {
  ByteRange trained, held_out;
};
/// For windows of `length` bytes and the one behind each. Errors: a part that is there and has no
/// such window.
Result<ByteSplit> split_bytes(const ByteFile& file, double held_out, std::int64_t length);

/// Random windows of a file, as the course's get_batch takes them: B first bytes by
/// torch.randint(bytes - T, (B,)), then X (B,T) the bytes from each on and T (B T) the byte behind
/// each of these.
class ByteWindows final : public Samples {
 public:
  ByteWindows(ByteFile file, ByteRange range, std::int64_t batch, std::int64_t length);

  /// Throws std::runtime_error where the file cannot be read any more, with the reason.
  void write_next(const Value& input, const Value& target, at::Generator& generator) override;
  std::vector<at::Tensor> tensors() const override { return {first_}; }

 private:
  ByteFile file_;
  ByteRange range_;
  std::int64_t length_;
  at::Tensor first_;                  ///< of each window, in the range
  std::vector<unsigned char> bytes_;  ///< of one window, and the one behind it
};

}  // namespace nanscope
