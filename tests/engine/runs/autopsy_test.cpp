#include "engine/recipe/autopsy.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <random>
#include <set>

#include "brute_force.h"
#include "diverging.h"
#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/numbers/conversion.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/recipe/autopsy_json.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"
#include "engine/runs/element_story.h"
#include "engine/runs/training_job.h"
#include "engine/signal/thread_choice.h"
#include "engine/training/optimizers/optimizers.h"
#include "make_run.h"

// Where a run stopped being finite, against a check after each operation.
namespace nanscope {
namespace {

RunSummary finished(const Experiment& experiment, std::vector<LiveChange> changes = {}) {
  const auto job = make_training_job({.experiment = experiment, .changes = std::move(changes)});
  JobContext context({}, {});
  const auto result = run_job(*job, context);
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return result ? *result->as<RunSummary>() : RunSummary();
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool all_finite(const at::Tensor& tensor) {
  const at::Tensor wide = tensor.to(at::kDouble).contiguous();
  const double* values = wide.const_data_ptr<double>();
  return std::all_of(values, values + wide.numel(),
                     [](double value) { return std::isfinite(value); });
}

/// The first step from the beginning that ends in something that is not finite, if any.
std::optional<std::int64_t> first_bad_step(const Experiment& experiment, std::int64_t steps) {
  const auto run = make_run(experiment);
  for (std::int64_t i = 0; i < steps; ++i) {
    const RunStep step = run->step();
    bool finite = std::isfinite(step.loss) && (step.skipped || std::isfinite(step.grad_norm));
    for (const PlanParameter& parameter : run->plan().description().parameters) {
      finite = finite && all_finite(run->plan().value(parameter.value).data());
      for (const ValueId state : parameter.state)
        finite = finite && all_finite(run->plan().value(state).data());
    }
    for (const auto& [mean, variance] : run->plan().description().running)
      finite = finite && all_finite(run->plan().value(mean).data()) &&
               all_finite(run->plan().value(variance).data());
    if (!finite) return i;
  }
  return std::nullopt;
}

double number_at(const std::map<std::string, at::Tensor>& tensors, const std::string& name) {
  const std::size_t open = name.find('[');
  const auto found = tensors.find(name.substr(0, open));
  if (found == tensors.end()) return std::numeric_limits<double>::quiet_NaN();
  at::Tensor place = found->second;
  for (std::size_t at = open; at != std::string::npos && place.dim() > 0;
       at = name.find(',', at + 1))
    place = place.select(0, std::stoll(name.substr(at + 1)));
  return place.item<double>();
}

/// A number that is one of a tensor: not a setting, and nothing that is worked out for the
/// equation.
bool is_of_a_tensor(const AutopsyNumber& number, const BruteForce& check) {
  return check.before_it.contains(number.name.substr(0, number.name.find('[')));
}

void expect_operands_of_the_run(const Autopsy& autopsy, const BruteForce& check) {
  for (const AutopsyNumber& operand : autopsy.operands) {
    if (!is_of_a_tensor(operand, check)) continue;
    // What an operation wrote itself before its element, as a norm's reciprocal, stands after it.
    const double was = number_at(check.before_it, operand.name);
    const double is = number_at(check.after_it, operand.name);
    EXPECT_TRUE(operand.value == was || operand.value == is)
        << operand.name << " " << operand.value << " was " << was << " is " << is;
    EXPECT_TRUE(std::isfinite(operand.value)) << operand.name;
  }
}

/// Whether a sum of these products gives a value that is not finite: its exact sum is beyond the
/// format, or the sums of the terms of a sign are beyond that in which it is accumulated.
void expect_sum_gives(const Autopsy& autopsy, double exact, double largest) {
  const AutopsySum& sum = *autopsy.sum;
  long double up = 0, down = 0;
  for (std::size_t i = 0; i < sum.left.size(); ++i) {
    const long double term =
        static_cast<long double>(sum.left[i]) * (sum.right.empty() ? 1 : sum.right[i]);
    (term > 0 ? up : down) += term;
  }
  const double value = autopsy.result.value;
  // L = -sum(t logp) / B
  const bool positive = (value > 0) != (autopsy.kind == "cross_entropy");
  const bool on_the_way = std::isnan(value) ? up > largest && down < -largest
                          : positive        ? up > largest
                                            : down < -largest;
  const NumberFormat& format = *find_format(autopsy.result.format);
  EXPECT_TRUE(on_the_way || round_to(format, exact) == value)
      << autopsy.equation << " = " << autopsy.numbers << " gives " << exact;
}

/// The optimizer's own kernel on one element.
double optimizer_makes(const Autopsy& autopsy, const Experiment& experiment,
                       const BruteForce& check, std::int64_t updates) {
  const bool is_state = !check.before_it.contains("d" + autopsy.tensor);
  const std::string parameter =
      is_state ? autopsy.tensor.substr(autopsy.tensor.find('_') + 1) : autopsy.tensor;
  const std::string place = autopsy.result.name.substr(autopsy.result.name.find('['));
  const auto one = [&](const std::string& name) {
    const at::Tensor& whole = check.before_it.at(name);
    return at::full({1}, number_at(check.before_it, name + place), whole.options());
  };
  OptimizerBuffers buffers;
  buffers.parameters = {one(parameter)};
  buffers.gradients = {one("d" + parameter)};
  buffers.steps = {at::zeros({}, at::kFloat)};
  // A tensor shares its numbers with its copies.
  at::Tensor told = buffers.parameters[0];
  for (const std::string_view symbol : optimizer_text(experiment.training.optimizer.kind).state) {
    const std::string name = fmt::format("{}_{}", symbol, parameter);
    buffers.state.push_back({one(name)});
    if (name == autopsy.tensor) told = buffers.state.back()[0];
  }
  optimizer_step(experiment.training.optimizer.kind)(experiment.training.optimizer, buffers,
                                                     updates);
  return round_to(*find_format(autopsy.result.format), told.item<double>());
}

/// ATen's own function of one element, for what goes element by element.
double element_makes(const Autopsy& autopsy, const PlanOperation& operation) {
  const auto number = [&](std::size_t i) { return at::full({1}, autopsy.operands[i].value); };
  at::Tensor made;
  const bool forward = autopsy.phase == StepPhase::forward;
  if (operation.kind == "cast") made = number(0);
  if (operation.kind == "residual") made = forward ? number(0).add(number(1)) : number(0);
  if (operation.kind == "dropout") made = number(0).mul(number(1));
  if (operation.kind == "silu")
    made = forward ? at::silu(number(0)) : at::silu_backward(number(0), number(1));
  if (operation.kind == "gelu")
    made = forward ? at::gelu(number(0)) : at::gelu_backward(number(0), number(1));
  if (!made.defined()) return std::numeric_limits<double>::quiet_NaN();
  if (autopsy.operands.back().name.ends_with(" before"))
    made = made.add(autopsy.operands.back().value);
  return round_to(*find_format(autopsy.result.format), made.item<double>());
}

void expect_operands_give_it(const Autopsy& autopsy, const Experiment& experiment,
                             const BruteForce& check, const PlanDescription& plan,
                             std::int64_t updates) {
  expect_operands_of_the_run(autopsy, check);
  if (autopsy.phase != StepPhase::gradient_norm) {
    EXPECT_TRUE(same(number_at(check.after_it, autopsy.result.name), autopsy.result.value));
  }
  if (autopsy.sum) {
    EXPECT_TRUE(autopsy.reproduced) << autopsy.equation;
    EXPECT_EQ(autopsy.sum->terms, static_cast<std::int64_t>(autopsy.sum->left.size()));
    expect_sum_gives(autopsy, autopsy.exact, std::numeric_limits<float>::max());
  } else if (autopsy.phase == StepPhase::optimizer) {
    if (autopsy.kind == "muon") return;  // of whole tensors
    EXPECT_TRUE(autopsy.reproduced) << autopsy.equation << ": " << autopsy.numbers;
    if (autopsy.kind == "lamb") return;  // of an element and two norms
    EXPECT_TRUE(same(optimizer_makes(autopsy, experiment, check, updates), autopsy.result.value))
        << autopsy.equation << ": " << autopsy.numbers;
  } else if (autopsy.operation >= 0) {
    const PlanOperation& operation = plan.operations[static_cast<std::size_t>(autopsy.operation)];
    if (operation.rule == PrecisionRule::norm) return;  // of whole rows
    EXPECT_TRUE(autopsy.reproduced) << autopsy.equation << ": " << autopsy.numbers;
    if (autopsy.kind == "cast" || autopsy.kind == "residual" || autopsy.kind == "dropout" ||
        autopsy.kind == "silu" || autopsy.kind == "gelu") {
      EXPECT_TRUE(same(element_makes(autopsy, operation), autopsy.result.value))
          << autopsy.equation << ": " << autopsy.numbers;
    }
  }
}

TEST(Autopsy, NamesWhatACheckAfterEachOperationFinds) {
  const c10::InferenceMode without_autograd;
  const ThreadLimit one_thread(1);
  Diverging diverging(11);
  std::map<std::string, int> seen;
  int died = 0;
  for (int tries = 0; died < 200; ++tries) {
    ASSERT_LT(tries, 2000);
    const Experiment experiment = diverging.next();
    if (!validate(experiment).empty()) continue;
    const auto run = finished(experiment);
    if (!run.first_nonfinite) continue;
    ++died;
    SCOPED_TRACE(to_json(experiment, -1));
    ASSERT_TRUE(run.autopsy);
    const Autopsy& autopsy = *run.autopsy;
    const auto bad_step = first_bad_step(experiment, run.steps);
    ASSERT_TRUE(bad_step);
    EXPECT_EQ(autopsy.step, *bad_step);

    const auto repeated = make_run(experiment);
    for (std::int64_t i = 0; i < *bad_step; ++i) repeated->step();
    const std::int64_t updates = *bad_step - repeated->steps_skipped();
    BruteForce check(*repeated);
    repeated->step({.watch = &check});
    ASSERT_TRUE(check.found);
    EXPECT_EQ(autopsy.phase, check.found->phase) << name_of(autopsy.phase);
    EXPECT_EQ(autopsy.operation, check.found->operation);
    EXPECT_EQ(autopsy.tensor, check.found->tensor);
    EXPECT_EQ(autopsy.index, check.found->index);
    EXPECT_TRUE(same(autopsy.result.value, check.found->value));
    expect_operands_give_it(autopsy, experiment, check, repeated->plan().description(), updates);
    ++seen[std::string(name_of(autopsy.phase))];
    ++seen[autopsy.kind];
    ++seen[std::string(name_of(experiment.network.precision))];
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  // Each part of a step has its share.
  for (const char* part : {"forward", "backward", "gradient_norm", "optimizer"})
    EXPECT_GE(seen[part], 10) << part;
  for (const char* what : {"linear", "cast", "mse", "fp32", "bf16", "fp16", "e4m3", "mixed_fp16"})
    EXPECT_GE(seen[what], 1) << what;
}

/// Of a run that dies in its first step, of this.
Autopsy autopsy_of_first_step(const Experiment& experiment, NonfinitePart what) {
  const RunSummary run = finished(experiment);
  EXPECT_TRUE(run.first_nonfinite);
  EXPECT_TRUE(run.autopsy);
  if (!run.autopsy) return {};
  EXPECT_EQ(run.first_nonfinite->what, what);
  EXPECT_EQ(run.first_nonfinite->step, 0);
  EXPECT_EQ(run.autopsy->step, 0);
  EXPECT_TRUE(run.autopsy->reproduced) << run.autopsy->equation << " = " << run.autopsy->numbers;
  return *run.autopsy;
}

Experiment small_spiral() {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 2, .width = 8};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::spiral;
  experiment.data.batch = 8;
  experiment.training.steps = 3;
  return experiment;
}

TEST(Autopsy, NamesAPenaltyThatOverflows) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_spiral();
  experiment.network.precision = Precision::fp16;
  experiment.network.execution = Execution::native;
  experiment.training.l1 = 0.5;
  experiment.training.l2 = 1e6;
  const Autopsy autopsy = autopsy_of_first_step(experiment, NonfinitePart::grad_norm);
  EXPECT_EQ(autopsy.phase, StepPhase::penalty);
  EXPECT_EQ(autopsy.kind, "penalty");
  EXPECT_EQ(autopsy.layer, "input");
  EXPECT_EQ(autopsy.cause, AutopsyCause::overflow);
  const std::string place = autopsy.result.name.substr(1);
  EXPECT_EQ(autopsy.equation, "d" + place + " = d" + place + " before + regularization.l1 * sign(" +
                                  place + ") + 2 * regularization.l2 * " + place);
}

TEST(Autopsy, AnEmulatedGradientIsRoundedBehindThePenalty) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_spiral();
  experiment.network.precision = Precision::fp16;
  experiment.network.execution = Execution::emulated;
  experiment.training.l1 = 1e6;
  const Autopsy autopsy = autopsy_of_first_step(experiment, NonfinitePart::grad_norm);
  EXPECT_EQ(autopsy.phase, StepPhase::penalty);
  EXPECT_EQ(autopsy.result.format, "fp16");
  EXPECT_EQ(autopsy.cause, AutopsyCause::overflow);
  EXPECT_NEAR(static_cast<double>(std::abs(autopsy.exact)), 1e6, 100);
}

TEST(Autopsy, AnOptimizersEquationHasThePenalty) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_spiral();
  experiment.network.precision = Precision::fp16;
  experiment.training.optimizer = with_kind({}, OptimizerKind::sgd);
  experiment.training.optimizer.lr = 1e6;
  experiment.training.l1 = 1;
  experiment.training.steps = 1;
  const Autopsy autopsy = autopsy_of_first_step(experiment, NonfinitePart::state);
  EXPECT_EQ(autopsy.phase, StepPhase::optimizer);
  const std::string place = autopsy.result.name;
  EXPECT_EQ(autopsy.equation.find(fmt::format(
                "d{0} = dL/d{0} + regularization.l1 * sign({0}); {0} = {0} - lr * (d{0} +", place)),
            0u)
      << autopsy.equation;
  EXPECT_EQ(autopsy.operands[0].name, "dL/d" + place);
}

