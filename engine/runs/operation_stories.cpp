#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/experiment/network.h"
#include "engine/plan/operations/operations.h"
#include "engine/runs/element_story.h"

// The equation of an element, for each kind of operation there and back.
namespace nanscope {
namespace {

using Coordinates = std::vector<std::int64_t>;

double element_at(at::Tensor tensor, const Coordinates& coordinates) {
  for (const std::int64_t place : coordinates) tensor = tensor.select(0, place);
  return tensor.item<double>();
}

std::vector<double> numbers_of(const at::Tensor& tensor) {
  const at::Tensor wide = tensor.to(at::kDouble).contiguous();
  const double* values = wide.const_data_ptr<double>();
  return {values, values + wide.numel()};
}

/// An element and the operation that wrote it.
struct Told {
  const WrittenElement& element;
  const PlanOperation& operation;
  Autopsy& autopsy;

  const Coordinates& at() const { return element.coordinates; }
  const PlanDescription& description() const { return element.plan.description(); }
  ValueId input(std::size_t i) const { return operation.inputs[i]; }
  ValueId output() const { return operation.outputs[0]; }
  ValueId gradient_of(ValueId id) const { return description().value(id).gradient; }
  bool is_gradient_of(ValueId id) const { return element.value == gradient_of(id); }
  const Value& value(ValueId id) const { return element.plan.value(id); }

  EquationOperand operand(std::string symbol, ValueId id, const Coordinates& coordinates) const {
    const Value& of = value(id);
    return {std::move(symbol),
            {element_name(of.name(), coordinates), element_at(of.data(), coordinates),
             of.format().name}};
  }
  /// Of a number that is calculated for the story.
  EquationOperand operand(std::string symbol, std::string name, double number) const {
    return {std::move(symbol), {std::move(name), number, autopsy.result.format}};
  }

  /// Along a dimension of a matrix, at a place of the other one.
  SummedElement::Factor line(ValueId id, int along, std::int64_t place) const {
    const Value& of = value(id);
    const std::string fixed = fmt::format("{}", place);
    return {.before = of.name() + (along == 0 ? "[" : "[" + fixed + ","),
            .behind = along == 0 ? "," + fixed + "]" : "]",
            .format = of.format().name,
            .values = numbers_of(of.data().select(1 - along, place))};
  }
  AutopsyNumber before() const {
    return {autopsy.result.name + " before", element.before, autopsy.result.format};
  }

