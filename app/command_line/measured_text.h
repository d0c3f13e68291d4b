#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/costs/measured/measured_costs.h"

namespace nanscope {

/// What is alive in a step at most, by lifetime.
std::string timeline_to_text(const StepTimeline& timeline);
/// What a run holds beside its plan's buffers.
std::string beside_to_text(const std::vector<ResidualPart>& parts);
/// `no_peak`: why there is none.
std::string measured_costs_to_text(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                                   const Message& no_peak);
/// A run's costs, for a comparison.
struct ComparedCosts {
  const PlanCosts& predicted;
  const StepTimeline& timeline;
  const std::optional<MeasuredCosts>& measured;
};
/// Two side by side, with B - A. `changes`: what B has otherwise.
std::string compared_costs_to_text(const std::string& changes, const ComparedCosts& a,
                                   const ComparedCosts& b);
std::string calibration_to_text(const Calibration& calibration);

}  // namespace nanscope
