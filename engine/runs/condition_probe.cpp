#include "engine/runs/condition_probe.h"

#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_svdvals.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace nanscope {
namespace {

constexpr std::int64_t kLooks = 64;                       // of a run
constexpr int kShare = 20;                                // of the time, one part
constexpr auto kNoTime = std::chrono::milliseconds(100);  // in all, which nobody waits for
/// Multiply-adds, about 4 min(m,n)^2 max(m,n) a matrix (Golub & Van Loan 2013, 8.6), that take some
/// tenths of a second.
constexpr double kMostWork = 3e9;
constexpr double kQuickWork = 3e8;

template <class Each>
void each_weight(const Plan& plan, const Each& each) {
  for (const PlanParameter& parameter : plan.description().parameters)
    if (parameter.draw.init == ParameterInit::weight) each(plan.value(parameter.value).data());
}

double condition_of(const at::Tensor& weight) {
  const at::Tensor matrix = weight.to(at::kDouble);
  if (!at::isfinite(matrix).all().item<bool>()) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor values = at::linalg_svdvals(matrix);  // the largest first
  return values[0].item<double>() / values[-1].item<double>();
}

/// NaN is above all.
bool is_below(double one, double other) {
  return !std::isnan(one) && (std::isnan(other) || one < other);
}

}  // namespace

WeightConditions weight_conditions(const Plan& plan) {
  std::vector<double> all;
  each_weight(plan, [&](const at::Tensor& weight) { all.push_back(condition_of(weight)); });
  std::ranges::sort(all, is_below);
  return {.largest = all.back(), .median = all[all.size() / 2]};
}

ConditionProbe::ConditionProbe(std::vector<const Plan*> networks)
    : networks_(std::move(networks)), began_(Clock::now()) {
  double work = 0;
  each_weight(*networks_.front(), [&](const at::Tensor& weight) {
    const auto [low, high] = std::minmax({weight.size(0), weight.size(1)});
    work += 4.0 * static_cast<double>(low) * static_cast<double>(low) * static_cast<double>(high);
  });
  small_ = work <= kMostWork;
  quick_ = work <= kQuickWork;
  if (work * static_cast<double>(networks_.size()) <= kMostWork) count_ = networks_.size();
}

bool ConditionProbe::is_of_lines(std::int64_t step, std::int64_t statistics) const {
  if (!quick_ || step % statistics != 0) return false;
  const auto look = static_cast<std::uint64_t>(step / statistics);
  return look == 0 || std::has_single_bit(look);
}

std::optional<WeightConditions> ConditionProbe::look_at_the_end() const {
  return quick_ ? std::optional(of_first()) : std::nullopt;
}

std::vector<WeightConditions> ConditionProbe::measure() const {
  std::vector<WeightConditions> found;
  for (std::size_t k = 0; k < count_; ++k) found.push_back(weight_conditions(*networks_[k]));
  return found;
}

std::vector<WeightConditions> ConditionProbe::look(std::int64_t step, std::int64_t goal) {
  const bool last = step + 1 == goal;
  if (!small_ || (step < next_ && !last)) return {};
  next_ = step + std::max<std::int64_t>(1, goal / kLooks);
  const Clock::time_point begin = Clock::now();
  if (!last && taken_ > kNoTime && kShare * taken_ > begin - began_) return {};
  std::vector<WeightConditions> found = measure();
  taken_ += Clock::now() - begin;
  return found;
}

}  // namespace nanscope
