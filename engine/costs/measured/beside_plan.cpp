#include <string>
#include <utility>

#include "engine/costs/measured/measured_costs.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

constexpr std::int64_t kIndex = 8;  ///< bytes of a row's number
constexpr std::int64_t kFloat = 4;
constexpr std::int64_t kScaler = 20;  ///< scale and overflow in fp32, int32 and int64 counts

/// Sizes of what runs hold (engine/runs), by the same rules.
class BesidePlan {
 public:
  BesidePlan(const Experiment& experiment, const TrainingTask& task, const PlanDescription& plan)
      : experiment_(experiment), task_(task), plan_(plan) {
    one_.network.networks = 1;
  }

  std::vector<ResidualPart> parts() && {
    const std::int64_t networks = experiment_.network.networks;
    const Table& table = task_.table;
    add("data", table.rows * (table.columns * input_bytes() + task_.outputs * target_bytes()));
    add("samples", networks * samples());
    add("held_out", networks * bytes_of_rows(task_.held_out));
    if (is_plane(experiment_.data.kind))
      if (const std::int64_t grid = bytes_of_rows(kGrid); grid <= kMostOfGrid)
        add("decision_surface", grid);
    if (experiment_.training.loss_scale.kind != LossScaleKind::none)
      add("loss_scale", networks * kScaler);
    add("gradient_norms", networks * (std::ssize(plan_.parameters) + 2) * gradient_bytes());
    add("loss_gradient", networks * bytes_of_element(plan_.output));
    return std::move(parts_);
  }

 private:
  /// Of the decision surface (engine/runs/surface_probe.cpp): its points, and the most it may hold.
  static constexpr std::int64_t kGrid = 64 * 64, kMostOfGrid = std::int64_t{64} << 20;

  void add(std::string name, std::int64_t bytes) {
    if (bytes > 0) parts_.push_back({std::move(name), bytes});
  }
  std::int64_t bytes_of_element(ValueId id) const {
    return plan_.value(id).bytes() / plan_.value(id).elements();
  }
  std::int64_t target_bytes() const { return bytes_of_element(plan_.target); }
  std::int64_t input_bytes() const { return task_.table.fp64 ? 8 : kFloat; }
  std::int64_t gradient_bytes() const {
    return bytes_of_element(plan_.value(plan_.parameters.front().value).gradient);
  }

  /// Of a table the order of its rows, of those trained on twice that of the epoch, and a batch; of
  /// samples that are drawn X as drawn, X in the target's type, its rows' lengths, the teacher.
  std::int64_t samples() const {
    const std::int64_t batch = experiment_.data.batch, features = task_.features;
    if (task_.table.rows > 0)
      return kIndex * (task_.table.rows + 2 * task_.training_rows()) +
             batch * features * input_bytes();
    const std::int64_t wide = target_bytes();
    return batch * features * (kFloat + (wide == kFloat ? 0 : wide)) + batch * kFloat +
           features * wide;
  }

  /// One network's plan of so many rows; 0 of none.
  std::int64_t bytes_of_rows(std::int64_t rows) const {
    if (rows == 0) return 0;
    const auto plan = describe_training(one_, task_, rows);
    return plan ? plan->bytes() : 0;
  }

  const Experiment& experiment_;
  Experiment one_ = experiment_;
  const TrainingTask& task_;
  const PlanDescription& plan_;
  std::vector<ResidualPart> parts_;
};

}  // namespace

std::vector<ResidualPart> held_beside_plan(const Experiment& experiment, const TrainingTask& task,
                                           const PlanDescription& plan) {
  return BesidePlan(experiment, task, plan).parts();
}

std::int64_t total_bytes(const std::vector<ResidualPart>& parts) {
  std::int64_t sum = 0;
  for (const ResidualPart& part : parts) sum += part.bytes;
  return sum;
}

}  // namespace nanscope
