#include "engine/plan/memory.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "engine/plan/moments.h"

namespace nanscope {
namespace {

/// From the first to the last moment at which a buffer must keep its numbers.
struct Interval {
  int begin = std::numeric_limits<int>::max();
  int end = -1;

  void include(int moment) {
    begin = std::min(begin, moment);
    end = std::max(end, moment);
  }
  bool empty() const { return end < begin; }
};

/// Values that are one buffer, and when they need it.
struct Tenant {
  std::vector<ValueId> values;
  std::vector<Interval> intervals;
  bool owns = false;
};

/// A buffer that several tenants share, and when it is taken.
struct SharedBuffer {
  int buffer = 0;
  std::string_view stored;
  std::map<int, int> taken;  ///< end by begin

  bool is_free(const Interval& wanted) const {
    auto next = taken.lower_bound(wanted.begin);
    if (next != taken.end() && next->first <= wanted.end) return false;
    return next == taken.begin() || std::prev(next)->second < wanted.begin;
  }
};

/// Lays the lifetimes of one plan into buffers.
class MemoryLayout {
 public:
  explicit MemoryLayout(PlanDescription& plan)
      : plan_(plan),
        count_(static_cast<int>(plan.operations.size())),
        moments_(plan),
        segments_(plan.operations.size(), kNoSegment),
        dropped_by_(plan.values.size(), kNoSegment),
        same_as_(plan.values.size()),
        read_back_(plan.values.size()),
        needed_again_(plan.values.size()),
        runs_again_(plan.operations.size()),
        contributions_(plan.values.size()) {
    std::iota(same_as_.begin(), same_as_.end(), 0);
    find_dropped();
    find_read_back();
    find_again();
  }

  void run() {
    find_contributions();
    pass_gradients_on();
    add_contribution_scratch();
    place(tenants());
    show_sums();
    show_recomputation();
  }

 private:
  static constexpr int kNoSegment = -1;

  int forward_moment(int operation) const {
    return moments_.forward[static_cast<std::size_t>(operation)];
  }
  int again_moment(int operation) const {
    return moments_.again[static_cast<std::size_t>(operation)];
  }
  int backward_moment(int operation) const {
    return moments_.backward[static_cast<std::size_t>(operation)];
  }
  int segment_of(int operation) const { return segments_[static_cast<std::size_t>(operation)]; }
  int& dropped_by(ValueId id) { return dropped_by_[static_cast<std::size_t>(id)]; }
  PlanValue& value(ValueId id) { return plan_.values[static_cast<std::size_t>(id)]; }
  const PlanOperation& operation(int index) const {
    return plan_.operations[static_cast<std::size_t>(index)];
  }
  /// When a layer has run back.
  int end_of_layer(int layer) const {
    return backward_moment(plan_.layers[static_cast<std::size_t>(layer)].first_operation);
  }

  /// What the operations of a segment write and nothing outside of it reads.
  void find_dropped() {
    for (int segment = 0; segment < static_cast<int>(plan_.recomputed.size()); ++segment) {
      const auto& [first, end] = plan_.recomputed[static_cast<std::size_t>(segment)];
      for (int layer = first; layer < end; ++layer) {
        const PlanLayer& part = plan_.layers[static_cast<std::size_t>(layer)];
        for (int i = part.first_operation; i < part.end_operation; ++i)
          segments_[static_cast<std::size_t>(i)] = segment;
      }
    }
    for (int i = 0; i < count_; ++i)
      for_each_written(i, [&](ValueId id) { dropped_by(id) = segment_of(i); });
    for (int i = 0; i < count_; ++i)
      for (const auto* read : {&operation(i).inputs, &operation(i).saved})
        for (const ValueId id : *read)
          if (dropped_by(id) != segment_of(i)) dropped_by(id) = kNoSegment;
    dropped_by(plan_.output) = kNoSegment;
  }

  /// What the way back reads, and whoever tells of it: where a norm's gradient is no number, what
  /// the norm came to is an operand. Of passes that are no training, all of it is looked at.
  void find_read_back() {
    for (int i = 0; i < count_; ++i) {
      const PlanOperation& one = operation(i);
      for (const ValueId id : one.saved) read_back_[static_cast<std::size_t>(id)] = true;
      for (const ValueId id : one.outputs)
        if (one.rule == PrecisionRule::norm || plan_.gradients != GradientPolicy::owned)
          read_back_[static_cast<std::size_t>(id)] = true;
      // A segment of layers may read once more what others passed on to it.
      for (const ValueId id : one.inputs)
        if (segment_of(i) != kNoSegment && dropped_by(id) == kNoSegment)
          read_back_[static_cast<std::size_t>(id)] = true;
    }
    read_back_[static_cast<std::size_t>(plan_.output)] = true;
  }
  bool is_read_back(ValueId id) const { return read_back_[static_cast<std::size_t>(id)]; }
  /// Whether an activation is read on the way forward alone, as what a ReLU takes.
  bool is_passing(ValueId id) const {
    return plan_.value(id).role == ValueRole::activation && !is_read_back(id);
  }

