#pragma once

#include <memory>

#include "engine/costs/measured/calibration.h"
#include "engine/job/job.h"

namespace nanscope {

/// How much a calibration measures; tests take less.
struct CalibrationSpan {
  std::int64_t largest_product = 2048;
  /// In which everything is measured, until a round finds nothing faster, at most.
  int rounds = 12;
  double seconds_of_one = 0.05;  ///< of each product, in each round, at least
  double seconds_in_all = 16;    ///< after which nothing new is begun
  std::int64_t array_bytes = 0;  ///< of those that memory is measured by; 0: by the caches
};

/// Measures `machine`, this one, unless what was found before does. Keeps what it found.
std::unique_ptr<Job> make_calibration_job(CalibrationRequest request, Machine machine,
                                          CalibrationSpan span = {});

}  // namespace nanscope