  /// What is added to a gradient is rounded before it is added: where it is the number that is not
  /// finite, its equation says all.
  void sum(SummedElement parts) const {
    tell_sum(parts, autopsy);
    if (!element.was_added || autopsy.reproduced) return;
    autopsy.operands.clear();
    parts.added = before();
    tell_sum(std::move(parts), autopsy);
  }
  void equation(const std::string& right, std::vector<EquationOperand> operands) const {
    tell_equation("result = " + right, "result", operands, autopsy);
    if (!element.was_added || autopsy.reproduced) return;
    autopsy.operands.clear();
    operands.push_back({"before", before()});
    tell_equation("result = before + " + right, "result", operands, autopsy);
  }
};

void tell_linear(const Told& told) {
  const ValueId x = told.input(0), w = told.input(1);
  SummedElement sum{.left = told.line(x, 1, told.at()[0]), .right = told.line(w, 1, told.at()[1])};
  if (told.operation.inputs.size() > 2)
    sum.added = told.operand("", told.input(2), {told.at()[1]}).number;
  tell_sum(std::move(sum), told.autopsy);
}

void tell_linear_backward(const Told& told) {
  const ValueId x = told.input(0), w = told.input(1);
  // Where it is rounded before it is multiplied, that stands in the operation's scratch.
  const bool rounded = !told.operation.scratch.empty();
  const ValueId whole = told.gradient_of(told.output());
  const ValueId dz = rounded ? told.operation.scratch[0] : whole;
  const Coordinates& at = told.at();
  if (told.is_gradient_of(x))
    told.sum({.left = told.line(dz, 1, at[0]), .right = told.line(w, 0, at[1])});
  else if (told.is_gradient_of(w))
    told.sum({.left = told.line(dz, 0, at[0]), .right = told.line(x, 0, at[1])});
  else
    told.sum({.left = told.line(whole, 0, at[0]), .right = {}});
}

void tell_activation(const Told& told) {
  const auto kind = value_of<Activation>(told.operation.kind).value_or(Activation::identity);
  const ActivationText& text = activation_text(kind);
  const EquationOperand z = told.operand("z", told.input(0), told.at());
  if (told.element.direction == Direction::forward) return told.equation(text.formula, {z});
  told.equation(std::string("da ") + text.derivative,
                {told.operand("da", told.gradient_of(told.output()), told.at()),
                 text.saves_output ? told.operand("a", told.output(), told.at()) : z});
}

/// What goes through an operation as it is: a cast, and a residual's gradients.
void tell_copy(const Told& told) {
  const bool forward = told.element.direction == Direction::forward;
  const ValueId from = forward ? told.input(0) : told.gradient_of(told.output());
  told.equation("x", {told.operand("x", from, told.at())});
}

void tell_residual(const Told& told) {
  if (told.element.direction == Direction::backward) return tell_copy(told);
  told.equation("h + a", {told.operand("h", told.input(0), told.at()),
                          told.operand("a", told.input(1), told.at())});
}

void tell_dropout(const Told& told) {
  const bool forward = told.element.direction == Direction::forward;
  const ValueId from = forward ? told.input(0) : told.gradient_of(told.output());
  told.equation("a m", {told.operand("a", from, told.at()),
                        told.operand("m", told.operation.saved[0], told.at())});
}

void tell_mse(const Told& told) {
  const ValueId y = told.input(0), t = told.input(1);
  const double count = static_cast<double>(told.value(y).data().numel());
  if (told.element.direction == Direction::backward)
    return told.equation(fmt::format("2 (y - t) dL / {}", count),
                         {told.operand("y", y, told.at()), told.operand("t", t, told.at()),
                          told.operand("dL", told.gradient_of(told.output()), {})});
  const SummedElement::Factor difference{
      .before = fmt::format("({} - {})[", told.value(y).name(), told.value(t).name()),
      .behind = "]",
      .format = told.autopsy.result.format,
      .values = numbers_of(told.value(y).data().sub(told.value(t).data())),
      .columns = told.value(y).data().size(-1)};
  tell_sum({.left = difference, .right = difference, .divisor = count}, told.autopsy);
}

void tell_cross_entropy(const Told& told) {
  const ValueId y = told.input(0), t = told.input(1), logarithm = told.operation.saved[1];
  const double rows = static_cast<double>(told.value(y).data().size(0));
  if (told.element.direction == Direction::backward)
    return told.equation(
        fmt::format("(exp(logp) - t) dL / {}", rows),
        {told.operand("logp", logarithm, told.at()), told.operand("t", t, told.at()),
         told.operand("dL", told.gradient_of(told.output()), {})});
  if (told.element.value == logarithm) {
    const at::Tensor row = told.value(y).data().select(0, told.at()[0]);
    const at::Tensor largest = row.max();
    const std::string name = element_name(told.value(y).name(), {told.at()[0]});
    return told.equation("y - c - log(s)",
                         {told.operand("y", y, told.at()),
                          told.operand("c", "max(" + name + ")", largest.item<double>()),
                          told.operand("s", "sum(exp(" + name + " - max))",
                                       row.sub(largest).exp().sum().item<double>())});
  }
  const auto all = [&](ValueId id) {
    const Value& of = told.value(id);
    return SummedElement::Factor{.before = of.name() + "[",
                                 .behind = "]",
                                 .format = of.format().name,
                                 .values = numbers_of(of.data()),
                                 .columns = of.data().size(-1)};
  };
  tell_sum({.left = all(t), .right = all(logarithm), .divisor = -rows}, told.autopsy);
}

/// What a norm takes together: a sample's numbers, or a feature's, over the batch.
struct NormedLine {
  bool of_batch;
  std::int64_t place;  ///< of the sample, or of the feature

