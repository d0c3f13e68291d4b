#pragma once

#include <memory>
#include <string>

#include "engine/costs/requests/cost_requests.h"
#include "engine/session/session.h"

namespace nanscope {

/// The slot of what the run is compared with.
inline constexpr std::string_view kOtherRunSlot = "costs.run.b";

/// What the lab draws: the view's answers, as far as they are there.
struct CostsPicture {
  Costs settings;
  std::shared_ptr<const RunCosts> run, other;
  std::string run_words, other_words;  ///< what differs between the two
  std::shared_ptr<const TransformerCosts> transformer;
  std::shared_ptr<const NapkinCosts> napkin;
  std::vector<WalkStep> walk;  ///< of the view: the plan's or the example's
  std::string walk_problem;    ///< why there is no example

  /// Whether what the view shows is there.
  bool complete() const;
  /// The index of the step that is looked at.
  std::size_t step() const;
};

CostsPicture costs_picture(const Experiment& experiment, const JobResults& results);

/// What the view asks.
std::vector<JobRequest> costs_jobs(const Experiment& experiment);

}  // namespace nanscope
