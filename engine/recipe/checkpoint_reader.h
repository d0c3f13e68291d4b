#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/data/safetensors.h"
#include "engine/job/job.h"
#include "engine/recipe/checkpoint.h"

namespace nanscope {

/// Reads a checkpoint part by part: the file, its header, tensor by tensor with their hash.
class CheckpointReader {
 public:
  /// A file, or a folder, whose file with the most steps is read.
  explicit CheckpointReader(std::string place) : place_(std::move(place)) {}

  /// One part; whether that was the last one. Errors: as read_checkpoint().
  Result<bool> advance();
  /// What was read, once.
  Checkpoint take() { return std::move(checkpoint_); }
  /// 0..1, of the bytes behind the header.
  double share() const;

 private:
  Result<void> open();
  Result<void> finish();

  std::string place_, path_;
  std::string file_;  ///< empty until it is read
  SafetensorsHeader header_;
  std::string recipe_, hash_;  ///< what the header says
  Checkpoint checkpoint_;
  std::uint64_t seen_ = 0;  ///< the hash of the recipe and the tensors so far
};

/// Where a checkpoint comes to that a window asked for. Whoever asked takes it out, so that nobody
/// else holds its tensors.
struct CheckpointBox {
  std::shared_ptr<const Checkpoint> state = {};
};

/// Reads one into a box, which is there once the request is answered. Another box is another
/// request.
struct CheckpointRequest {
  using Answer = std::string;  ///< its path
  static constexpr std::string_view kSlot = "training.checkpoint";

  std::string path;
  std::shared_ptr<CheckpointBox> box;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const CheckpointRequest&) const = default;
};

}  // namespace nanscope
