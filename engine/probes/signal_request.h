#pragma once

#include <optional>
#include <string_view>

#include "engine/experiment/experiment.h"
#include "engine/probes/signal.h"

namespace nanscope {

/// One forward and backward pass at initialization.
struct SignalRequest {
  using Answer = SignalSnapshot;
  static constexpr std::string_view kSlot = "signal";

  Experiment experiment;
  /// The tensor whose histogram is counted in each layer; none saves the time.
  std::optional<SignalTensor> histogram = SignalTensor::activation;
  bool operator==(const SignalRequest&) const = default;
};

}  // namespace nanscope
