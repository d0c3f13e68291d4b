#include "engine/costs/moving_data/loader.h"

#include <array>
#include <atomic>
#include <semaphore>
#include <thread>

#include "engine/base/clock.h"

namespace nanscope {
namespace {

/// Any but 0, another for each thread.
std::uint64_t seed_of(int thread) {
  return 0x9E3779B97F4A7C15ULL * static_cast<std::uint64_t>(thread + 1);
}

}  // namespace

LoaderSpeed loader_speed(const TokenBytes& tokens, std::int64_t batch, std::int64_t length,
                         int threads, double seconds) {
  std::atomic<std::int64_t> batches{0};
  const auto begin = Clock::now();
  const auto load = [&](int thread) {
    std::uint64_t random = seed_of(thread);
    std::vector<std::int64_t> into;
    do {
      gather_batch(tokens, batch, length, random, into);
      batches.fetch_add(1, std::memory_order_relaxed);
    } while (seconds_since(begin) < seconds);
  };
  {
    std::vector<std::jthread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back(load, thread);
    load(0);
  }
  const double rate = static_cast<double>(batches.load()) / seconds_since(begin);
  const auto bytes = static_cast<double>(batch * (length + 1) * tokens.layout().token_bytes);
  return {.batch = batch,
          .threads = threads,
          .batches_per_second = rate,
          .bytes_per_second = rate * bytes};
}

DataTimeline timeline_in_turns(const TokenBytes& tokens, const MovingDataRequest& request,
                               int batches, const std::function<void()>& compute) {
  DataTimeline timeline;
  std::uint64_t random = seed_of(0);
  std::vector<std::int64_t> buffer;
  const auto begin = Clock::now();
  for (int batch = 0; batch < batches; ++batch) {
    const double from = seconds_since(begin);
    gather_batch(tokens, request.batch, request.length, random, buffer);
    const double copied = seconds_since(begin);
    compute();
    const double done = seconds_since(begin);
    timeline.spans.push_back({.computes = false, .batch = batch, .begin = from, .end = copied});
    timeline.spans.push_back({.computes = true, .batch = batch, .begin = copied, .end = done});
  }
  timeline.seconds = seconds_since(begin);
  return timeline;
}

DataTimeline timeline_overlapped(const TokenBytes& tokens, const MovingDataRequest& request,
                                 int batches, const std::function<void()>& compute) {
  constexpr int kBuffers = 2;
  std::array<std::vector<std::int64_t>, kBuffers> buffers;
  std::counting_semaphore<kBuffers> empty(kBuffers), full(0);
  std::vector<DataSpan> copies(static_cast<std::size_t>(batches));
  DataTimeline timeline;
  const auto begin = Clock::now();
  {
    const std::jthread loader([&] {
      std::uint64_t random = seed_of(0);
      for (int batch = 0; batch < batches; ++batch) {
        empty.acquire();
        const double from = seconds_since(begin);
        gather_batch(tokens, request.batch, request.length, random,
                     buffers[static_cast<std::size_t>(batch % kBuffers)]);
        copies[static_cast<std::size_t>(batch)] = {
            .computes = false, .batch = batch, .begin = from, .end = seconds_since(begin)};
        full.release();
      }
    });
    for (int batch = 0; batch < batches; ++batch) {
      full.acquire();
      const double from = seconds_since(begin);
      compute();
      timeline.spans.push_back(
          {.computes = true, .batch = batch, .begin = from, .end = seconds_since(begin)});
      empty.release();
    }
    timeline.seconds = seconds_since(begin);
  }
  timeline.spans.insert(timeline.spans.begin(), copies.begin(), copies.end());
  return timeline;
}

}  // namespace nanscope
