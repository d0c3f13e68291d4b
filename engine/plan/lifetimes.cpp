#include "engine/plan/lifetimes.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace nanscope {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();
constexpr int kBeforeTheFirst = -1;  ///< samples are written then

/// When a value is first written and last read, in the order of the moments.
struct Use {
  int written = kNever;
  int read = kBeforeTheFirst;

  void write(int moment) { written = std::min(written, moment); }
  void see(int moment) { read = std::max(read, moment); }
  bool empty() const { return written == kNever; }
  Lifetime lifetime() const { return {written, std::max(written, read)}; }
};

/// Goes through a plan once and notes who writes and who reads.
class LifetimeSearch {
 public:
  explicit LifetimeSearch(const PlanDescription& plan)
      : plan_(plan),
        moments_(plan),
        first_(plan.values.size()),
        again_(plan.values.size()),
        dropped_(plan.values.size()),
        same_as_(plan.values.size()) {
    std::iota(same_as_.begin(), same_as_.end(), 0);
    result_.of_values.resize(plan.values.size());
    result_.stays.resize(plan.values.size());
    // Behind the last operation back comes what the optimizer does.
    result_.last_moment = moments_.upstream + 1;
    for (const int moment : moments_.backward)
      result_.last_moment = std::max(result_.last_moment, moment + 1);
  }

  Lifetimes find() && {
    join_passed_gradients();
    find_dropped();
    for (std::size_t i = 0; i < plan_.operations.size(); ++i) look_at(i);
    add_ends();
    for (std::size_t id = 0; id < plan_.values.size(); ++id) settle(id);
    return std::move(result_);
  }

 private:
  static std::size_t index(int id) { return static_cast<std::size_t>(id); }

  ValueId representative(ValueId id) const {
    while (same_as_[index(id)] != id) id = same_as_[index(id)];
    return id;
  }
  Use& use_of_gradient(ValueId of) { return first_[index(representative(gradient_of(of)))]; }
  ValueId gradient_of(ValueId of) const { return plan_.value(of).gradient; }

  void join_passed_gradients() {
    for (std::size_t i = plan_.operations.size(); i-- > 0;) {
      const PlanOperation& one = plan_.operations[i];
      if (!one.passes_gradient_to) continue;
      const ValueId to = gradient_of(one.inputs[index(*one.passes_gradient_to)]);
      same_as_[index(to)] = representative(gradient_of(one.outputs.front()));
    }
  }

  /// The recomputed segment that an operation is in; -1: none.
  int segment_of(const PlanOperation& one) const {
    for (std::size_t i = 0; i < plan_.recomputed.size(); ++i)
      if (plan_.recomputed[i].first_layer <= one.layer && one.layer < plan_.recomputed[i].end_layer)
        return static_cast<int>(i);
    return -1;
  }

  /// What a segment's operations write and nobody outside of it reads.
  void find_dropped() {
    std::vector<int> segments(plan_.values.size(), -1);
    for (const PlanOperation& one : plan_.operations) {
      const int segment = segment_of(one);
      for (const ValueId id : one.outputs) segments[index(id)] = segment;
      for (const ValueId id : one.saved)
        if (plan_.value(id).role == ValueRole::saved) segments[index(id)] = segment;
    }
    for (std::size_t id = 0; id < segments.size(); ++id) dropped_[id] = segments[id] >= 0;
    for (const PlanOperation& one : plan_.operations)
      for (const auto* read : {&one.inputs, &one.saved})
        for (const ValueId id : *read)
          if (segments[index(id)] != segment_of(one)) dropped_[index(id)] = false;
    dropped_[index(plan_.output)] = false;
  }

  void look_at(std::size_t i) {
    const PlanOperation& one = plan_.operations[i];
    const int forward = moments_.forward[i], again = moments_.again[i],
              backward = moments_.backward[i];
    for (const ValueId id : one.inputs) {
      first_[index(id)].see(forward);
      if (one.recomputed) second_of(id).see(again);
    }
    for (const auto* written : {&one.outputs, &one.saved})
      for (const ValueId id : *written) {
        if (written == &one.saved && plan_.value(id).role != ValueRole::saved) continue;
        first_[index(id)].write(forward);
        if (dropped_[index(id)] && one.recomputed) again_[index(id)].write(again);
      }
    for (const ValueId id : one.saved) second_of(id).see(backward);
    look_at_gradients(one, backward);
    look_at_scratch(one, forward, one.recomputed ? again : forward, backward);
  }

  /// The life that a value leads on the way back.
  Use& second_of(ValueId id) { return dropped_[index(id)] ? again_[index(id)] : first_[index(id)]; }

  void look_at_gradients(const PlanOperation& one, int backward) {
    for (const ValueId id : one.outputs)
      if (gradient_of(id) != kNoValue) use_of_gradient(id).see(backward);
    for (const ValueId id : one.inputs)
      if (gradient_of(id) != kNoValue) use_of_gradient(id).write(backward);
  }

  void look_at_scratch(const PlanOperation& one, int forward, int again, int backward) {
    for (const ValueId id : one.scratch) {
      auto& lives = result_.of_values[index(id)];
      lives.push_back({forward, forward});
      if (again != forward) lives.push_back({again, again});
      lives.push_back({backward, backward});
    }
    for (const ValueId id : one.parts) result_.of_values[index(id)].push_back({backward, backward});
  }

  /// What the step itself writes and reads, before and behind the operations.
  void add_ends() {
    for (const ValueId id : {plan_.input, plan_.target})
      if (id != kNoValue) first_[index(id)].write(kBeforeTheFirst);
    if (gradient_of(plan_.output) != kNoValue)
      use_of_gradient(plan_.output).write(moments_.upstream);
    first_[index(plan_.output)].see(result_.last_moment - 1);  // the loss is told
    for (const PlanParameter& one : plan_.parameters)
      first_[index(gradient_of(one.value))].see(result_.last_moment);
  }

  void settle(std::size_t id) {
    const ValueRole role = plan_.values[id].role;
    result_.stays[id] = role == ValueRole::parameter || role == ValueRole::optimizer_state ||
                        role == ValueRole::running;
    if (result_.stays[id] || role == ValueRole::scratch) return;
    if (representative(static_cast<ValueId>(id)) != static_cast<ValueId>(id)) return;
    for (const Use& use : {first_[id], again_[id]})
      if (!use.empty()) result_.of_values[id].push_back(use.lifetime());
  }

  const PlanDescription& plan_;
  Moments moments_;
  std::vector<Use> first_, again_;  ///< of each value; the second where it is dropped
  std::vector<bool> dropped_;       ///< computed again on the way back
  std::vector<ValueId> same_as_;    ///< gradients that are one form a tree
  Lifetimes result_;
};

}  // namespace

Lifetimes lifetimes_of(const PlanDescription& plan) { return LifetimeSearch(plan).find(); }

}  // namespace nanscope