  /// What is computed again: what the way back reads of a segment, and what that is computed from.
  void find_again() {
    const auto need = [&](ValueId id) {
      if (dropped_by(id) != kNoSegment) needed_again_[static_cast<std::size_t>(id)] = true;
    };
    for (int i = count_; i-- > 0;) {
      bool runs = false;
      for_each_written(i, [&](ValueId id) {
        if (is_read_back(id)) need(id);
        runs |= needed_again_[static_cast<std::size_t>(id)];
      });
      runs_again_[static_cast<std::size_t>(i)] = runs;
      if (runs)
        for (const ValueId id : operation(i).inputs) need(id);
    }
  }
  bool runs_again(int operation) const { return runs_again_[static_cast<std::size_t>(operation)]; }

  template <class Function>
  void for_each_written(int index, const Function& function) {
    for (const ValueId id : operation(index).outputs) function(id);
    for (const ValueId id : operation(index).saved)
      if (plan_.value(id).role == ValueRole::saved) function(id);
  }

  /// When each gradient receives its contributions, in the order of the backward pass.
  void find_contributions() {
    add_contribution(plan_.output, moments_.upstream);
    for (int i = count_; i-- > 0;)
      for (const ValueId input : operation(i).inputs) add_contribution(input, backward_moment(i));
  }

  void add_contribution(ValueId id, int moment) {
    const ValueId gradient = plan_.value(id).gradient;
    if (gradient != kNoValue) contributions_[static_cast<std::size_t>(gradient)].push_back(moment);
  }

  const std::vector<int>& contributions(ValueId gradient) const {
    return contributions_[static_cast<std::size_t>(gradient)];
  }

  /// One buffer for an output's gradient and the input's where the numbers are the same and nothing
  /// else is added to them.
  void pass_gradients_on() {
    for (int i = count_; i-- > 0;) {
      PlanOperation& one = plan_.operations[static_cast<std::size_t>(i)];
      if (!one.passes_gradient_to) continue;
      const ValueId input = one.inputs[static_cast<std::size_t>(*one.passes_gradient_to)];
      const ValueId from = plan_.value(one.outputs.front()).gradient;
      const ValueId to = plan_.value(input).gradient;
      const bool passed = from != kNoValue && to != kNoValue && !accumulates(input) &&
                          contributions(to).size() == 1 &&
                          value(from).format->name == value(to).format->name &&
                          value(from).stored->name == value(to).stored->name &&
                          value(from).shape == value(to).shape;
      if (!passed) {
        one.passes_gradient_to.reset();
        continue;
      }
      same_as_[static_cast<std::size_t>(to)] = representative(from);
      const auto needed = std::ranges::count_if(
          one.inputs, [&](ValueId id) { return plan_.value(id).gradient != kNoValue; });
      if (needed == 1) one.backward = {};
    }
  }

  ValueId representative(ValueId id) const {
    while (same_as_[static_cast<std::size_t>(id)] != id)
      id = same_as_[static_cast<std::size_t>(id)];
    return id;
  }

  bool accumulates(ValueId id) const {
    return plan_.gradients == GradientPolicy::owned && plan_.value(id).role == ValueRole::parameter;
  }

  /// A place for the second and later contributions to a sum.
  void add_contribution_scratch() {
    const auto known = static_cast<ValueId>(plan_.values.size());
    for (ValueId id = 0; id < known; ++id) {
      const ValueId gradient = plan_.value(id).gradient;
      if (gradient == kNoValue || representative(gradient) != gradient) continue;
      std::vector<int> moments = contributions(gradient);
      if (!accumulates(id) && !moments.empty()) moments.erase(moments.begin());
      if (moments.empty()) continue;
      PlanValue part = plan_.value(gradient);
      part.name += "_part";
      part.symbol += "_part";
      part.role = ValueRole::scratch;
      value(gradient).contribution = static_cast<ValueId>(plan_.values.size());
      adding_.push_back({gradient, std::move(moments)});
      same_as_.push_back(value(gradient).contribution);
      dropped_by_.push_back(kNoSegment);
      contributions_.emplace_back();
      plan_.values.push_back(std::move(part));
    }
  }

