#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/job/job.h"
#include "engine/roundoff/chart.h"
#include "engine/roundoff/settings.h"

namespace nanscope {

/// One experiment on rounding.
struct RoundoffRequest {
  using Answer = RoundoffChart;
  static constexpr std::string_view kSlot = "roundoff";

  std::string experiment;  ///< "accumulation"
  RoundoffSettings settings;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const RoundoffRequest&) const = default;
};

}  // namespace nanscope