TEST(Autopsy, AStateThatIsNotFiniteIsADeathWhateverTheLoss) {
  const c10::InferenceMode without_autograd;
  const std::string rows = testing::TempDir() + "far_apart.csv";
  std::ofstream(rows) << "1e25,2e25,0\n-1e25,1e25,1\n3e25,1e25,0\n-2e25,2e25,1\n"
                         "2e25,-1e25,0\n-1e25,-3e25,1\n1e25,-2e25,0\n-3e25,1e25,1\n";
  Experiment experiment = small_spiral();
  experiment.network.model.norm = Norm::batchnorm;
  experiment.network.model.activation = Activation::identity;
  experiment.data = {.kind = DataKind::file, .path = rows, .batch = 8, .held_out = 0};
  const RunSummary run = finished(experiment);
  ASSERT_TRUE(run.first_nonfinite);
  EXPECT_EQ(run.first_nonfinite->role, ValueRole::running);
  EXPECT_EQ(run.first_nonfinite->tensor, "running_var1");
  const Autopsy autopsy = autopsy_of_first_step(experiment, NonfinitePart::state);
  EXPECT_EQ(autopsy.phase, StepPhase::forward);
  EXPECT_EQ(autopsy.kind, "batchnorm");
  EXPECT_EQ(autopsy.tensor, "running_var1");
  EXPECT_EQ(autopsy.shape, std::vector<std::int64_t>{8});
  ASSERT_TRUE(autopsy.sum);
  EXPECT_EQ(autopsy.sum->terms, 8);
  EXPECT_EQ(autopsy.equation,
            "running_var1[0] = (sum over i of (h_in[i,0] - mean1[0,0])^2) / 70 + 0.9 "
            "running_var1[0] before");
}

