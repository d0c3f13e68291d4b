#include "engine/runs/run_way.h"

#include <ATen/ops/dot.h>

#include <algorithm>
#include <utility>

#include "engine/runs/sample_loss.h"

namespace nanscope {
namespace {

/// Of the squares of all parameters: what is longer has no products of lengths in fp64 any more.
constexpr double kMostSquares = 1e150;

}  // namespace

Result<RunWay> RunWay::make(const Plan& plan, std::int64_t steps, std::int64_t after) {
  const at::Tensor first = flat_parameters(plan);
  const auto bytes = static_cast<std::int64_t>(first.nbytes());
  const std::int64_t most = std::min(kMost, kMostBytes / std::max<std::int64_t>(bytes, 1));
  if (most < kFewest)
    return input_error("model.width",
                       "the network has {} parameters, and the way of a run is kept for up to {} "
                       "here; a smaller model.width or model.depth has fewer.",
                       first.numel(),
                       kMostBytes / kFewest / static_cast<std::int64_t>(first.element_size()));
  return RunWay(most, steps, std::min(after, steps));
}

void RunWay::look(const Plan& plan, std::int64_t step) {
  const bool is_last = step == steps_;
  if (lost_after_ || (step % apart_ != 0 && step != after_ && !is_last)) return;
  RunPosition here{step, flat_parameters(plan)};
  const at::Tensor wide = here.parameters.to(at::kDouble);
  if (!(at::dot(wide, wide).item<double>() <= kMostSquares)) {
    lost_after_ = step;
    return;
  }
  if (step == after_) middle_ = here;
  if (step % apart_ != 0 && !is_last) return;
  positions_.push_back(std::move(here));
  if (is_last || std::ssize(positions_) <= most_) return;
  apart_ *= 2;
  std::erase_if(positions_, [&](const RunPosition& one) { return one.step % apart_ != 0; });
}

}  // namespace nanscope
