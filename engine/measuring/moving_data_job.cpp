#include "engine/measuring/moving_data_job.h"

#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "engine/base/clock.h"
#include "engine/costs/moving_data/loader.h"
#include "engine/costs/moving_data/token_file.h"
#include "engine/machine/memory.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

constexpr std::array<std::int64_t, 5> kBatches{1, 4, 16, 64, 256};
constexpr std::int64_t kWrittenAtOnce = std::int64_t{8} << 20;

/// 1, 2, 4, ... threads, as many as there are cores, two at least and eight at most.
std::vector<int> thread_counts() {
  const int cores = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8);
  std::vector<int> counts;
  for (int threads = 1; threads <= cores; threads *= 2) counts.push_back(threads);
  return counts;
}

/// Products of small matrices, as many as take as long as is asked, on one thread.
class Computing {
 public:
  Computing() : a_(at::full({kSide, kSide}, 0.5)), b_(at::full({kSide, kSide}, 0.25)) {
    c_ = at::mm(a_, b_);
  }
  void aim_at(double seconds) {
    double one = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 20; ++i) {
      const auto begin = Clock::now();
      at::mm_out(c_, a_, b_);
      one = std::min(one, seconds_since(begin));
    }
    times_ = std::max(1, static_cast<int>(std::lround(seconds / one)));
  }
  void operator()() {
    for (int i = 0; i < times_; ++i) at::mm_out(c_, a_, b_);
  }

 private:
  static constexpr std::int64_t kSide = 64;
  at::Tensor a_, b_, c_;
  int times_ = 1;
};

class MovingDataJob final : public Job {
 public:
  MovingDataJob(MovingDataRequest request, Message no_gpu, MovingDataSpan span)
      : span_(span), threads_(thread_counts()) {
    found_.of = std::move(request);
    found_.no_gpu = std::move(no_gpu);
    found_.batches = span_.batches;
  }

  Result<JobResult> advance(JobContext& context) override {
    do {
      if (context.stop().stop_requested()) return cancelled_error();
      if (const auto done = measure_next(context); !done) return tl::unexpected(done.error());
      if (tokens_ && tokens_->shortened()) return tl::unexpected(shortened_error(found_.path));
      if (!is_done()) continue;
      tokens_.reset();
      made_.reset();
      return JobResult::of(std::move(found_));
    } while (!context.slice_over());
    return JobResult();
  }

 private:
  bool is_done() const { return place_ == last_place(); }
  std::size_t cells() const { return kBatches.size() * threads_.size(); }
  std::size_t last_place() const {
    return kLoader + cells() + 1 + static_cast<std::size_t>(span_.rounds);
  }

  void tell(const JobContext& context, const Message& what) const {
    if (context.progress())
      context.progress()(what, static_cast<double>(place_) / static_cast<double>(last_place()));
  }

  Result<void> measure_next(const JobContext& context) {
    if (place_ == kFile) {
      tell(context, message("moving data: the file"));
      const auto ready = prepare_file();
      if (!ready || !*ready) return ready.map([](bool) {});
    } else if (place_ == kMapped) {
      tell(context, message("moving data: mapped"));
      if (const auto done = measure_mapped(); !done) return done;
    } else if (place_ == kLoaded) {
      tell(context, message("moving data: loaded"));
      if (const auto done = measure_loaded(); !done) return done;
    } else if (place_ < kLoader + cells()) {
      const std::size_t cell = place_ - kLoader;
      // What a mapped page costs the first time is not what a loader delivers.
      if (cell == 0)
        loader_speed(*tokens_, kBatches.back(), found_.of.length, threads_.back(),
                     2 * span_.seconds_of_one);
      const std::int64_t batch = kBatches[cell / threads_.size()];
      const int threads = threads_[cell % threads_.size()];
      tell(context, threads == 1
                        ? message("moving data: batches of {} by one thread", batch)
                        : message("moving data: batches of {} by {} threads", batch, threads));
      found_.loader.push_back(
          loader_speed(*tokens_, batch, found_.of.length, threads, span_.seconds_of_one));
    } else {
      tell(context, message("moving data: copying beside computing"));
      if (place_ == kLoader + cells())
        measure_alone();
      else
        measure_timelines();
    }
    ++place_;
    return {};
  }

