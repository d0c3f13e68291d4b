#include "engine/measuring/calibration_job.h"

#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/base/clock.h"
#include "engine/costs/flops.h"
#include "engine/machine/memory.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

constexpr std::array<std::pair<const char*, at::ScalarType>, 4> kTypes{
    {{"fp32", at::kFloat}, {"bf16", at::kBFloat16}, {"fp16", at::kHalf}, {"fp64", at::kDouble}}};
constexpr std::int64_t kSmallest = 64;
/// Rounds at least; the figures have settled when one raises none of them by more than this share.
constexpr std::size_t kFewestRounds = 3;
constexpr double kSettled = 0.02;
/// A type whose product takes longer than this is slow: its larger ones are left out.
constexpr double kSlow = 0.4;

/// The shortest of calls for so many seconds.
template <class Work>
double shortest(double seconds, const Work& work) {
  double best = std::numeric_limits<double>::infinity();
  const auto begin = Clock::now();
  do {
    const auto from = Clock::now();
    work();
    best = std::min(best, seconds_since(from));
  } while (seconds_since(begin) < seconds);
  return best;
}

/// Arrays that no cache holds: four times the last level, as far as there is memory.
std::int64_t array_bytes() {
  constexpr std::int64_t kLeast = std::int64_t{64} << 20, kMost = std::int64_t{256} << 20;
  const std::int64_t cache = std::max<std::int64_t>(::sysconf(_SC_LEVEL3_CACHE_SIZE), 0);
  const std::int64_t room = memory_for_work(available_memory()) / 4;
  const std::int64_t wanted = std::clamp(4 * cache, kLeast, kMost);
  return room > 0 ? std::min(wanted, std::max(room, kLeast / 4)) : wanted;
}

class CalibrationJob final : public Job {
 public:
  CalibrationJob(CalibrationRequest request, Machine machine, CalibrationSpan span)
      : request_(request), span_(span) {
    found_.machine = std::move(machine);
    for (const auto& [name, type] : kTypes) found_.types.push_back({.type = name});
    for (std::int64_t size = kSmallest; size <= span_.largest_product; size *= 2)
      sizes_.push_back(size);
  }

  Result<JobResult> advance(JobContext& context) override {
    if (context.stop().stop_requested()) return cancelled_error();
    const ThreadLimit limit(found_.machine.threads);
    if (next_ == 0) {
      began_ = Clock::now();
      if (!request_.afresh)
        if (auto kept = kept_calibration(found_.machine)) return JobResult::of(*std::move(kept));
      if (request_.looks) return JobResult::of(Calibration{.machine = found_.machine});
    }
    do {
      if (context.stop().stop_requested()) return cancelled_error();
      measure(context);
      ++next_;
      if (next_ % round() == 0) end_round();
    } while (!is_done() && !context.slice_over());
    if (!is_done()) return JobResult();
    return JobResult::of(finish());
  }

 private:
  /// Of a round: every product of every type, then memory.
  std::size_t round() const { return kTypes.size() * sizes_.size() + 1; }
  std::size_t places() const { return round() * static_cast<std::size_t>(span_.rounds); }
  bool is_done() const { return has_settled_ || next_ >= places(); }

  /// What else the machine does only slows: rounds are added as long as one finds more.
  void end_round() {
    std::vector<double> figures{found_.bandwidth.copy, found_.bandwidth.triad};
    for (const TypeSpeed& type : found_.types) figures.push_back(type.peak());
    if (next_ / round() >= kFewestRounds) {
      has_settled_ = true;
      for (std::size_t i = 0; i < figures.size(); ++i)
        has_settled_ &= figures[i] <= (1 + kSettled) * figures_[i];
    }
    figures_ = std::move(figures);
  }

  void tell(const JobContext& context, const Message& what) const {
    if (context.progress())
      context.progress()(what, static_cast<double>(next_) / static_cast<double>(places()));
  }

  void measure(const JobContext& context) {
    const std::size_t place = next_ % round();
    if (place + 1 == round()) {
      tell(context, message("calibrating: memory"));
      return measure_memory();
    }
    // Size by size, so that the types' turns lie far apart.
    const std::size_t type = place % kTypes.size();
    const std::int64_t size = sizes_[place / kTypes.size()];
    tell(context, message("calibrating: {} x {} in {}", size, size, kTypes[type].first));
    measure_product(found_.types[type], kTypes[type].second, size);
  }

  void measure_product(TypeSpeed& speed, at::ScalarType type, std::int64_t size) {
    const auto known = std::ranges::find(speed.products, size, &ProductSpeed::size);
    if (known == speed.products.end() && !is_worth(speed)) return;
    if (seconds_since(began_) > span_.seconds_in_all && known != speed.products.end()) return;
    const at::Tensor a = at::full({size, size}, 0.5, type), b = at::full({size, size}, 0.25, type);
    at::Tensor c = at::empty({size, size}, a.options());
    const double seconds = shortest(span_.seconds_of_one, [&] { at::mm_out(c, a, b); });
    ProductSpeed& one =
        known == speed.products.end()
            ? speed.products.emplace_back(ProductSpeed{.size = size, .seconds = seconds})
            : *known;
    one.seconds = std::min(one.seconds, seconds);
    const auto side = static_cast<double>(size);
    one.flop_per_second = matmul_flops(side, side, side) / one.seconds;
  }

  /// Whether the next larger product, eight times as much work, is.
  bool is_worth(const TypeSpeed& speed) const {
    if (speed.products.empty()) return true;
    return 8 * speed.products.back().seconds < kSlow &&
           seconds_since(began_) < span_.seconds_in_all && next_ < round();
  }

  void measure_memory() {
    if (!a_.defined()) {
      found_.bandwidth.bytes = span_.array_bytes > 0 ? span_.array_bytes : array_bytes();
      const std::int64_t count = found_.bandwidth.bytes / 4;
      found_.bandwidth.bytes = 4 * count;
      a_ = at::ones({count});
      b_ = at::ones({count});
      c_ = at::ones({count});
    }
    Bandwidth& bandwidth = found_.bandwidth;
    const auto bytes = static_cast<double>(bandwidth.bytes);
    const double seconds = 4 * span_.seconds_of_one;
    bandwidth.copy = std::max(bandwidth.copy, 2 * bytes / shortest(seconds, [&] { a_.copy_(b_); }));
    bandwidth.triad = std::max(bandwidth.triad,
                               3 * bytes / shortest(seconds, [&] { at::add_out(a_, b_, c_, 3); }));
  }

  Calibration finish() {
    found_.seconds = seconds_since(began_);
    found_.at = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
    found_ = settled_calibration(std::move(found_), kept_calibration(found_.machine));
    if (const auto kept = keep_calibration(found_); !kept)
      found_.not_kept = whole_message(kept.error());
    return std::move(found_);
  }

  CalibrationRequest request_;
  CalibrationSpan span_;
  std::vector<std::int64_t> sizes_;
  Calibration found_;
  std::vector<double> figures_;  ///< after the round before
  bool has_settled_ = false;
  std::size_t next_ = 0;
  at::Tensor a_, b_, c_;  ///< from the first look at memory on
  Clock::time_point began_;
};

}  // namespace

std::unique_ptr<Job> make_calibration_job(CalibrationRequest request, Machine machine,
                                          CalibrationSpan span) {
  return std::make_unique<CalibrationJob>(request, std::move(machine), span);
}

}  // namespace nanscope
