#include "engine/runs/training_run.h"

#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/randperm.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/network/measure_tensor.h"
#include "engine/network/rounding.h"
#include "engine/plan/plan.h"
#include "engine/plan/schedules/schedules.h"
#include "engine/runs/gradient_probe.h"
#include "engine/runs/network_runs.h"
#include "engine/training/initialize.h"
#include "engine/training/optimizers/counted_step.h"

namespace nanscope {
namespace {

/// The Euclidean norm of a gradient in fp32 from its statistics, which are `seen` ones or are taken
/// here in half the time of ATen's kernel. None where ATen's sum of squares, which is a float,
/// might overflow or underflow: then its result is the one that PyTorch's users get.
std::optional<float> norm_in_float(const at::Tensor& gradient, const Accumulator* seen) {
  constexpr double kSmallest = 0x1p-50, kLargest = 0x1p50;  // of up to 2^28 elements
  if (gradient.scalar_type() != at::kFloat) return std::nullopt;
  const Accumulator sums = seen ? *seen : accumulate_tensor(gradient, {.quick = true});
  const bool finite = sums.nans == 0 && sums.absmax <= kLargest;
  if (!finite || (sums.absmax < kSmallest && sums.absmax > 0)) return std::nullopt;
  return static_cast<float>(std::sqrt(squared_length(sums)));
}

/// What an optimizer reads and writes of some parameters.
OptimizerBuffers some_of(const OptimizerBuffers& all, const std::vector<std::size_t>& which) {
  const auto some = [&which](const std::vector<at::Tensor>& tensors) {
    std::vector<at::Tensor> chosen;
    if (!tensors.empty())
      for (const std::size_t one : which) chosen.push_back(tensors[one]);
    return chosen;
  };
  OptimizerBuffers buffers{.parameters = some(all.parameters),
                           .gradients = some(all.gradients),
                           .state = {},
                           .steps = some(all.steps)};
  for (const auto& state : all.state) buffers.state.push_back(some(state));
  return buffers;
}

}  // namespace

Result<std::unique_ptr<TrainingRun>> TrainingRun::make(const Experiment& experiment) {
  auto networks = NetworkRuns::make(experiment);
  if (!networks) return tl::unexpected(networks.error());
  return std::move(**networks).take_first();
}

TrainingRun::TrainingRun(const Experiment& experiment, RunParts parts)
    : training_(experiment.training),
      take_step_(optimizer_step(training_.optimizer.kind)),
      plan_(std::make_unique<Plan>(parts.plan, std::move(parts.buffers))),
      generator_(seeded_generator(experiment.network.seed)) {
  if (training_.loss_scale.kind != LossScaleKind::none) scaler_.emplace(training_.loss_scale);
  draw_parameters(experiment.network.init);
  list_buffers();
  counts_gradients_ = is_narrow(narrowest_gradient(*plan_));
  make_samples(experiment, parts);
  if (parts.looks_at_plane) surface_ = SurfaceProbe::make(experiment, parts.task);
  upstream_ = at::full_like(plan_->output().data(), 1.0 / training_.accumulation);
}

void TrainingRun::make_samples(const Experiment& experiment, const RunParts& parts) {
  const auto& [inputs, targets] = parts.table;
  const TrainingTask& task = parts.task;
  const Value& target = plan_->value(plan_->description().target);
  if (task.table.rows == 0) {
    samples_ = std::make_unique<TaughtSamples>(experiment.data.kind, plan_->input(), target);
    return;
  }
  const at::Tensor order = at::randperm(task.table.rows, generator_, at::kLong);
  samples_ = std::make_unique<TableSamples>(
      inputs, targets, order.narrow(0, 0, task.training_rows()), experiment.data.batch);
  if (task.held_out == 0) return;
  const at::Tensor rest = order.narrow(0, task.training_rows(), task.held_out);
  auto plan = describe_training(experiment, task, task.held_out);
  evaluation_ = std::make_unique<Evaluation>(
      std::make_shared<const PlanDescription>(*std::move(plan)), task,
      TableTensors{inputs.index_select(0, rest), targets.index_select(0, rest)});
}

void TrainingRun::draw_parameters(const Init& init) {
  for (const PlanParameter& parameter : plan_->description().parameters) {
    const Value& value = plan_->value(parameter.value);
    at::Tensor drawn = draw_parameter(init, parameter.draw, generator_);
    value.data().copy_(drawn.mul_(scale_of(init, parameter.draw.init)));
    value.round_data();
  }
}

void TrainingRun::list_buffers() {
  const PlanDescription& plan = plan_->description();
  buffers_.state.resize(plan.parameters.front().state.size());
  for (const PlanParameter& parameter : plan.parameters) {
    const Value& value = plan_->value(parameter.value);
    buffers_.parameters.push_back(value.data());
    buffers_.gradients.push_back(value.gradient());
    if (plan.optimizer_step != kNoValue)
      buffers_.steps.push_back(plan_->value(plan.optimizer_step).data());
    kept_.push_back(&value);
    for (std::size_t i = 0; i < parameter.state.size(); ++i) {
      const Value& kept = plan_->value(parameter.state[i]);
      buffers_.state[i].push_back(kept.data().zero_());
      kept_.push_back(&kept);
    }
  }
  for (const auto& [mean, variance] : plan.running) {
    plan_->value(mean).data().zero_();
    plan_->value(variance).data().fill_(1);
    kept_.insert(kept_.end(), {&plan_->value(mean), &plan_->value(variance)});
  }
  const auto count = static_cast<std::int64_t>(buffers_.gradients.size());
  norms_ = at::empty({count}, buffers_.gradients.front().options());
  norm_ = at::empty({}, norms_.options());
  kept_share_ = at::empty({}, norms_.options());
  for (std::int64_t i = 0; i < count; ++i) norm_places_.push_back(norms_.select(0, i));
}

void TrainingRun::add_penalty() {
  for (std::size_t i = 0; i < buffers_.gradients.size(); ++i) {
    const at::Tensor &theta = buffers_.parameters[i], &gradient = buffers_.gradients[i];
    // As factors these may be more than fp16 has; as add()'s alpha ATen would refuse them.
    if (training_.l1 > 0) gradient.add_(theta.sign().mul_(training_.l1));
    if (training_.l2 > 0) gradient.add_(theta.mul(2 * training_.l2));
  }
  if (training_.l1 > 0 || training_.l2 > 0) round_gradients();
}

void TrainingRun::round_gradients() {
  for (const PlanParameter& parameter : plan_->description().parameters) {
    const Value& value = plan_->value(parameter.value);
    round_to_format(value.gradient(), value.gradient_format());
  }
}

double TrainingRun::measure_gradients(bool as_seen) {
  for (std::size_t i = 0; i < norm_places_.size(); ++i) {
    const at::Tensor& gradient = buffers_.gradients[i];
    const Accumulator* seen = as_seen ? probe_->gradient_sums(i) : nullptr;
    if (const auto norm = norm_in_float(gradient, seen))
      *norm_places_[i].mutable_data_ptr<float>() = *norm;
    else
      at::linalg_vector_norm_out(norm_places_[i], gradient);
  }
  at::linalg_vector_norm_out(norm_, norms_);
  return norm_.item<double>();
}

void TrainingRun::clip_gradients() {
  if (training_.clip_value > 0)
    for (at::Tensor& gradient : buffers_.gradients)
      gradient.clamp_(-training_.clip_value, training_.clip_value);
  if (training_.clip_norm <= 0) {
    if (training_.clip_value > 0) round_gradients();
    return;
  }
  // As torch.nn.utils.clip_grad_norm_(), which multiplies by 1 where nothing is to be clipped.
  if (training_.clip_value > 0) measure_gradients(/*as_seen=*/false);
  at::add_out(kept_share_, norm_, 1e-6);
  kept_share_.reciprocal_().mul_(training_.clip_norm).clamp_max_(1);
  for (at::Tensor& gradient : buffers_.gradients) gradient.mul_(kept_share_);
  round_gradients();
}

void TrainingRun::begin_to_look() {
  probe_.emplace(*plan_, counts_gradients_);
  std::vector<std::size_t> others;
  for (const ParameterRange& range : probe_->ranges()) {
    std::vector<std::size_t> all(range.end - range.first);
    std::iota(all.begin(), all.end(), range.first);
    seen_buffers_.push_back(some_of(buffers_, all));
    for (const std::size_t one : all)
      if (!probe_->measures(one)) others.push_back(one);
  }
  other_buffers_ = some_of(buffers_, others);
  kernels_ = weight_kernels();
}

const MoveKernels* TrainingRun::weight_kernels() const {
  for (std::size_t i = 0; i < buffers_.parameters.size(); ++i) {
    const at::Tensor& parameter = buffers_.parameters[i];
    const bool is_float =
        parameter.is_cpu() && parameter.is_contiguous() && parameter.scalar_type() == at::kFloat;
    const Value& value = plan_->value(plan_->description().parameters[i].value);
    if (probe_->measures(i) && (!is_float || needs_rounding(parameter, value.format())))
      return nullptr;
  }
  return counting_kernels(training_.optimizer.kind);
}

void TrainingRun::move_seen_parameters(const Optimizer& optimizer, bool skipped) {
  if (kernels_ && !skipped)
    move_counted_parameters(optimizer);
  else
    move_ranges(optimizer, skipped);
}

void TrainingRun::move_counted_parameters(const Optimizer& optimizer) {
  const std::int64_t step = step_ - steps_skipped();
  for (std::size_t i = 0; i < buffers_.parameters.size(); ++i)
    if (probe_->measures(i))
      probe_->take(i, step_counted(*kernels_, optimizer, buffers_, i, step, probe_->options(i)));
  if (!other_buffers_.parameters.empty()) take_step_(optimizer, other_buffers_, step);
}

void TrainingRun::move_ranges(const Optimizer& optimizer, bool skipped) {
  for (std::size_t i = 0; i < seen_buffers_.size(); ++i) {
    const ParameterRange& range = probe_->ranges()[i];
    probe_->before_update(range);
    if (!skipped) {
      take_step_(optimizer, seen_buffers_[i], step_ - steps_skipped());
      for (std::size_t k = range.first; k < range.end; ++k)
        plan_->value(plan_->description().parameters[k].value).round_data();
    }
    probe_->after_update(range);
  }
}

void TrainingRun::change(const TrainingSpec& training) {
  training_ = training;
  if (scaler_) scaler_->change(training.loss_scale);
}

double TrainingRun::pass_batches(const Probe& probe, StepWatch* watch) {
  const PassContext context{
      .training = true, .generator = generator_, .step = step_, .watch = watch};
  const Value& target = plan_->value(plan_->description().target);
  double loss = 0;
  if (scaler_) upstream_.fill_(scaler_->scale() / training_.accumulation);
  plan_->forget_parameter_gradients();
  for (int batch = 0; batch < training_.accumulation; ++batch) {
    samples_->write_next(plan_->input(), target, generator_);
    const Probe seen = batch + 1 == training_.accumulation ? probe : Probe();
    plan_->forward(seen, context);
    plan_->begin_backward(upstream_);
    plan_->backward(seen, context);
    loss += plan_->output().data().item<double>();
  }
  return loss / training_.accumulation;
}

std::optional<HeldOut> TrainingRun::look_at_held_out() {
  if (!evaluation_) return std::nullopt;
  return evaluation_->look(*plan_);
}

std::optional<DecisionSurface> TrainingRun::look_at_plane(const Plan& network) {
  if (!surface_) return std::nullopt;
  DecisionSurface surface = surface_->look(network);
  surface.steps = step_;
  return surface;
}

const Value* TrainingRun::nonfinite_value() const {
  const auto found = std::ranges::find_if(kept_, [](const Value* value) {
    return !to_statistics(accumulate_tensor(value->data(), {.quick = true})).finite();
  });
  return found == kept_.end() ? nullptr : *found;
}

std::int64_t TrainingRun::state_bytes() const {
  std::int64_t bytes = 0;
  for (const Value* value : kept_) bytes += static_cast<std::int64_t>(value->data().nbytes());
  return bytes;
}

void apply_change(const LiveChange& change, Experiment& now, TrainingRun& run) {
  now = with_key(now, change.key, change.value).value();
  run.change(now.training);
  if (change.key == "loss_scale.init") run.restart_loss_scale();
}

RunStep TrainingRun::step(const StepLook& look) {
  const auto after = [&](StepPhase phase) {
    if (look.watch) look.watch->after(phase);
  };
  Optimizer optimizer = training_.optimizer;
  optimizer.lr = learning_rate(training_, step_);
  RunStep done{.step = step_, .lr = optimizer.lr};
  if (training_.evaluate > 0 && step_ % training_.evaluate == 0) done.held_out = look_at_held_out();
  const bool seen = look.layers || (training_.statistics > 0 && step_ % training_.statistics == 0);
  if (seen && !probe_) begin_to_look();
  done.loss = pass_batches(seen ? probe_->begin() : Probe(), look.watch);
  after(StepPhase::backward);
  if (seen && counts_gradients_)
    done.gradients = counted_gradients(*this, probe_->gradient_counts());
  if (scaler_) {
    done.loss_scale = scaler_->scale();
    done.skipped = !scaler_->unscale(buffers_.gradients);
    scaler_->update();
    after(StepPhase::unscale);
  }
  add_penalty();
  after(StepPhase::penalty);
  done.grad_norm = measure_gradients(seen && !scaler_ && !has_penalty());
  after(StepPhase::gradient_norm);
  clip_gradients();
  after(StepPhase::clip);
  if (seen) {
    move_seen_parameters(optimizer, done.skipped);
    done.layers = probe_->layers();
  } else if (!done.skipped) {
    take_step_(optimizer, buffers_, step_ - steps_skipped());
  }
  if (!done.skipped) {
    for (const Value* value : kept_) value->round_data();
    after(StepPhase::optimizer);
  }
  ++step_;
  return done;
}

}  // namespace nanscope
