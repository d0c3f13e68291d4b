#include "engine/costs/requests/walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/costs/flops.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

WalkTensor tensor_of(const PlanValue& value, bool transposed = false) {
  return {value.name, value.shape, {}, transposed};
}

/// The equation that gives this tensor among those of a way back: "dh1 = dz2 W2, dW2 = dz2^T h1".
std::string equation_of(const std::string& equations, const std::string& name) {
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= equations.size(); ++i) {
    if (i < equations.size()) {
      if (equations[i] == '(') ++depth;
      if (equations[i] == ')') --depth;
      if (equations[i] != ',' || depth > 0) continue;
    }
    std::string one = equations.substr(begin, i - begin);
    one.erase(0, std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name + " ")) return one;
    begin = i + 1;
  }
  return "";
}

/// Goes through a plan and writes down what is computed.
class PlanWalk {
 public:
  explicit PlanWalk(const PlanDescription& plan) : plan_(plan) {}

  std::vector<WalkStep> steps;

  void forward(std::size_t index, WalkWay way) {
    const PlanOperation& one = operation(index);
    WalkStep step = begin(index, way);
    step.equation = one.equation;
    for (const ValueId id : one.inputs) step.reads.push_back(tensor_of(plan_.value(id)));
    if (is_product(one)) step.product = step.reads[1].transposed = true;
    if (!one.outputs.empty()) step.writes = tensor_of(plan_.value(one.outputs.front()));
    step.flops = one.forward.flops;
    step.bytes = one.forward.bytes_read + one.forward.bytes_written;
    steps.push_back(std::move(step));
  }

  void backward(std::size_t index) {
    const PlanOperation& one = operation(index);
    if (is_product(one)) return product_backward(index);
    WalkStep step = begin(index, WalkWay::backward);
    step.equation = one.backward_equation;
    step.by_input = true;
    for (const ValueId id : one.outputs) add_gradient(step.reads, id);
    for (const ValueId id : one.saved) step.reads.push_back(tensor_of(plan_.value(id)));
    std::vector<WalkTensor> written;
    for (const ValueId id : one.inputs) add_gradient(written, id);
    if (!written.empty()) step.writes = written.front();
    step.flops = one.backward.flops - again(one).flops;
    step.bytes = bytes_of_backward(one);
    steps.push_back(std::move(step));
  }

  void update(const PlanParameter& parameter, OptimizerKind optimizer) {
    const PlanValue& value = plan_.value(parameter.value);
    WalkStep step;
    step.way = WalkWay::optimizer;
    step.layer = plan_.layers[static_cast<std::size_t>(parameter.draw.layer)].name;
    step.kind = name_of(optimizer);
    step.equation = optimizer_text(optimizer).equation;
    step.reads.push_back(tensor_of(value));
    add_gradient(step.reads, parameter.value);
    // The state is read and written, as the parameter is; the gradient is read.
    step.bytes = 3 * value.bytes();
    for (const ValueId state : parameter.state) {
      step.reads.push_back(tensor_of(plan_.value(state)));
      step.bytes += 2 * plan_.value(state).bytes();
    }
    step.writes = tensor_of(value);
    steps.push_back(std::move(step));
  }

 private:
  const PlanOperation& operation(std::size_t index) const { return plan_.operations[index]; }
  static bool is_product(const PlanOperation& one) {
    return one.kind == "linear" && one.inputs.size() >= 2;
  }
  /// What runs forward once more, which a cost back has in it.
  static Cost again(const PlanOperation& one) { return one.recomputed ? one.forward : Cost(); }
  static std::int64_t bytes_of_backward(const PlanOperation& one) {
    return one.backward.bytes_read + one.backward.bytes_written - again(one).bytes_read -
           again(one).bytes_written;
  }
  WalkStep begin(std::size_t index, WalkWay way) const {
    WalkStep step;
    step.way = way;
    step.operation = static_cast<int>(index);
    step.kind = operation(index).kind;
    step.layer = plan_.layers[static_cast<std::size_t>(operation(index).layer)].name;
    return step;
  }
  /// The gradient of a value, where it has one.
  void add_gradient(std::vector<WalkTensor>& tensors, ValueId id) const {
    const PlanValue& value = plan_.value(id);
    if (value.gradient != kNoValue) tensors.push_back({"d" + value.name, value.shape, {}, false});
  }

  /// dx = dz W and dW = dz^T x: a product for each. Of the first layer nobody needs dx.
  void product_backward(std::size_t index) {
    const PlanOperation& one = operation(index);
    const PlanValue& x = plan_.value(one.inputs[0]);
    const PlanValue& w = plan_.value(one.inputs[1]);
    const PlanValue& z = plan_.value(one.outputs[0]);
    const WalkTensor dz{"d" + z.name, z.shape, {}, false};
    WalkStep by_input = begin(index, WalkWay::backward);
    by_input.product = by_input.by_input = true;
    by_input.spared = x.gradient == kNoValue;
    by_input.equation = fmt::format("d{} = d{} {}", x.name, z.name, w.name);
    if (std::string own = equation_of(one.backward_equation, "d" + x.name); !own.empty())
      by_input.equation = std::move(own);
    by_input.reads = {dz, tensor_of(w)};
    by_input.writes = {"d" + x.name, x.shape, {}, false};
    by_input.flops = by_input.spared ? 0 : one.forward.flops;
    by_input.bytes = by_input.spared ? 0 : z.bytes() + w.bytes() + x.bytes();
    WalkStep by_weight = begin(index, WalkWay::backward);
    by_weight.product = true;
    by_weight.equation = equation_of(one.backward_equation, "d" + w.name);
    by_weight.reads = {dz, tensor_of(x)};
    by_weight.reads[0].transposed = true;
    by_weight.writes = {"d" + w.name, w.shape, {}, false};
    by_weight.flops = one.forward.flops;
    by_weight.bytes = bytes_of_backward(one) - by_input.bytes;
    steps.push_back(std::move(by_input));
    steps.push_back(std::move(by_weight));
  }

