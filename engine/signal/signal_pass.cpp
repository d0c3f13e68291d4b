#include "engine/signal/signal_pass.h"

#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <chrono>

#include "engine/costs/pass_forecast.h"
#include "engine/experiment/validate.h"
#include "engine/machine/memory.h"
#include "engine/network/measure_tensor.h"
#include "engine/training/initialize.h"

namespace nanscope {
namespace {

/// Bytes that are worth giving back.
constexpr std::int64_t kMuch = std::int64_t{64} << 20;

/// Writes scale * draw into the value's buffer: scaled in float, then rounded to its format.
void write_scaled(const Value& value, const at::Tensor& draw, double scale, at::Tensor& scratch) {
  // As a tensor: at::mul_out() of a Scalar makes a temporary and copies it.
  const at::Tensor factor = at::scalar_tensor(scale, at::kDouble);
  at::Tensor buffer = value.data();
  if (buffer.scalar_type() == draw.scalar_type()) {
    at::mul_out(buffer, draw, factor);
  } else {
    if (!scratch.defined() || scratch.sizes() != draw.sizes()) scratch = at::empty_like(draw);
    buffer.copy_(at::mul_out(scratch, draw, factor));
  }
  value.round_data();
}

/// Whether write_and_measure() may take these: one network in float on the CPU.
bool in_one_piece(const Value& value, const at::Tensor& draw) {
  const at::Tensor& buffer = value.data();
  return buffer.is_cpu() && buffer.dim() == 2 && buffer.scalar_type() == at::kFloat &&
         draw.scalar_type() == at::kFloat && buffer.is_contiguous() && draw.is_contiguous();
}

/// write_scaled(), part by part, and the statistics of each part while it is in the cache: a pass
/// over a large network's weights is bound by the memory.
Accumulator write_and_measure(const Value& value, const at::Tensor& draw, double scale,
                              const MeasureOptions& options) {
  const float* unit = draw.const_data_ptr<float>();
  float* weights = value.data().mutable_data_ptr<float>();
  const auto factor = static_cast<float>(scale);
  return accumulate_written(value.data(), options, [&](std::int64_t first, std::int64_t count) {
    for (std::int64_t i = first; i < first + count; ++i) weights[i] = factor * unit[i];
    round_in_place(value.format(), weights + first, static_cast<std::size_t>(count));
  });
}

/// About which share of an experiment's first pass goes into drawing its parameters, 0..1.
double drawing_share(const Experiment& experiment) {
  const PassForecast forecast = forecast_pass(experiment.network, experiment.data.batch);
  return forecast.drawing_seconds / forecast.seconds();
}

Probe probe_of(Recorder& recorder) {
  return [&recorder](int layer, const PlanTap& tap, Direction direction, const at::Tensor& values) {
    recorder.record(layer, tap, direction, values);
  };
}

/// Adds the time that it lives.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

void SignalPass::clear() {
  course_.reset();
  captured_.reset();
  plan_.reset();
  plan_key_.reset();
  scaled_ = at::Tensor();
  scale_.reset();
  weights_known_.clear();
  draws_.clear();
  holds(0);
}

PassMemory SignalPass::memory() const {
  const DrawBytes drawn = draws_.bytes();
  return {.plan = plan_ ? plan_->bytes() : 0,
          .draws = drawn.parameters,
          .input = drawn.input,
          .scratch = scaled_.defined() ? static_cast<std::int64_t>(scaled_.nbytes()) : 0};
}

void SignalPass::forget_unfinished() {
  if (course_ || memory().total() - held_bytes_ <= kMuch) return;
  clear();
  give_back_memory();
}

void SignalPass::holds(std::int64_t bytes) {
  if (held_bytes_ - bytes > kMuch) give_back_memory();
  held_bytes_ = bytes;
}

Result<int> SignalPass::prepare_data(const Experiment& experiment) {
  const DataSpec& data = experiment.data;
  if (!reads_table(data.kind)) return experiment.network.model.width;
  TableKey key{.kind = data.kind,
               .path = data.path,
               .options = table_options(data, experiment.network.precision),
               .written = {}};
  std::error_code unreadable;  // read_table() says it better
  if (data.kind == DataKind::file)
    key.written = std::filesystem::last_write_time(data.path, unreadable);
  if (unreadable || table_key_ != key) {
    auto table = read_data(data, experiment.network.precision);
    if (!table) return tl::unexpected(table.error());
    table_ = std::move(*table);
    table_key_ = key;
    draws_.forget_input();
  }
  return table_.columns;
}

Result<void> SignalPass::prepare_plan(const Experiment& experiment, const PrecisionRow& row,
                                      int features, c10::Device device, const Devices& devices) {
  const PlanKey key{.model = experiment.network.model,
                    .precision = experiment.network.precision,
                    .emulated = row.emulated,
                    .batch = experiment.data.batch,
                    .networks = experiment.network.networks,
                    .features = features,
                    .on_device = !device.is_cpu()};
  if (plan_ && plan_key_ == key) return {};
  captured_.reset();
  plan_.reset();
  plan_key_.reset();
  scaled_ = at::Tensor();
  scale_.reset();
  // Between a captured graph's operations nobody can look: every gradient has to stay.
  auto description = std::make_shared<const PlanDescription>(
      describe_plan(experiment.network, row,
                    {.batch = experiment.data.batch,
                     .features = features,
                     .gradients = gradients_of_pass(key.on_device)}));
  const std::int64_t needed =
      description->bytes() + description->draw_bytes().total() - draws_.bytes().total();
  const std::int64_t available =
      key.on_device ? devices.cuda()->available_bytes() : available_memory();
  if (auto enough = check_memory(experiment.network, experiment.data.batch, needed, available);
      !enough) {
    clear();
    return enough;
  }
  plan_ = std::make_unique<Plan>(std::move(description), device);
  plan_key_ = key;
  return {};
}

void SignalPass::write_input() {
  plan_->input().data().copy_(draws_.input().input);
  plan_->input().round_data();
}

void SignalPass::write_parameters(int layer, const Init& init, Recorder* recorder) {
  const PlanDescription& plan = plan_->description();
  const Value* measured = recorder == nullptr ? nullptr : plan_->find(layer, tap::weight);
  const auto [first, end] = plan.parameters_of(layer);
  for (std::size_t i = first; i < end; ++i) {
    const Value& value = plan_->value(plan.parameters[i].value);
    const ParameterInit kind = plan.parameters[i].draw.init;
    const at::Tensor& draw = draws_.parameters()[i];
    const double scale = scale_of(init, kind);
    at::Tensor own;
    if (&value == measured && in_one_piece(value, draw))
      recorder->set_weight(layer,
                           write_and_measure(value, draw, scale, recorder->weight_options(layer)));
    else
      write_scaled(value, draw, scale, kind == ParameterInit::weight ? scaled_ : own);
  }
}

Result<void> SignalPass::begin(SignalRequest request, const Devices& devices) {
  const Experiment& experiment = request.experiment;
  // A look reads files of /proc: what one thread does alone is quicker without.
  if (plan_ && useful_threads(*plan_) > 1) threads_.look();
  if (const auto errors = validate(experiment); !errors.empty()) return tl::unexpected(errors[0]);
  const auto device = devices.choose(experiment.network.device);
  if (!device) return tl::unexpected(device.error());
  const auto row =
      precision_row(experiment.network.precision, experiment.network.execution, device->is_cuda());
  if (!row) return tl::unexpected(row.error());
  const auto features = prepare_data(experiment);
  if (!features) return tl::unexpected(features.error());
  if (const auto plan = prepare_plan(experiment, *row, *features, *device, devices); !plan)
    return tl::unexpected(plan.error());
  const bool redrawn = draws_.begin_parameters(experiment.network, plan_->description(), *device);
  if (redrawn) scale_.reset();
  course_.emplace(Course{.request = std::move(request),
                         .devices = &devices,
                         .device = *device,
                         .row = *row,
                         .redrawn = redrawn,
                         .stage = redrawn ? Stage::drawing : Stage::input,
                         .recorder = {}});
  return {};
}

Result<bool> SignalPass::advance(Watch& watch, const std::function<bool()>& enough) {
  Course& course = *course_;
  // Between two calls others may have set another number of threads.
  std::optional<ThreadLimit> limit;
  while (true) {
    const bool passes = course.stage != Stage::drawing && course.stage != Stage::input;
    if (passes && !limit) limit.emplace(course.most_threads);
    const Result<bool> last = step(course, watch);
    if (!last || *last || enough()) return last;
  }
}

Result<bool> SignalPass::step(Course& course, Watch& watch) {
  switch (course.stage) {
    case Stage::drawing:
      return draw(course, watch);
    case Stage::input:
      return take_input(course, watch);
    case Stage::forward:
      return forward(course, watch);
    case Stage::backward:
      return backward(course, watch);
    case Stage::captured:
      break;
  }
  return run_captured(course, watch);
}

double SignalPass::forecast_seconds() const {
  const Experiment& experiment = course_->request.experiment;
  const PassForecast forecast = forecast_pass(experiment.network, experiment.data.batch,
                                              speed_.of(experiment.network.precision));
  return course_->redrawn ? forecast.seconds() : forecast.passing_seconds;
}

Result<bool> SignalPass::draw(Course& course, Watch& watch) {
  const Stopwatch stopwatch(course.drawing_seconds);
  const Experiment& experiment = course.request.experiment;
  watch.enter_part(0, drawing_share(experiment));
  const Result<bool> complete = draws_.draw_layer(watch);
  if (!complete) return complete;
  if (*complete) course.stage = Stage::input;
  return false;
}

Result<bool> SignalPass::take_input(Course& course, Watch& watch) {
  const Experiment& experiment = course.request.experiment;
  watch.enter_part(course.redrawn ? drawing_share(experiment) : 0, 1);
  const auto input = draws_.prepare_input(experiment.data, &table_, plan_->description());
  if (!input) return tl::unexpected(input.error());
  // A result is what these give, to the bit, also where fewer calculate it.
  course.threads = useful_threads(*plan_);
  if (course.threads > 1) threads_.look();
  course.most_threads = threads_.choose(*plan_);
  const Stopwatch stopwatch(course.seconds);
  write_input();
  const Scale wanted{experiment.network.init.gain, experiment.network.init.bias_std};
  course.rewrite = scale_ != wanted;
  if (course.rewrite) scale_.reset();  // a cancelled pass leaves some layers at the old scale
  if (!course.device.is_cpu()) {
    course.stage = Stage::captured;
    return false;
  }
  course.stage = Stage::forward;
  course.recorder = std::make_unique<Recorder>(experiment.network, experiment.data.batch, *plan_,
                                               Recorder::Reading::at_once);
  course.recorder->count_histogram(course.request.histogram);
  if (!course.rewrite) course.recorder->reuse_weights(weights_known_);
  return false;
}

Result<bool> SignalPass::forward(Course& course, Watch& watch) {
  const Stopwatch stopwatch(course.seconds);
  const Init& init = course.request.experiment.network.init;
  const int layers = plan_->layers();
  const bool begins = !course.rewritten;
  if (begins && !watch.step("forward pass, layer {} of {}", course.layer, layers,
                            course.layer / (2.0 * layers)))
    return cancelled_error();
  // Layer by layer, so that the scaled weights are still in the cache when they are used; of a wide
  // layer, which has no room there, others may have their turn in between.
  if (course.rewrite && begins) {
    write_parameters(course.layer, init, course.recorder.get());
    course.rewritten = true;
    return false;
  }
  course.rewritten = false;
  plan_->forward(course.layer, probe_of(*course.recorder));
  if (++course.layer < layers) return false;
  if (course.rewrite) weights_known_ = course.recorder->layers();
  scale_ = Scale{init.gain, init.bias_std};
  plan_->begin_backward(draws_.input().upstream_gradient);
  course.stage = Stage::backward;
  return false;
}

Result<bool> SignalPass::backward(Course& course, Watch& watch) {
  const Stopwatch stopwatch(course.seconds);
  const int layers = plan_->layers();
  const int layer = course.layer - 1;
  if (!watch.step("backward pass, layer {} of {}", layer, layers, 1 - (layer + 1) / (2.0 * layers)))
    return cancelled_error();
  plan_->backward(layer, probe_of(*course.recorder));
  return --course.layer == 0;
}

Result<bool> SignalPass::run_captured(Course& course, Watch& watch) {
  const Stopwatch stopwatch(course.seconds);
  const Experiment& experiment = course.request.experiment;
  const int layers = plan_->layers();
  if (course.rewrite) {
    for (int layer = 0; layer < layers; ++layer)
      write_parameters(layer, experiment.network.init, nullptr);
    scale_ = Scale{experiment.network.init.gain, experiment.network.init.bias_std};
  }
  if (!watch.step("capturing the pass, layer {} of {}", 0, layers, 0)) return cancelled_error();
  const at::Tensor& upstream = draws_.input().upstream_gradient;
  if (!captured_)
    captured_ = std::make_unique<CapturedPass>(experiment.network, experiment.data.batch, *plan_,
                                               course.row, upstream, *course.devices->cuda());
  captured_->run(upstream, course.request.histogram);
  return true;
}

SignalSnapshot SignalPass::snapshot_of(const Experiment& experiment,
                                       const Recorder& recorder) const {
  SignalSnapshot snapshot;
  snapshot.experiment = experiment;
  snapshot.layers = recorder.layers();
  snapshot.first_nonfinite = find_first_nonfinite(snapshot.layers);
  snapshot.seeds = recorder.seeds();
  snapshot.input = draws_.input().moments;
  if (experiment.data.kind == DataKind::file) snapshot.table = table_.reading;
  snapshot.cost.statistics_seconds = recorder.seconds();
  snapshot.plan = plan_->shared_description();
  const PlanDescription& plan = *snapshot.plan;
  snapshot.cost.flops = plan.forward_cost().flops + plan.backward_cost().flops;
  snapshot.cost.memory = memory();
  const auto predicted = predict_signal(experiment.network, experiment.data, snapshot.input);
  for (std::size_t i = 0; i < std::min(predicted.size(), snapshot.layers.size()); ++i)
    snapshot.layers[i].predicted = predicted[i];
  return snapshot;
}

SignalSnapshot SignalPass::finish() {
  const Course& course = *course_;
  SignalSnapshot snapshot = snapshot_of(course.request.experiment,
                                        course.recorder ? *course.recorder : captured_->recorder());
  snapshot.device = course.device.is_cpu() ? "cpu" : "cuda";
  snapshot.device_name = course.devices->name(course.device);
  snapshot.threads = course.threads;
  snapshot.precision = precision_uses(course.row);
  snapshot.activation_format = course.row.elementwise->name;
  snapshot.histogram_tensor = course.request.histogram.value_or(SignalTensor::activation);
  snapshot.cost.seconds = course.seconds;
  const Experiment& experiment = snapshot.experiment;
  speed_.learn(experiment.network, experiment.data.batch, course.redrawn,
               course.drawing_seconds + course.seconds);
  snapshot.cost.speed = speed_.of(experiment.network.precision);
  course_.reset();
  holds(snapshot.cost.memory.total());
  return snapshot;
}

void SignalPass::abandon() {
  // What is drawn by half is of no use, and as large as what is whole.
  if (course_ && course_->stage == Stage::drawing) draws_.clear();
  course_.reset();
}

Result<SignalSnapshot> SignalPass::run(const SignalRequest& request, const Devices& devices,
                                       Watch& watch) {
  if (const auto begun = begin(request, devices); !begun) return tl::unexpected(begun.error());
  const Result<bool> last = advance(watch, [] { return false; });
  if (last) return finish();
  abandon();
  return tl::unexpected(last.error());
}

}  // namespace nanscope