/// Trains for a while, and then takes steps that are far too large.
Experiment late_death() {
  Experiment experiment = small_spiral();
  experiment.training.optimizer = with_kind({}, OptimizerKind::sgd);
  experiment.training.optimizer.lr = 1e-3;
  experiment.training.steps = 60;
  return experiment;
}
const std::vector<LiveChange> kTooLarge{{40, "optimizer.lr", "1e6"}};

TEST(Autopsy, RepeatsTheRunWithItsChangesAndLeavesItAsItWas) {
  const c10::InferenceMode without_autograd;
  const RunSummary looked = finished(late_death(), kTooLarge);
  ASSERT_TRUE(looked.autopsy);
  EXPECT_GE(looked.autopsy->step, 40);
  EXPECT_LE(looked.autopsy->step, looked.first_nonfinite->step);
  const auto job =
      make_training_job({.experiment = late_death(), .changes = kTooLarge, .autopsy = false});
  JobContext context({}, {});
  const RunSummary plain = *run_job(*job, context)->as<RunSummary>();
  EXPECT_FALSE(plain.autopsy);
  // What is not a number is written as the same words.
  EXPECT_EQ(step_to_json(looked.last), step_to_json(plain.last));
  for (std::size_t i = 0; i < 60; ++i)
    ASSERT_TRUE(same(looked.history->loss[i], plain.history->loss[i])) << i;
}

