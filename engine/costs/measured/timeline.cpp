#include "engine/costs/measured/timeline.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "engine/plan/lifetimes.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

/// Parts of a step behind the last operation, with what they move: gradients g, parameters w, the
/// optimizer's state s, in bytes.
struct UpdateParts {
  const PlanDescription& plan;
  const TrainingSpec& training;

  std::int64_t elements() const {
    std::int64_t sum = 0;
    for (const PlanParameter& one : plan.parameters) sum += plan.value(one.value).elements();
    return sum;
  }
  std::int64_t weights() const {
    std::int64_t sum = 0;
    for (const PlanParameter& one : plan.parameters) sum += plan.value(one.value).bytes();
    return sum;
  }
  std::int64_t gradients() const {
    std::int64_t sum = 0;
    for (const PlanParameter& one : plan.parameters)
      sum += plan.value(plan.value(one.value).gradient).bytes();
    return sum;
  }
  std::int64_t state() const {
    std::int64_t sum = 0;
    for (const PlanValue& one : plan.values)
      if (one.role == ValueRole::optimizer_state) sum += one.bytes();
    return sum;
  }

  /// A penalty is made beside each gradient.
  std::int64_t largest_weight() const {
    std::int64_t most = 0;
    for (const PlanParameter& one : plan.parameters)
      most = std::max(most, plan.value(one.value).bytes() / plan.networks);
    return most;
  }

  /// Those that this run has, in order.
  std::vector<TimelineRow> rows() const {
    const std::int64_t g = gradients(), w = weights(), s = state();
    std::vector<TimelineRow> rows;
    const auto add = [&](StepPart part, std::string equation, Cost cost) {
      rows.push_back({.part = part,
                      .kind = std::string(name_of(part)),
                      .equation = std::move(equation),
                      .cost = cost,
                      .own_flops = elementwise_flops(static_cast<double>(elements()))});
    };
    if (training.loss_scale.kind != LossScaleKind::none)
      add(StepPart::unscale, "g = g / scale", {.bytes_read = g, .bytes_written = g});
    if (training.l1 > 0 || training.l2 > 0) {
      add(StepPart::penalty, "g = g + l1 sign(w) + 2 l2 w",
          {.bytes_read = g + w, .bytes_written = g});
      rows.back().temporaries = largest_weight();
    }
    add(StepPart::gradient_norm, "|g|", {.bytes_read = g});
    if (training.clip_norm > 0 || training.clip_value > 0)
      add(StepPart::clip, "g = clipped g", {.bytes_read = g, .bytes_written = g});
    const double products = optimizer_products(training.optimizer.kind, plan);
    add(StepPart::optimizer, std::string(name_of(training.optimizer.kind)),
        {.flops = products, .bytes_read = g + w + s, .bytes_written = w + s});
    if (products > 0) rows.back().own_flops = products;
    rows.back().temporaries = optimizer_temporaries(training.optimizer, plan);
    return rows;
  }
};

/// Lays a plan's moments into rows.
class TimelineBuilder {
 public:
  TimelineBuilder(const Experiment& experiment, const PlanDescription& plan)
      : experiment_(experiment), plan_(plan), lifetimes_(lifetimes_of(plan)) {
    for (const PlanParameter& one : plan.parameters) {
      const ValueId gradient = plan.value(one.value).gradient;
      of_parameters_.insert(gradient);
      // The only batch of a step finds nothing that its gradients would be added to.
      if (experiment.training.accumulation == 1) unused_.insert(plan.value(gradient).contribution);
    }
  }

  StepTimeline build() && {
    add_samples();
    add_operations();
    for (TimelineRow& row : UpdateParts{plan_, experiment_.training}.rows())
      timeline_.rows.push_back(std::move(row));
    timeline_.held = plan_.bytes();
    add_lives();
    add_peak();
    return std::move(timeline_);
  }

 private:
  void add_samples() {
    TimelineRow row{.part = StepPart::samples, .kind = "samples", .equation = "X, T"};
    for (const ValueId id : {plan_.input, plan_.target})
      if (id != kNoValue) {
        row.cost.bytes_written += plan_.value(id).bytes();
        row.own_flops += static_cast<double>(plan_.value(id).elements());
      }
    timeline_.rows.push_back(std::move(row));
  }

