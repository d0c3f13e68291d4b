#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/message.h"
#include "engine/costs/measured/calibration.h"
#include "engine/costs/measured/timeline.h"
#include "engine/costs/plan_costs.h"
#include "engine/experiment/experiment.h"
#include "engine/plan/task.h"

// What a training run of an experiment costs, measured while real steps run, beside the prediction.
namespace nanscope {

/// A moment of the step as it was measured, beside the timeline's row of the same index.
struct MeasuredRow {
  /// What LibTorch's allocator holds of the run: before, after, and the most in between.
  std::int64_t before = 0, after = 0, peak = 0;
  double seconds = 0;  ///< the median of several steps; of several batches in one their mean
  bool operator==(const MeasuredRow&) const = default;
};

/// What the allocator holds beside the plan's buffers at the peak, by what it is for: "data",
/// "samples", "held_out", "decision_surface", "loss_scale", "gradient_norms", "loss_gradient",
/// "unnamed" (nobody knows), "temporaries" (LibTorch's, while an operation runs), "workspace" (of
/// products of bf16 or fp16, whose size oneDNN chooses for the processor and its threads, and of
/// single numbers).
struct ResidualPart {
  std::string name = {};
  std::int64_t bytes = 0;
  bool operator==(const ResidualPart&) const = default;
};

std::int64_t total_bytes(const std::vector<ResidualPart>& parts);

/// Predicted, to the byte: all of these but "temporaries", which the timeline has, and "workspace".
std::vector<ResidualPart> held_beside_plan(const Experiment& experiment, const TrainingTask& task,
                                           const PlanDescription& plan);

/// What is predicted of a run's costs.
struct PredictedCosts {
  PlanCosts plan = {};
  StepTimeline timeline = {};
  std::vector<ResidualPart> beside = {};  ///< held_beside_plan() and, in the end, "temporaries"
  std::int64_t peak() const { return plan.memory.total() + total_bytes(beside); }
};
PredictedCosts predicted_costs(const Experiment& experiment, const TrainingTask& task,
                               const PlanDescription& plan);

struct MeasuredCosts {
  Experiment experiment = {};
  PlanCosts predicted = {};
  StepTimeline timeline = {};
  std::vector<ResidualPart> beside = {};  ///< PredictedCosts::beside

  /// Of the allocator's blocks that are the plan's buffers, by what they are for.
  PlanMemory memory = {};
  std::vector<PlanMemory> layers = {};  ///< the same of each of predicted.layers
  PlanMemory shared = {};               ///< of predicted.shared
  std::int64_t peak = 0;                ///< the most that the allocator held in a step
  /// What the system counts as the process's: the runtime itself, LibTorch's code and tables and
  /// what libraries ask of the C library are in it, too. 0: unknown.
  std::int64_t resident = 0;
  std::vector<ResidualPart> residual = {};  ///< adds up to peak - memory.total()
  std::int64_t residual_bytes() const { return peak - memory.total(); }

  std::vector<MeasuredRow> rows = {};  ///< of the timeline's rows; of several networks the first's
  double seconds_per_step = 0;         ///< the median of steps that nobody looks at
  int steps = 0;                       ///< that were timed
  Machine machine = {};
  int threads = 1;               ///< that steps have use for
  std::string computed_in = {};  ///< the type of products on the device: "fp32" where emulated
  bool emulated = false;

  /// The most that the allocator holds in a step, predicted.
  std::int64_t predicted_peak() const { return predicted.memory.total() + total_bytes(beside); }
  /// The row in which the allocator held most; the first of them.
  std::size_t peak_row() const;
  /// Model FLOPs a second.
  double flop_per_second() const {
    return seconds_per_step > 0 ? predicted.step() / seconds_per_step : 0;
  }
  /// Of a row: own FLOPs, or bytes, of one network's batch a second. 0 where nothing took time.
  double flop_per_second(std::size_t row) const;
  double bytes_per_second(std::size_t row) const;
  /// How often a step does what a row is: for each of its batches, for each network.
  int times_of(std::size_t row) const;
  /// Of the seconds of a step, as often as it does the row.
  double share_of_step(std::size_t row) const;
  /// What a step takes beside its rows; below 0 where these, looked at one by one, took more.
  double seconds_between() const;
  /// What rows are measured of, where that is not all of a step: "one of 4 micro-batches".
  std::string rows_of() const;
};

/// Runs some steps of it and looks at them. A job of the engine. Errors: an experiment that cannot
/// be trained, memory that is not enough.
struct CostMeasurementRequest {
  using Answer = MeasuredCosts;
  static constexpr std::string_view kSlot = "costs.measured";

  Experiment experiment;
  int turn = 0;  ///< tells it from one that was asked before
  bool operator==(const CostMeasurementRequest&) const = default;
};

/// The figure that a utilisation is a share of.
struct UsedPeak {
  double flop_per_second = 0;
  double bytes_per_second = 0;  ///< 0: unknown
  std::string name = {};        ///< "h100-sxm", "this machine, calibrated"
  bool measured = false;        ///< or a datasheet's
  int threads = 0;              ///< that it was measured with; 0 of a datasheet's
  bool operator==(const UsedPeak&) const = default;
};

struct StepUtilisation {
  double mfu = 0, hfu = 0;
};
/// MFU counts model FLOPs, HFU what the device computes (PaLM).
StepUtilisation utilisation(const MeasuredCosts& costs, const UsedPeak& peak);

/// Of the calibration of the machine that it was measured on, with as many threads as steps have
/// use for, or with all.
std::optional<UsedPeak> calibrated_peak(const MeasuredCosts& costs, const Calibration& calibration);

/// What a share above 1 says; empty otherwise.
Message doubt_of(const StepUtilisation& utilisation, const UsedPeak& peak);

/// min(peak, intensity x bandwidth) in FLOP/s: what can be reached at so many FLOPs a byte.
double attainable(const UsedPeak& peak, double intensity);
/// FLOPs a byte from which on the peak limits.
double ridge_point(const UsedPeak& peak);

/// An operation in the roofline's plane.
struct RooflineDot {
  std::size_t row = 0;         ///< of the timeline
  double intensity = 0;        ///< FLOPs a byte, by formula
  double flop_per_second = 0;  ///< measured
};
/// Of every row that computes, moves bytes, and took time.
std::vector<RooflineDot> roofline_dots(const MeasuredCosts& costs);

/// Schema nanscope.cost/1: plan_costs_to_json() with `timeline`, and with `measured`, where that is
/// null or has figures. Without a `peak` the reason why there is none.
std::string costs_to_json(const Experiment& experiment, const PredictedCosts& costs);
std::string costs_to_json(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                          const Message& no_peak);
/// Two of these in one: A's, with B's below `compared` and, below `difference`, by how much B's
/// numbers are larger.
std::string compared_costs_to_json(const std::string& a, const std::string& b);

}  // namespace nanscope