TEST(Autopsy, TellsOfTheLayersOfTheStepsBefore) {
  const c10::InferenceMode without_autograd;
  const RunSummary run = finished(late_death(), kTooLarge);
  ASSERT_TRUE(run.autopsy);
  Experiment measured = late_death();
  measured.training.statistics = 1;
  const auto repeated = make_run(measured);
  Experiment now = measured;
  ASSERT_EQ(run.autopsy->layers.size(), 5u);
  for (std::int64_t step = 0; step < run.autopsy->step; ++step) {
    if (step == 40) apply_change(kTooLarge[0], now, *repeated);
    const RunStep done = repeated->step();
    for (const LayersOfStep& layers : run.autopsy->layers)
      if (layers.step == step) {
        EXPECT_EQ(layers.layers, done.layers) << step;
      }
  }
  EXPECT_EQ(run.autopsy->layers.back().step, run.autopsy->step);
}

constexpr double kGrowth = 1e6;

/// Learns nothing of zeros: its weights grow by their decay alone, times kGrowth in each step.
RunSummary growing_weights(double gain) {
  const std::string path = testing::TempDir() + "zeros.csv";
  std::ofstream(path) << "a,b,c,d,e,f,g,h,y\n0,0,0,0,0,0,0,0,1\n0,0,0,0,0,0,0,0,2\n";
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 1, .width = 8};
  experiment.network.init = {.scheme = InitScheme::normal, .gain = gain};
  experiment.data = {.kind = DataKind::file, .path = path, .batch = 2};
  experiment.training.optimizer = with_kind({}, OptimizerKind::lamb);
  experiment.training.optimizer.lr = kGrowth;
  experiment.training.optimizer.weight_decay = 1e-3;
  experiment.data.held_out = 0;
  experiment.training.steps = 8;
  return finished(experiment);
}

