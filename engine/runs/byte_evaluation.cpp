#include "engine/runs/byte_evaluation.h"

#include <ATen/ops/argmax.h>

#include <algorithm>
#include <utility>

#include "engine/runs/evaluation.h"

namespace nanscope {

ByteEvaluation::ByteEvaluation(std::shared_ptr<const PlanDescription> plan, ByteFile file,
                               ByteRange range, std::int64_t most_windows)
    : plan_(std::move(plan)),
      file_(std::move(file)),
      range_(range),
      length_(plan_.input().data().size(1)),
      windows_(std::min(most_windows, (range.size() - 1) / length_)),
      bytes_(static_cast<std::size_t>(length_) + 1) {}

Result<void> ByteEvaluation::write_batch(std::int64_t window) {
  const std::int64_t batch = plan_.input().data().size(0);
  const at::Tensor& target = plan_.value(plan_.description().target).data();
  plan_.input().data().zero_();
  target.fill_(-1);
  auto* tokens = plan_.input().data().mutable_data_ptr<float>();
  auto* next = target.mutable_data_ptr<float>();
  for (std::int64_t row = 0; row < batch && window + row < windows_; ++row) {
    if (auto read = file_.read(range_.first + (window + row) * length_, bytes_); !read) return read;
    tokens = std::copy(bytes_.begin(), bytes_.end() - 1, tokens);
    next = std::copy(bytes_.begin() + 1, bytes_.end(), next);
  }
  return {};
}

void ByteEvaluation::count_batch(HeldOutBytes& seen) {
  const PlanDescription& plan = plan_.description();
  const at::Tensor& target = plan_.value(plan.target).data();
  const at::Tensor& scores = plan_.value(plan.operations.back().inputs[0]).data();
  const auto count = target.ge(0).sum().item<std::int64_t>();
  // argmax() takes a NaN for the largest score.
  const at::Tensor right =
      at::argmax(scores, -1).eq(target).logical_and(scores.isnan().any(-1).logical_not());
  seen.bytes += count;
  seen.loss += plan_.output().data().item<double>() * static_cast<double>(count);
  seen.accuracy += static_cast<double>(right.sum().item<std::int64_t>());
}

Result<HeldOutBytes> ByteEvaluation::look(const Plan& run) {
  copy_learned(plan_, run);
  HeldOutBytes seen;
  for (std::int64_t window = 0; window < windows_; window += plan_.input().data().size(0)) {
    if (const auto written = write_batch(window); !written) return tl::unexpected(written.error());
    plan_.forward({});
    count_batch(seen);
  }
  seen.loss /= static_cast<double>(seen.bytes);
  seen.accuracy /= static_cast<double>(seen.bytes);
  return seen;
}

}  // namespace nanscope