  void add_operations() {
    const Moments moments(plan_);
    std::map<int, std::pair<StepPart, int>> by_moment;
    for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
      const int operation = static_cast<int>(i);
      by_moment[moments.forward[i]] = {StepPart::forward, operation};
      if (plan_.operations[i].recomputed)
        by_moment[moments.again[i]] = {StepPart::again, operation};
      by_moment[moments.backward[i]] = {StepPart::backward, operation};
    }
    for (const auto& [moment, what] : by_moment) {
      row_of_[moment] = static_cast<int>(timeline_.rows.size());
      add_operation(what.first, what.second);
    }
  }

  void add_operation(StepPart part, int operation) {
    const PlanOperation& one = plan_.operations[static_cast<std::size_t>(operation)];
    const bool back = part == StepPart::backward;
    TimelineRow row{.part = part,
                    .operation = operation,
                    .layer = plan_.layers[static_cast<std::size_t>(one.layer)].name,
                    .kind = one.kind,
                    .equation = back ? one.backward_equation : one.equation,
                    .cost = back ? one.backward : one.forward,
                    .temporaries = (back ? one.backward_temporaries : one.forward_temporaries) /
                                   plan_.networks};
    if (back && one.recomputed) {
      // Its forward pass once more has a row of its own.
      row.cost.flops -= one.forward.flops;
      row.cost.bytes_read -= one.forward.bytes_read;
      row.cost.bytes_written -= one.forward.bytes_written;
    }
    for (const ValueId id : one.parts)
      if (back && unused_.contains(id)) {
        row.cost.bytes_read -= 2 * plan_.value(id).bytes();
        row.cost.bytes_written -= plan_.value(id).bytes();
      }
    row.own_flops = row.cost.flops > 0 ? row.cost.flops : computed_elements(one, row);
    timeline_.rows.push_back(std::move(row));
  }

  /// Of an operation without products; none where a gradient is passed on as it is.
  double computed_elements(const PlanOperation& one, const TimelineRow& row) const {
    std::int64_t elements = 0;
    if (row.part != StepPart::backward && one.rule == PrecisionRule::loss) {
      // It reduces what was predicted to a number: an element of it is 1 FLOP.
      elements = plan_.value(one.inputs.front()).elements();
    } else if (row.part != StepPart::backward) {
      for (const ValueId id : one.outputs) elements += plan_.value(id).elements();
    } else if (row.cost.bytes_written > 0) {
      for (const ValueId id : one.inputs)
        if (plan_.value(id).gradient != kNoValue) elements += plan_.value(id).elements();
    }
    return elementwise_flops(static_cast<double>(elements));
  }

  /// The row of a moment; what happens between two operations is the next one's.
  int row_of(int moment) const {
    if (moment < 0) return 0;
    if (moment >= lifetimes_.last_moment) return static_cast<int>(timeline_.rows.size()) - 1;
    const auto found = row_of_.lower_bound(moment);
    return found == row_of_.end() ? static_cast<int>(timeline_.rows.size()) - 1 : found->second;
  }

  void add_lives() {
    const bool accumulates = experiment_.training.accumulation > 1;
    for (std::size_t id = 0; id < plan_.values.size(); ++id) {
      const auto value = static_cast<ValueId>(id);
      if (unused_.contains(value)) continue;
      const bool kept = accumulates && of_parameters_.contains(value);
      if (lifetimes_.stays[id]) add_life(value, -1, static_cast<int>(timeline_.rows.size()));
      for (const Lifetime& life : lifetimes_.of_values[id])
        add_life(value, kept ? -1 : row_of(life.begin), row_of(life.end));
    }
  }

  /// From a row to a row; -1: from before the first, beyond the last: for ever.
  void add_life(ValueId id, int begin, int end) {
    const PlanValue& value = plan_.value(id);
    lives_.push_back({id, begin, end});
    const int count = static_cast<int>(timeline_.rows.size());
    for (int i = std::max(begin, 0); i <= std::min(end, count - 1); ++i) {
      TimelineRow& row = timeline_.rows[static_cast<std::size_t>(i)];
      category_of(row.alive, value.role, of_parameters_.contains(id)) += value.bytes();
      if (begin < i) row.before += value.bytes();
      if (i < end) row.after += value.bytes();
    }
    if (begin >= 0) timeline_.rows[static_cast<std::size_t>(begin)].born.push_back(value.name);
    if (end < count) timeline_.rows[static_cast<std::size_t>(end)].freed.push_back(value.name);
  }

  void add_peak() {
    const auto most = std::ranges::max_element(
        timeline_.rows, {}, [](const TimelineRow& row) { return row.alive.total(); });
    timeline_.peak = static_cast<int>(most - timeline_.rows.begin());
    for (const Life& life : lives_)
      if (life.begin <= timeline_.peak && timeline_.peak <= life.end) {
        const PlanValue& value = plan_.value(life.value);
        timeline_.alive_at_peak.push_back({value.name, value.role, value.bytes()});
      }
    std::ranges::stable_sort(timeline_.alive_at_peak, std::greater(), &AliveValue::bytes);
  }

  struct Life {
    ValueId value;
    int begin, end;  ///< rows
  };

  const Experiment& experiment_;
  const PlanDescription& plan_;
  Lifetimes lifetimes_;
  std::set<ValueId> of_parameters_;  ///< their gradients
  std::set<ValueId> unused_;         ///< places for contributions that nobody adds
  std::map<int, int> row_of_;        ///< by moment, of operations
  std::vector<Life> lives_;
  StepTimeline timeline_;
};

}  // namespace

StepTimeline step_timeline(const Experiment& experiment, const PlanDescription& plan) {
  return TimelineBuilder(experiment, plan).build();
}

}  // namespace nanscope