AutopsyNumber operand(const Autopsy& autopsy, const std::string& name) {
  const auto found = std::ranges::find(autopsy.operands, name, &AutopsyNumber::name);
  return found == autopsy.operands.end() ? AutopsyNumber() : *found;
}

TEST(Autopsy, NormsOfLambAreOfTheWholeTensor) {
  const c10::InferenceMode without_autograd;
  struct Way {
    double gain, largest;  ///< the latter of elements when the norm is infinite
  };
  // The square of one element is too large for fp32, and the sum of the squares.
  for (const Way& way : {Way{300, 3e20}, Way{3, 3e18}}) {
    SCOPED_TRACE(way.gain);
    const RunSummary run = growing_weights(way.gain);
    ASSERT_TRUE(run.autopsy);
    const Autopsy& autopsy = *run.autopsy;
    ASSERT_EQ(autopsy.phase, StepPhase::optimizer);
    EXPECT_EQ(autopsy.tensor, "W1");
    EXPECT_EQ(autopsy.index, 0) << "which is no worse than the others";
    EXPECT_EQ(operand(autopsy, "|W1|").value, std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isfinite(operand(autopsy, "|u|").value));
    EXPECT_NE(autopsy.equation.find("|W1| / |u|"), std::string::npos) << autopsy.equation;
    EXPECT_TRUE(autopsy.reproduced);
    EXPECT_EQ(autopsy.cause, AutopsyCause::on_the_way);
    // u = weight_decay theta, so that the trusted step is theta.
    const double theta = operand(autopsy, "W1[0,0]").value;
    // The digits of fp32, of which u is made.
    EXPECT_NEAR(static_cast<double>(autopsy.exact) / (theta - kGrowth * theta), 1, 1e-6);
    ASSERT_TRUE(autopsy.norm);
    EXPECT_EQ(autopsy.norm->norm.name, "|W1|");
    // 64 normal numbers: the norm is about 8, the largest element between 1.5 and 4.5 deviations.
    EXPECT_NEAR(static_cast<double>(autopsy.norm->exact) / way.largest, 8, 2);
    EXPECT_NEAR(std::abs(autopsy.norm->largest.value) / way.largest, 3, 1.5);
    const Json json = autopsy_json(run.autopsy);
    EXPECT_EQ(json.at("norm").at("name"), "|W1|");
    EXPECT_EQ(autopsy_json(autopsy_in(json)), json);
  }
}