  std::string name(const Value& of) const {
    return of_batch ? fmt::format("{}[:,{}]", of.name(), place) : element_name(of.name(), {place});
  }
  at::Tensor values(const Value& of) const {
    return of.data().select(of_batch ? 1 : 0, place).to(at::kDouble);
  }
  /// Where its mean and its r stand.
  Coordinates statistic() const { return of_batch ? Coordinates{0, place} : Coordinates{place, 0}; }
};

/// The mean of a line, or of its products with another one.
EquationOperand line_mean(const Told& told, const NormedLine& line, std::string symbol, ValueId id,
                          ValueId times) {
  std::string name = line.name(told.value(id));
  at::Tensor products = line.values(told.value(id));
  if (times != kNoValue) {
    name += " " + line.name(told.value(times));
    products = products.mul(line.values(told.value(times)));
  }
  return told.operand(std::move(symbol), "mean(" + name + ")", products.mean().item<double>());
}

/// What batchnorm keeps for evaluation: a share of the batch's mean, or of its variance without
/// bias, and the rest of what it was.
void tell_running(const Told& told) {
  const std::int64_t feature = told.at()[0];
  const Value& h = told.value(told.input(0));
  SummedElement::Factor values = told.line(told.input(0), 0, feature), right;
  double divisor = static_cast<double>(values.values.size());
  if (told.element.value == told.input(2)) {
    const EquationOperand mean = told.operand("", told.operation.saved[1], {0, feature});
    values.before = fmt::format("({}[", h.name());
    values.behind = fmt::format(",{}] - {})", feature, mean.number.name);
    for (double& value : values.values) value -= mean.number.value;
    right = values;
    divisor -= 1;
  }
  const AutopsyNumber kept{fmt::format("{} {} before", 1 - kRunningShare, told.autopsy.result.name),
                           (1 - kRunningShare) * told.element.before, told.autopsy.result.format};
  tell_sum({.left = values, .right = right, .added = kept, .divisor = divisor / kRunningShare},
           told.autopsy);
}

void tell_norm(const Told& told) {
  const bool of_batch = told.operation.kind == "batchnorm";
  const bool centred = of_batch || told.operation.kind == "layernorm";
  if (told.description().value(told.element.value).role == ValueRole::running)
    return tell_running(told);
  const ValueId h = told.input(0), u = told.output(), r = told.operation.saved.back();
  const NormedLine line{of_batch, told.at()[of_batch ? 1 : 0]};
  const EquationOperand of_line = told.operand("r", r, line.statistic());
  if (told.element.direction == Direction::backward) {
    const ValueId du = told.gradient_of(u);
    std::vector<EquationOperand> operands{of_line, told.operand("du", du, told.at()),
                                          told.operand("u", u, told.at()),
                                          line_mean(told, line, "q", du, u)};
    if (centred) operands.push_back(line_mean(told, line, "p", du, kNoValue));
    return told.equation(centred ? "r (du - p - u q)" : "r (du - u q)", operands);
  }
  if (told.element.value != u) {
    SummedElement::Factor values = told.line(h, of_batch ? 0 : 1, line.place);
    const double count = static_cast<double>(values.values.size());
    SummedElement::Factor right;
    if (told.element.value == r) right = values;
    return tell_sum({.left = values, .right = right, .divisor = count}, told.autopsy);
  }
  if (!centred) return told.equation("h r", {told.operand("h", h, told.at()), of_line});
  told.equation("(h - m) r",
                {told.operand("h", h, told.at()),
                 told.operand("m", told.operation.saved[1], line.statistic()), of_line});
}

/// One line a kind; activation functions besides.
struct Story {
  std::string_view kind;
  void (*tell)(const Told& told);
};
constexpr auto kStories = std::to_array<Story>({
    {"linear",
     [](const Told& told) {
       told.element.direction == Direction::forward ? tell_linear(told)
                                                    : tell_linear_backward(told);
     }},
    {"layernorm", tell_norm},
    {"rmsnorm", tell_norm},
    {"batchnorm", tell_norm},
    {"residual", tell_residual},
    {"cast", tell_copy},
    {"dropout", tell_dropout},
    {"mse", tell_mse},
    {"cross_entropy", tell_cross_entropy},
});

/// Of an operation that has no line above: the plan's equation, and what stands at the same place
/// of the tensors that it reads.
void tell_plainly(const Told& told) {
  const bool forward = told.element.direction == Direction::forward;
  told.autopsy.equation = forward ? told.operation.equation : told.operation.backward_equation;
  std::vector<ValueId> read = told.operation.inputs;
  if (!forward) read.push_back(told.gradient_of(told.output()));
  for (const ValueId id : read)
    if (id != kNoValue && told.value(id).data().sizes().vec() == told.autopsy.shape)
      told.autopsy.operands.push_back(told.operand("", id, told.at()).number);
}

}  // namespace

void tell_element(const WrittenElement& element, Autopsy& autopsy) {
  const PlanDescription& plan = element.plan.description();
  const auto index = static_cast<std::size_t>(element.operation);
  const Told told{element, plan.operations[index], autopsy};
  const auto story = std::ranges::find(kStories, told.operation.kind, &Story::kind);
  if (story != kStories.end()) return story->tell(told);
  value_of<Activation>(told.operation.kind) ? tell_activation(told) : tell_plainly(told);
}

}  // namespace nanscope