  /// An operation whose contribution is added to what others gave says so, and what that costs: the
  /// sum and the contribution are read, the sum is written.
  void show_sums() {
    for (const auto& [gradient, moments] : adding_)
      for (const int moment : moments)
        if (moment != moments_.upstream) show_sum(value(gradient), moment);
  }

  void show_sum(const PlanValue& gradient, int moment) {
    const auto operation = std::ranges::find(moments_.backward, moment);
    PlanOperation& one =
        plan_.operations[static_cast<std::size_t>(operation - moments_.backward.begin())];
    one.parts.push_back(gradient.contribution);
    one.backward += {.bytes_read = 2 * gradient.bytes(), .bytes_written = gradient.bytes()};
    // Equations of several gradients stand beside one another: "dh2 = ..., dW3 = ...".
    std::string& words = one.backward_equation;
    const std::string becomes = gradient.name + " = ";
    std::size_t at = words.find(becomes);
    while (at != std::string::npos && at > 0 && !words.substr(0, at).ends_with(", "))
      at = words.find(becomes, at + 1);
    if (at != std::string::npos) words.replace(at, becomes.size(), gradient.name + " += ");
  }

  /// Every value with its lifetime; values that are one buffer together, in the order of their ids.
  std::vector<Tenant> tenants() {
    std::vector<Tenant> all(plan_.values.size());
    for (ValueId id = 0; id < static_cast<ValueId>(plan_.values.size()); ++id) {
      Tenant& tenant = all[static_cast<std::size_t>(representative(id))];
      tenant.values.push_back(id);
      const ValueRole role = plan_.value(id).role;
      tenant.owns |= role != ValueRole::scratch && role != ValueRole::gradient &&
                     dropped_by(id) == kNoSegment && !is_passing(id);
    }
    add_forward_lifetimes(all);
    add_gradient_lifetimes(all);
    add_scratch_lifetimes(all);
    std::erase_if(all, [](const Tenant& tenant) { return tenant.values.empty(); });
    return all;
  }

  /// Of what is dropped, and of what nobody reads on the way back: forward until the last operation
  /// has read it; then from when it is computed again until that operation has run back, for
  /// whoever looks at what it was computed from.
  void add_forward_lifetimes(std::vector<Tenant>& all) {
    std::vector<int> last_reader(all.size(), -1);
    for (int i = 0; i < count_; ++i)
      for (const ValueId id : operation(i).inputs) last_reader[static_cast<std::size_t>(id)] = i;
    for (const PlanLayer& layer : plan_.layers)
      for (const PlanTap& one : layer.taps) {
        int& last = last_reader[static_cast<std::size_t>(one.value)];
        last = std::max(last, one.operation);
      }
    for (int i = 0; i < count_; ++i)
      for_each_written(i, [&](ValueId id) {
        const bool dropped = dropped_by(id) != kNoSegment;
        if (!dropped && !is_passing(id)) return;
        const int last = std::max(i, last_reader[static_cast<std::size_t>(id)]);
        auto& intervals = all[static_cast<std::size_t>(id)].intervals;
        intervals.push_back({forward_moment(i), forward_moment(last)});
        if (dropped && runs_again(i))
          intervals.push_back(
              {again_moment(i), is_read_back(id) ? backward_moment(i) : again_moment(last)});
      });
  }

  void add_gradient_lifetimes(std::vector<Tenant>& all) {
    std::vector<Interval> lifetimes(all.size());
    const auto lifetime_of = [&](ValueId id) -> Interval& {
      return lifetimes[static_cast<std::size_t>(representative(plan_.value(id).gradient))];
    };
    const auto has_gradient = [&](ValueId id) { return plan_.value(id).gradient != kNoValue; };
    for (ValueId id = 0; id < static_cast<ValueId>(plan_.values.size()); ++id) {
      if (!has_gradient(id)) continue;
      for (const int moment : contributions(plan_.value(id).gradient))
        lifetime_of(id).include(moment);
      if (plan_.gradients == GradientPolicy::kept || accumulates(id))
        all[static_cast<std::size_t>(representative(plan_.value(id).gradient))].owns = true;
    }
    for (int i = 0; i < count_; ++i)
      for (const ValueId output : operation(i).outputs)
        if (has_gradient(output)) lifetime_of(output).include(backward_moment(i));
    // What a layer names stays until the layer has run back, for whoever looks at it then.
    for (std::size_t layer = 0; layer < plan_.layers.size(); ++layer)
      for (const PlanTap& one : plan_.layers[layer].taps)
        if (has_gradient(one.value))
          lifetime_of(one.value).include(end_of_layer(static_cast<int>(layer)));
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!lifetimes[i].empty()) all[i].intervals.push_back(lifetimes[i]);
  }

