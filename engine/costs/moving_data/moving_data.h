#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/message.h"
#include "engine/experiment/costs.h"

// How tokens come from a file to where they are computed with: mapped or loaded, by several
// threads, beside the computing. Measured.
namespace nanscope {

/// One way to a first batch.
struct DataWay {
  double open_seconds = 0;    ///< to map the file, or to read all of it
  double batch_seconds = 0;   ///< of the first batch behind that
  std::int64_t resident = 0;  ///< bytes by which the process has grown
  double seconds() const { return open_seconds + batch_seconds; }
  bool operator==(const DataWay&) const = default;
};

/// Threads that make batches of a mapped file, each for itself.
struct LoaderSpeed {
  std::int64_t batch = 0;  ///< sequences
  int threads = 1;
  double batches_per_second = 0;
  double bytes_per_second = 0;  ///< of the file
  bool operator==(const LoaderSpeed&) const = default;
};

/// What was done with one batch, in seconds from the beginning.
struct DataSpan {
  bool computes = false;  ///< or copies
  int batch = 0;
  double begin = 0, end = 0;
  bool operator==(const DataSpan&) const = default;
};
struct DataTimeline {
  std::vector<DataSpan> spans = {};
  double seconds = 0;
  bool operator==(const DataTimeline&) const = default;
};

struct MovingData;

/// Measures in some seconds, in slices and with progress. A job of the engine; nothing is kept.
/// Errors: a file that cannot be read, or is shorter than a sequence.
struct MovingDataRequest {
  using Answer = MovingData;
  static constexpr std::string_view kSlot = "costs.data";

  std::string file = {};                    ///< "": one is made, and removed
  std::int64_t file_bytes = 64'000'000;     ///< of one that is made
  std::int64_t batch = 256, length = 1024;  ///< sequences, and tokens of each
  double compute = 1;                       ///< of a batch, in the time that its copy takes
  bool operator==(const MovingDataRequest&) const = default;
};

struct MovingData {
  MovingDataRequest of = {};
  std::string path = {};
  std::int64_t bytes = 0;  ///< of the file's tokens
  std::int64_t token_bytes = 2;
  std::int64_t tokens() const { return bytes / token_bytes; }
  /// The share of the file that the system had in memory when it was opened, mapped and loaded.
  double cached = 0;
  DataWay mapped = {};
  std::optional<DataWay> loaded = {};  ///< nothing where it is larger than what is free
  std::vector<LoaderSpeed> loader = {};
  int batches = 0;                               ///< of each timeline
  double copy_seconds = 0, compute_seconds = 0;  ///< of a batch, each alone
  DataTimeline in_turns = {}, overlapped = {};
  Message no_gpu = {};  ///< why no copy to a GPU was measured
};

MovingDataRequest moving_data_request(const Costs& costs);

/// Of so many batches one after another, each copied and then computed with: n (c + k).
double seconds_in_turns(int batches, double copy, double compute);
/// With the next one copied meanwhile: c + (n - 1) max(c, k) + k.
double seconds_overlapped(int batches, double copy, double compute);

/// Schema nanscope.data/1.
std::string moving_data_to_json(const MovingData& data);

}  // namespace nanscope
