#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/costs/measured/timeline.h"
#include "engine/costs/napkin/napkin.h"
#include "engine/costs/plan_costs.h"
#include "engine/costs/requests/walk.h"
#include "engine/costs/transformer/estimate.h"
#include "engine/experiment/experiment.h"
#include "engine/job/job.h"

// What the Costs lab asks. None of it needs LibTorch.
namespace nanscope {

/// What a run costs by its plan.
struct RunCosts {
  Experiment of;  ///< without what a plan does not hang on
  PlanDescription plan;
  PlanCosts costs;
  std::vector<WalkStep> walk;
  std::vector<LayerFlops> flops;  ///< of a whole step, with all of its batches
  StepTimeline timeline;          ///< what is alive in each moment, by lifetime
};

/// Reads the run's data for their shape. Errors: those of training_task() and describe_training().
struct RunCostsRequest {
  using Answer = RunCosts;
  static constexpr std::string_view kSlot = "costs.run";
  Experiment experiment;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const RunCostsRequest&) const = default;
};
RunCostsRequest run_costs_request(const Experiment& experiment);

/// Attention's share of the FLOPs forward.
struct LengthShare {
  double length = 0, share = 0;
};

struct TransformerCosts {
  Costs of;
  Transformer base;  ///< the model's own, before costs.architecture
  NamedTransformer model;
  CostRequest request;
  CostEstimate estimate;
  std::vector<LengthShare> shares;  ///< by length
};

/// Errors: those of find_transformer(), find_device() and estimate(), named by the lab's keys.
struct TransformerCostsRequest {
  using Answer = TransformerCosts;
  static constexpr std::string_view kSlot = "costs.transformer";
  Costs costs;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const TransformerCostsRequest&) const = default;
};
TransformerCostsRequest transformer_costs_request(const Costs& costs);

struct NapkinCosts {
  Costs of;
  NapkinRequest request;
  std::vector<FormulaLine> lines;
  std::vector<NapkinConvention> conventions;
  std::vector<std::string> notes;
  std::string python;
};

/// Errors: those of calculate() and find_device(), named by the lab's keys.
struct NapkinCostsRequest {
  using Answer = NapkinCosts;
  static constexpr std::string_view kSlot = "costs.napkin";
  Costs costs;

  std::unique_ptr<Job> make_job() const;
  bool operator==(const NapkinCostsRequest&) const = default;
};
NapkinCostsRequest napkin_costs_request(const Costs& costs);

/// What can be chosen by name.
struct CostNames {
  struct Model {
    std::string name, title;
    double parameters = 0;
    Transformer architecture;
  };
  std::vector<Model> models;
  std::vector<DeviceSheet> devices;
};
struct CostNamesRequest {
  using Answer = CostNames;
  static constexpr std::string_view kSlot = "costs.names";

  std::unique_ptr<Job> make_job() const;
  bool operator==(const CostNamesRequest&) const = default;
};

}  // namespace nanscope