  /// Only while their operation runs.
  void add_scratch_lifetimes(std::vector<Tenant>& all) {
    for (int i = 0; i < count_; ++i)
      for (const ValueId id : operation(i).scratch) {
        auto& intervals = all[static_cast<std::size_t>(id)].intervals;
        for (const int moment : {forward_moment(i), backward_moment(i)})
          intervals.push_back({moment, moment});
        if (segment_of(i) != kNoSegment) intervals.push_back({again_moment(i), again_moment(i)});
      }
    for (const auto& [gradient, moments] : adding_)
      for (const int moment : moments)
        all[static_cast<std::size_t>(value(gradient).contribution)].intervals.push_back(
            {moment, moment});
  }

  int add_buffer(const Tenant& tenant) {
    plan_.buffers.push_back(plan_.value(tenant.values.front()).bytes());
    return static_cast<int>(plan_.buffers.size()) - 1;
  }

  void settle(const Tenant& tenant, int buffer) {
    for (const ValueId id : tenant.values) value(id).buffer = buffer;
  }

  /// Owners first; the others, by the beginning of their lives, into the first buffer of their size
  /// that is free.
  void place(std::vector<Tenant> all) {
    std::vector<const Tenant*> sharing;
    for (const Tenant& tenant : all) {
      if (tenant.owns)
        settle(tenant, add_buffer(tenant));
      else
        sharing.push_back(&tenant);
    }
    const auto begin_of = [](const Tenant* tenant) {
      int begin = std::numeric_limits<int>::max();
      for (const Interval& one : tenant->intervals) begin = std::min(begin, one.begin);
      return begin;
    };
    std::ranges::stable_sort(sharing, {}, begin_of);
    std::vector<SharedBuffer> shared;
    for (const Tenant* tenant : sharing) settle(*tenant, share(*tenant, shared));
  }

  int share(const Tenant& tenant, std::vector<SharedBuffer>& shared) {
    const PlanValue& first = plan_.value(tenant.values.front());
    const auto fits = [&](const SharedBuffer& buffer) {
      return plan_.buffers[static_cast<std::size_t>(buffer.buffer)] == first.bytes() &&
             buffer.stored == first.stored->name &&
             std::ranges::all_of(tenant.intervals,
                                 [&](const Interval& one) { return buffer.is_free(one); });
    };
    auto found = std::ranges::find_if(shared, fits);
    if (found == shared.end())
      found = shared.insert(
          shared.end(), {.buffer = add_buffer(tenant), .stored = first.stored->name, .taken = {}});
    for (const Interval& one : tenant.intervals) found->taken.emplace(one.begin, one.end);
    return found->buffer;
  }

  void show_recomputation() {
    for (int i = 0; i < count_; ++i) {
      PlanOperation& one = plan_.operations[static_cast<std::size_t>(i)];
      one.recomputed = runs_again(i);
      if (one.recomputed) one.backward += one.forward;
    }
  }

  PlanDescription& plan_;
  int count_;
  Moments moments_;
  std::vector<int> segments_;       ///< of each operation
  std::vector<int> dropped_by_;     ///< of each value: the segment that drops it
  std::vector<ValueId> same_as_;    ///< values that are one buffer form a tree
  std::vector<bool> read_back_;     ///< of each value, by whoever is on the way back
  std::vector<bool> needed_again_;  ///< of each value that is dropped
  std::vector<bool> runs_again_;    ///< of each operation
  std::vector<std::vector<int>> contributions_;
  std::vector<std::pair<ValueId, std::vector<int>>> adding_;  ///< to which gradients, and when
};

}  // namespace

void assign_buffers(PlanDescription& plan) { MemoryLayout(plan).run(); }

std::int64_t stride_of_part(std::int64_t bytes) {
  constexpr std::int64_t kAligned = 64;
  return (bytes + kAligned - 1) / kAligned * kAligned;
}

void align_parts(PlanDescription& plan) {
  if (plan.networks == 1) return;  // its buffers are blocks of their own
  for (std::int64_t& bytes : plan.buffers)
    bytes = plan.networks * stride_of_part(bytes / plan.networks);
}

}  // namespace nanscope
