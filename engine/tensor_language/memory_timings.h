#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/job/job.h"

// How the order in which memory is read decides the speed: measured on this machine, plain values.
namespace nanscope {

/// One matrix summed by the same loop twice: along rows (the next element is the neighbour in
/// memory) and along columns (it is a whole row away).
struct TraversalTiming {
  std::int64_t rows = 0;  ///< of a row-major float32 matrix
  std::int64_t columns = 0;
  double row_seconds = 0;  ///< the shortest of several runs
  double column_seconds = 0;
  std::int64_t row_lines = 0;     ///< predicted: cache lines fetched from below the first level
  std::int64_t column_lines = 0;  ///< cache, each run of the loop
};

enum class CopyKind {
  memcpy,       ///< into memory that is mapped
  first_touch,  ///< into fresh memory: each page faults once
  pageable,     ///< to the GPU, from memory as malloc gives it
  pinned,       ///< to the GPU, from memory that stays where it is: the GPU fetches it by itself
};
template <>
struct Names<CopyKind> {
  static constexpr std::array<std::pair<CopyKind, std::string_view>, 4> all{
      {{CopyKind::memcpy, "memcpy"},
       {CopyKind::first_touch, "first_touch"},
       {CopyKind::pageable, "pageable"},
       {CopyKind::pinned, "pinned"}}};
};

struct CopyTiming {
  CopyKind kind = CopyKind::memcpy;
  std::int64_t bytes = 0;
  double seconds = 0;  ///< the shortest of several runs
  double median_seconds = 0;
  std::int64_t page_faults = 0;  ///< of the shortest run

  bool to_device() const { return kind == CopyKind::pageable || kind == CopyKind::pinned; }
  double bytes_per_second() const { return seconds > 0 ? static_cast<double>(bytes) / seconds : 0; }
};

struct MemoryTimings {
  int cache_line_bytes = 64;
  std::vector<std::int64_t> cache_bytes;  ///< data caches from the first level up
  std::int64_t page_bytes = 4096;
  std::vector<TraversalTiming> traversals;
  std::vector<CopyTiming> copies;
  std::string device;          ///< the GPU that memory was copied to, or ""
  std::string device_missing;  ///< why there is none, or ""
};

/// The shortest and the median of several runs' seconds.
void set_seconds(CopyTiming& timing, std::vector<double> runs);

/// Measures in slices: a matrix or a copy each. Needs no LibTorch.
struct MemoryTimingsRequest {
  using Answer = MemoryTimings;
  static constexpr std::string_view kSlot = "memory timings";

  std::vector<std::int64_t> sides = {64, 256, 1024, 4096};  ///< of square matrices
  std::int64_t copy_bytes = std::int64_t{64} << 20;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const MemoryTimingsRequest&) const = default;
};

/// Copies from host to device: from pageable memory and from pinned memory.
struct DeviceCopies {
  std::vector<CopyTiming> copies = {};
  std::string device = {};   ///< the GPU that memory was copied to, or ""
  std::string missing = {};  ///< why there is none, or ""
};

struct DeviceCopiesRequest {
  using Answer = DeviceCopies;
  static constexpr std::string_view kSlot = "device copies";

  std::int64_t bytes = MemoryTimingsRequest().copy_bytes;
  bool operator==(const DeviceCopiesRequest&) const = default;
};

/// Measures on this thread, in a second or less by default. Errors: sizes out of range; "cancelled"
/// when `stop` was requested. Throws std::bad_alloc where memory is not enough.
Result<MemoryTimings> measure_memory(const MemoryTimingsRequest& request,
                                     const std::stop_token& stop);

/// Adds what a copy from host to device takes, or why there is none to be had here.
void add_device_copies(const DeviceCopies& copies, MemoryTimings& timings);

}  // namespace nanscope