  /// The file, where one is to be made piece by piece: false while it is not all there.
  Result<bool> prepare_file() {
    found_.path = found_.of.file;
    if (found_.of.file.empty()) {
      if (!made_) {
        auto made = MadeTokens::make();
        if (!made) return tl::unexpected(made.error());
        made_ = *std::move(made);
      }
      found_.path = made_->path();
      const std::int64_t more = std::min(found_.of.file_bytes - written_, kWrittenAtOnce);
      if (const auto done = made_->append(more); !done) return tl::unexpected(done.error());
      written_ += more;
      if (written_ < found_.of.file_bytes) return false;
      made_->settle();
    }
    const auto layout = token_layout(found_.path);
    if (!layout) return tl::unexpected(layout.error());
    if (layout->tokens() <= found_.of.length)
      return input_error("costs.data_length",
                         "{} tokens and the one behind them are more than the {} of {}.",
                         found_.of.length, layout->tokens(), found_.path);
    layout_ = *layout;
    found_.bytes = layout->bytes;
    found_.token_bytes = layout->token_bytes;
    return true;
  }

  /// Opens the file by `open` and takes a batch of it.
  template <class Open>
  Result<DataWay> way(const Open& open) {
    forget_cached(found_.path);
    found_.cached = std::max(found_.cached, cached_share(found_.path));
    DataWay way;
    std::vector<std::int64_t> batch;
    std::uint64_t random = 1;
    const std::int64_t before = resident_memory();
    const auto begin = Clock::now();
    auto tokens = open(found_.path, layout_);
    if (!tokens) return tl::unexpected(tokens.error());
    way.open_seconds = seconds_since(begin);
    gather_batch(**tokens, found_.of.batch, found_.of.length, random, batch);
    way.batch_seconds = seconds_since(begin) - way.open_seconds;
    way.resident = std::max<std::int64_t>(resident_memory() - before, 0);
    tokens_ = *std::move(tokens);
    return way;
  }

  Result<void> measure_mapped() {
    const auto mapped = way(map_tokens);
    if (!mapped) return tl::unexpected(mapped.error());
    found_.mapped = *mapped;
    return {};
  }

  /// Behind it, the mapped file is what batches are made of.
  Result<void> measure_loaded() {
    tokens_.reset();
    const std::int64_t available = available_memory();
    if (available == 0 || found_.bytes < memory_for_work(available)) {
      const auto loaded = way(load_tokens);
      if (!loaded) return tl::unexpected(loaded.error());
      found_.loaded = *loaded;
    }
    tokens_.reset();
    give_back_memory();
    auto mapped = map_tokens(found_.path, layout_);
    if (!mapped) return tl::unexpected(mapped.error());
    tokens_ = *std::move(mapped);
    return {};
  }

  /// How long a copy takes by itself, and a batch's computing, which is aimed at it.
  void measure_alone() {
    const ThreadLimit one(1);
    computing_.emplace();
    std::vector<std::int64_t> batch;
    std::uint64_t random = 1;
    found_.copy_seconds = found_.compute_seconds = std::numeric_limits<double>::infinity();
    for (int i = 0; i < span_.batches; ++i) {
      const auto begin = Clock::now();
      gather_batch(*tokens_, found_.of.batch, found_.of.length, random, batch);
      found_.copy_seconds = std::min(found_.copy_seconds, seconds_since(begin));
    }
    computing_->aim_at(found_.of.compute * found_.copy_seconds);
    for (int i = 0; i < span_.batches; ++i) {
      const auto begin = Clock::now();
      (*computing_)();
      found_.compute_seconds = std::min(found_.compute_seconds, seconds_since(begin));
    }
  }

  void measure_timelines() {
    const ThreadLimit one(1);
    if (!timelines_began_) timelines_began_ = Clock::now();
    const auto compute = [this] { (*computing_)(); };
    const auto keep_shorter = [](DataTimeline& kept, DataTimeline now) {
      if (kept.spans.empty() || now.seconds < kept.seconds) kept = std::move(now);
    };
    keep_shorter(found_.in_turns, timeline_in_turns(*tokens_, found_.of, span_.batches, compute));
    keep_shorter(found_.overlapped,
                 timeline_overlapped(*tokens_, found_.of, span_.batches, compute));
    if (seconds_since(*timelines_began_) > span_.seconds_of_rounds) place_ = last_place() - 1;
  }

  static constexpr std::size_t kFile = 0, kMapped = 1, kLoaded = 2, kLoader = 3;
  MovingDataSpan span_;
  std::vector<int> threads_;
  MovingData found_;
  std::unique_ptr<MadeTokens> made_;
  TokenLayout layout_;
  std::unique_ptr<TokenBytes> tokens_;
  std::optional<Computing> computing_;
  std::optional<Clock::time_point> timelines_began_;
  std::int64_t written_ = 0;
  std::size_t place_ = 0;
};

}  // namespace

std::unique_ptr<Job> make_moving_data_job(MovingDataRequest request, Message no_gpu,
                                          MovingDataSpan span) {
  return std::make_unique<MovingDataJob>(std::move(request), std::move(no_gpu), span);
}

}  // namespace nanscope
