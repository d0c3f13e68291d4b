#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// What became of a run with other settings.
struct Trial {
  std::string remedy;      ///< key=value pairs, with blanks between them
  bool finite = false;     ///< to its end
  std::int64_t steps = 0;  ///< that were done
  double first_loss = 0, last_loss = 0;
  bool operator==(const Trial&) const = default;
};

/// Tries remedies, each on a run of its own from the first step. What cannot be run is left out.
struct TrialsRequest {
  using Answer = std::vector<Trial>;
  static constexpr std::string_view kSlot = "training.trials";

  Experiment experiment;
  std::vector<std::string> remedies;
  int steps = 1;  ///< of each
  bool operator==(const TrialsRequest&) const = default;
};

}  // namespace nanscope