  const PlanDescription& plan_;
};

std::string short_number(double value) { return fmt::format("{:.6g}", value); }

}  // namespace

std::vector<WalkStep> walk_of_plan(const PlanDescription& plan, OptimizerKind optimizer) {
  PlanWalk walk(plan);
  const std::size_t count = plan.operations.size();
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_loss = plan.operations[i].rule == PrecisionRule::loss;
    walk.forward(i, is_loss ? WalkWay::loss : WalkWay::forward);
  }
  const RecomputedSegment* done = nullptr;
  for (std::size_t i = count; i-- > 0;) {
    const int layer = plan.operations[i].layer;
    for (const RecomputedSegment& segment : plan.recomputed)
      if (&segment != done && layer >= segment.first_layer && layer < segment.end_layer) {
        done = &segment;
        for (std::size_t again = 0; again < count; ++again) {
          const PlanOperation& one = plan.operations[again];
          if (one.recomputed && one.layer >= segment.first_layer && one.layer < segment.end_layer)
            walk.forward(again, WalkWay::recomputed);
        }
      }
    walk.backward(i);
  }
  for (const PlanParameter& parameter : plan.parameters) walk.update(parameter, optimizer);
  return std::move(walk.steps);
}

Result<std::vector<WalkStep>> walk_of_example(const std::vector<double>& x,
                                              const std::vector<double>& w, double target) {
  if (x.size() != w.size())
    return input_error("costs.w", "has {} numbers, and costs.x has {}; a product takes as many.",
                       w.size(), x.size());
  const auto n = static_cast<std::int64_t>(x.size());
  const double count = static_cast<double>(n);
  constexpr std::int64_t kNumber = 8;  // bytes: all of it is computed in fp64
  double y = 0;
  std::string sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y += x[i] * w[i];
    sum += fmt::format("{}{} * {}", i > 0 ? " + " : "", short_number(x[i]), short_number(w[i]));
  }
  const double error = y - target, loss = error * error / 2;
  std::vector<double> dw;
  std::string products;
  for (const double one : x) {
    dw.push_back(error * one);
    products += fmt::format("{}{} * {}", products.empty() ? "" : ", ", short_number(error),
                            short_number(one));
  }
  const WalkTensor X{"x", {1, n}, x, false}, W{"w", {1, n}, w, false}, Y{"y", {1, 1}, {y}, false},
      T{"t", {1, 1}, {target}, false}, dY{"dy", {1, 1}, {error}, false};
  WalkTensor turned = W, dy_turned = dY;
  turned.transposed = dy_turned.transposed = true;
  std::vector<WalkStep> steps(5);
  steps[0] = {.way = WalkWay::forward,
              .layer = "linear",
              .kind = "linear",
              .equation = "y = x w^T",
              .reads = {X, turned},
              .writes = Y,
              .product = true,
              .flops = matmul_flops(1, count, 1),
              .bytes = kNumber * (2 * n + 1),
              .arithmetic = fmt::format("{} = {}", sum, short_number(y))};
  steps[1] = {.way = WalkWay::loss,
              .layer = "loss",
              .kind = "squared error",
              .equation = "L = (y - t)^2 / 2",
              .reads = {Y, T},
              .writes = {"L", {}, {loss}, false},
              .bytes = kNumber * 3,
              .arithmetic = fmt::format("({} - {})^2 / 2 = {}", short_number(y),
                                        short_number(target), short_number(loss))};
  steps[2] = {.way = WalkWay::backward,
              .layer = "loss",
              .kind = "squared error",
              .equation = "dy = y - t",
              .reads = {Y, T},
              .writes = dY,
              .by_input = true,
              .bytes = kNumber * 3,
              .arithmetic = fmt::format("{} - {} = {}", short_number(y), short_number(target),
                                        short_number(error))};
  steps[3] = {.way = WalkWay::backward,
              .layer = "linear",
              .kind = "linear",
              .equation = "dx = dy w",
              .reads = {dY, W},
              .writes = {"dx", {1, n}, {}, false},
              .product = true,
              .by_input = true,
              .spared = true};
  steps[4] = {.way = WalkWay::backward,
              .layer = "linear",
              .kind = "linear",
              .equation = "dw = dy^T x",
              .reads = {dy_turned, X},
              .writes = {"dw", {1, n}, dw, false},
              .product = true,
              .flops = matmul_flops(1, 1, count),
              .bytes = kNumber * (2 * n + 1),
              .arithmetic = products};
  return steps;
}

std::vector<LayerFlops> flops_by_layer(const PlanDescription& plan,
                                       const std::vector<WalkStep>& walk) {
  std::vector<LayerFlops> layers;
  for (const PlanLayer& layer : plan.layers) layers.push_back({.name = layer.name});
  for (const WalkStep& step : walk) {
    if (step.operation < 0) continue;
    const auto index = static_cast<std::size_t>(step.operation);
    LayerFlops& layer = layers[static_cast<std::size_t>(plan.operations[index].layer)];
    if (step.way == WalkWay::recomputed)
      layer.recomputed += step.flops;
    else if (step.way != WalkWay::backward)
      layer.forward += step.flops;
    else
      (step.by_input ? layer.by_input : layer.by_weight) += step.flops;
  }
  return layers;
}

}  // namespace nanscope