TEST(Autopsy, SaysWhatItIsExactlyBeyondTheNumbersOfFp64) {
  Autopsy autopsy{.result = {"x", std::numeric_limits<double>::infinity(), "fp64"}};
  tell_equation("x = a a", "x", {{"a", {"a", 0x1p700, "fp64"}}}, autopsy);
  EXPECT_EQ(autopsy.cause, AutopsyCause::overflow);
  EXPECT_TRUE(autopsy.reproduced);
  EXPECT_EQ(autopsy.exact, 0x1p1400L);
  const Json json = autopsy_json(std::make_shared<const Autopsy>(autopsy));
  EXPECT_NE(json.at("exact").get<std::string>().find("e+421"), std::string::npos) << json;
  EXPECT_NEAR(static_cast<double>(autopsy_in(json)->exact / autopsy.exact), 1, 1e-15);
}

TEST(Autopsy, ARunFileCarriesIt) {
  const c10::InferenceMode without_autograd;
  const RunSummary run = finished(late_death(), kTooLarge);
  ASSERT_TRUE(run.autopsy);
  const auto read = run_from_lines(run_to_lines(run));
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->autopsy);
  EXPECT_EQ(read->autopsy->result.name, run.autopsy->result.name);
  EXPECT_EQ(summary_to_json({.experiment = run.experiment, .autopsy = read->autopsy}),
            summary_to_json({.experiment = run.experiment, .autopsy = run.autopsy}));
}

}  // namespace
}  // namespace nanscope
