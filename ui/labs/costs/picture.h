#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/costs/measured/measured_costs.h"
#include "engine/costs/moving_data/moving_data.h"
#include "engine/costs/requests/cost_requests.h"
#include "engine/recipe/run_record.h"
#include "engine/session/session.h"

namespace nanscope {

/// The slots of what is compared with what is looked at.
inline constexpr std::string_view kOtherRunSlot = "costs.run.b";
inline constexpr std::string_view kOtherTransformerSlot = "costs.transformer.b";
inline constexpr std::string_view kOtherNapkinSlot = "costs.napkin.b";

/// What the lab draws: the view's answers, as far as they are there.
struct CostsPicture {
  Costs settings;
  std::shared_ptr<const RunCosts> run, other;
  std::string run_words, other_words;  ///< what differs between the two
  std::shared_ptr<const TransformerCosts> transformer, other_transformer;
  std::shared_ptr<const NapkinCosts> napkin, other_napkin;
  /// B's question, where it is another one, whose answer is no other value of this one's.
  std::optional<NapkinQuestion> other_question;
  std::shared_ptr<const MovingData> data;
  std::vector<WalkStep> walk;  ///< of the view: the plan's or the example's
  std::string walk_problem;    ///< why there is no example
  /// Of the run and of the other one, once they are measured; see measured.h.
  std::shared_ptr<const MeasuredCosts> measured, other_measured;
  /// Null before anybody has looked; without types where there is none.
  std::shared_ptr<const Calibration> calibration;
  std::shared_ptr<const CostNames> names;  ///< of devices
  /// What utilisations are shares of; or why there is none.
  std::optional<UsedPeak> peak;
  std::string no_peak;
  std::shared_ptr<const RunSummary> training;  ///< Training's run, where it costs the same
  std::optional<std::size_t> layer;            ///< the chosen one's index in the plan

  /// Whether what the view shows is there.
  bool complete() const;
  /// The index of the step that is looked at.
  std::size_t step() const;
};

CostsPicture costs_picture(const Experiment& experiment, const JobResults& results);

/// What the view asks that needs no LibTorch; what is measured: measuring_jobs().
std::vector<JobRequest> costs_jobs(const Experiment& experiment);

}  // namespace nanscope
