#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/message.h"
#include "engine/base/result.h"

// What this very machine reaches: products by size and type, and the way to memory. Measured.
namespace nanscope {

/// What a calibration is of: with another processor, number of threads or LibTorch it is another.
struct Machine {
  std::string processor = {};  ///< EngineInfo::cpu_name
  int threads = 1;             ///< EngineInfo::threads
  std::string libtorch = {};   ///< EngineInfo::libtorch_version
  bool operator==(const Machine&) const = default;
};

/// (size,size) times (size,size).
struct ProductSpeed {
  std::int64_t size = 0;
  double seconds = 0;  ///< the shortest of several: what else the machine does only lengthens
  double flop_per_second = 0;
  bool operator==(const ProductSpeed&) const = default;
};

struct TypeSpeed {
  std::string type = {};                    ///< "fp32", "bf16", "fp16", "fp64"
  std::vector<ProductSpeed> products = {};  ///< by size; large ones are left out where slow
  double peak() const;                      ///< FLOP/s of the fastest
  bool operator==(const TypeSpeed&) const = default;
};

/// Bytes a second, to and from memory beyond the caches. As STREAM counts: what a cache reads
/// before it is overwritten is left out.
struct Bandwidth {
  double copy = 0;         ///< a = b
  double triad = 0;        ///< a = b + s c
  std::int64_t bytes = 0;  ///< of each array
  bool operator==(const Bandwidth&) const = default;
};

struct Calibration {
  Machine machine = {};
  std::vector<TypeSpeed> types = {};
  Bandwidth bandwidth = {};
  double seconds = 0;      ///< that it took
  std::int64_t at = 0;     ///< when it ended, seconds since 1970; 0: a file from before has no time
  bool disturbed = false;  ///< something else was at work; see settled_calibration()
  Message not_kept = {};   ///< why it could not be kept for later; empty where it was

  /// FLOP/s of products in this type ("fp32"); nothing where it was not measured.
  std::optional<double> peak_of(std::string_view type) const;
  /// Bytes a second: the larger of both.
  double bytes_per_second() const;
  bool operator==(const Calibration&) const = default;
};

/// Measures, in 20 s at most, in slices and with progress, and keeps what it found; or, unless it
/// is to be `afresh`, answers with what was kept for this machine. One that only `looks` for that
/// measures nothing: without it the answer has no types. A job of the engine.
struct CalibrationRequest {
  using Answer = Calibration;
  static constexpr std::string_view kSlot = "costs.calibration";

  bool afresh = false;
  int threads = 0;  ///< that it is of; 0: as many as LibTorch takes
  bool looks = false;
  int turn = 0;  ///< tells it from one that was asked before
  bool operator==(const CalibrationRequest&) const = default;
};

/// Schema nanscope.calibration/1.
std::string calibration_to_json(const Calibration& calibration);
Result<Calibration> calibration_from_json(const std::string& text);

/// What is made of one that was measured anew. It was disturbed where a product is far slower than
/// both a smaller and a larger one; then what was faster `before` stands, since what else a machine
/// does only slows.
Calibration settled_calibration(Calibration found, const std::optional<Calibration>& before);

/// Where the one of a machine is kept: in users_cache_folder().
std::string calibration_path(const Machine& machine);
/// What is kept; nothing where nothing is, or where it is damaged or another machine's.
std::optional<Calibration> kept_calibration(const Machine& machine);
Result<void> keep_calibration(const Calibration& calibration);

}  // namespace nanscope
