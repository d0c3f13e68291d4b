#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "engine/tensor_language/memory_timings.h"

namespace nanscope {
namespace {

constexpr int kRuns = 3;  ///< the shortest counts: what other programs do only lengthens
constexpr std::int64_t kLargestSide = 8192;
constexpr std::int64_t kLargestCopy = std::int64_t{1} << 30;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class Function>
double shortest(const Function& function) {
  double best = std::numeric_limits<double>::infinity();
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    function();
    best = std::min(best, seconds_since(begin));
  }
  return best;
}

/// Sums side x side elements; both orders are this loop with the two strides exchanged.
[[gnu::noinline]] float sum(const float* data, std::int64_t side, std::int64_t outer_stride,
                            std::int64_t inner_stride) {
  float total = 0;
  for (std::int64_t i = 0; i < side; ++i)
    for (std::int64_t j = 0; j < side; ++j) total += data[i * outer_stride + j * inner_stride];
  return total;
}

/// Bytes of a level of the data cache; 0 where the machine does not say.
std::int64_t cache_size(int name) { return std::max<std::int64_t>(::sysconf(name), 0); }

/// Lines fetched into the first level. Along columns each element is on a line of its own; the line
/// is there still for the next column where a column's lines fit.
std::int64_t column_lines(std::int64_t side, std::int64_t line, std::int64_t first_level) {
  const std::int64_t row_lines = (side * side * 4 + line - 1) / line;
  const bool fits = side * line <= first_level;
  return fits ? row_lines : side * side;
}

TraversalTiming measure_traversal(std::int64_t side, const MemoryTimings& machine) {
  const std::vector<float> matrix(static_cast<std::size_t>(side * side), 1.0F);
  TraversalTiming timing{.rows = side, .columns = side};
  // Volatile: the sums must be computed although nobody reads them.
  volatile float sink = 0;
  timing.row_seconds = shortest([&] { sink = sum(matrix.data(), side, side, 1); });
  timing.column_seconds = shortest([&] { sink = sum(matrix.data(), side, 1, side); });
  const std::int64_t line = machine.cache_line_bytes;
  timing.row_lines = (side * side * 4 + line - 1) / line;
  timing.column_lines =
      column_lines(side, line, machine.cache_bytes.empty() ? 0 : machine.cache_bytes.front());
  return timing;
}

std::int64_t page_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

/// Pages fresh from the system, which no allocator kept from earlier.
class FreshMemory {
 public:
  explicit FreshMemory(std::size_t size)
      : size_(size),
        data_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (data_ == MAP_FAILED) throw std::bad_alloc();
  }
  ~FreshMemory() { ::munmap(data_, size_); }
  FreshMemory(const FreshMemory&) = delete;
  FreshMemory& operator=(const FreshMemory&) = delete;
  void* data() const { return data_; }

 private:
  std::size_t size_;
  void* data_;
};

/// Copies into memory that is mapped, or each time into fresh memory.
CopyTiming measure_copy(CopyKind kind, std::int64_t bytes) {
  const std::vector<char> source(static_cast<std::size_t>(bytes), 1);
  std::vector<char> mapped(kind == CopyKind::memcpy ? source.size() : 0);
  CopyTiming timing{.kind = kind, .bytes = bytes};
  std::vector<double> runs;
  const auto copy_to = [&](void* target) {
    const std::int64_t before = page_faults();
    const auto begin = std::chrono::steady_clock::now();
    std::memcpy(target, source.data(), source.size());
    const double seconds = seconds_since(begin);
    if (runs.empty() || seconds < std::ranges::min(runs))
      timing.page_faults = page_faults() - before;
    runs.push_back(seconds);
  };
  for (int run = 0; run < kRuns; ++run)
    copy_to(kind == CopyKind::memcpy ? mapped.data() : FreshMemory(source.size()).data());
  set_seconds(timing, std::move(runs));
  return timing;
}

Result<void> check(const MemoryTimingsRequest& request) {
  for (const std::int64_t side : request.sides)
    if (side < 1 || side > kLargestSide)
      return input_error("sides", "a side is a whole number from 1 to 8192.");
  if (request.copy_bytes < 1 || request.copy_bytes > kLargestCopy)
    return input_error("copy_bytes", "takes 1 byte to 1 GiB.");
  return {};
}

/// What the machine says of itself.
MemoryTimings describe_machine() {
  MemoryTimings timings;
  if (const std::int64_t line = cache_size(_SC_LEVEL1_DCACHE_LINESIZE); line > 0)
    timings.cache_line_bytes = static_cast<int>(line);
  for (const int level : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE})
    if (const std::int64_t bytes = cache_size(level); bytes > 0)
      timings.cache_bytes.push_back(bytes);
  timings.page_bytes = ::sysconf(_SC_PAGESIZE);
  return timings;
}

class MemoryTimingsJob final : public Job {
 public:
  explicit MemoryTimingsJob(MemoryTimingsRequest request) : request_(std::move(request)) {}

  Result<JobResult> advance(JobContext& context) override {
    if (const Result<void> good = check(request_); !good) return tl::unexpected(good.error());
    if (context.stop().stop_requested()) return cancelled_error();
    constexpr std::array kCopies{CopyKind::memcpy, CopyKind::first_touch};
    if (timings_.traversals.size() < request_.sides.size())
      timings_.traversals.push_back(
          measure_traversal(request_.sides[timings_.traversals.size()], timings_));
    else
      timings_.copies.push_back(measure_copy(kCopies[timings_.copies.size()], request_.copy_bytes));
    if (timings_.copies.size() < kCopies.size()) return JobResult();
    return JobResult::of(std::move(timings_));
  }

 private:
  MemoryTimingsRequest request_;
  MemoryTimings timings_ = describe_machine();
};

}  // namespace

void set_seconds(CopyTiming& timing, std::vector<double> runs) {
  std::ranges::sort(runs);
  timing.seconds = runs.front();
  timing.median_seconds = (runs[(runs.size() - 1) / 2] + runs[runs.size() / 2]) / 2;
}

Result<MemoryTimings> measure_memory(const MemoryTimingsRequest& request,
                                     const std::stop_token& stop) {
  JobContext context(stop, {});
  return run_job(*request.make_job(), context).map([](const JobResult& result) {
    return *result.as<MemoryTimings>();
  });
}

std::unique_ptr<Job> MemoryTimingsRequest::make_job() const {
  return std::make_unique<MemoryTimingsJob>(*this);
}

void add_device_copies(const DeviceCopies& copies, MemoryTimings& timings) {
  timings.device = copies.device;
  timings.device_missing = copies.missing;
  timings.copies.insert(timings.copies.end(), copies.copies.begin(), copies.copies.end());
}

}  // namespace nanscope
