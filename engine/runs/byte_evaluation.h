#pragma once

#include <memory>
#include <numbers>
#include <vector>

#include "engine/network/plan.h"
#include "engine/runs/byte_windows.h"

namespace nanscope {

/// What a language model makes of bytes that it is not trained on.
struct HeldOutBytes {
  std::int64_t bytes = 0;  ///< that were predicted
  double loss = 0;         ///< nats a byte
  double accuracy = 0;     ///< share of the bytes that got the highest score
  double bits() const { return loss / std::numbers::ln2; }  ///< a byte
};

/// Goes through a range of a file window by window, each behind the one before, in a plan of the
/// same model. Every byte that is predicted counts as much as another.
class ByteEvaluation {
 public:
  /// `plan`: of a language model (describe_language_model()). At most `most_windows` are looked at.
  ByteEvaluation(std::shared_ptr<const PlanDescription> plan, ByteFile file, ByteRange range,
                 std::int64_t most_windows);

  /// With the parameters of `run`. Errors: those of ByteFile::read().
  Result<HeldOutBytes> look(const Plan& run);

 private:
  /// Writes the windows from this one on into a batch; of rows that are left over nothing counts.
  Result<void> write_batch(std::int64_t window);
  void count_batch(HeldOutBytes& seen);

  Plan plan_;
  ByteFile file_;
  ByteRange range_;
  std::int64_t length_, windows_;
  std::vector<unsigned char> bytes_;  ///< of one window, and the one behind it
};

}  // namespace nanscope
