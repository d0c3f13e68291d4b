#include "engine/signal/signal_pass.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <chrono>

#include "engine/experiment/validate.h"
#include "engine/machine/memory.h"
#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

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

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

void SignalPass::clear() {
  captured_.reset();
  plan_.reset();
  plan_key_.reset();
  scaled_ = at::Tensor();
  scale_.reset();
  weights_known_.clear();
  draws_.clear();
}

Result<int> SignalPass::prepare_data(const Experiment& experiment) {
  const DataSpec& data = experiment.data;
  if (data.kind == DataKind::normal || data.kind == DataKind::constant_norm)
    return experiment.network.model.width;
  TableKey key{.kind = data.kind, .path = data.path, .written = {}};
  std::error_code unreadable;  // read_table() says it better
  if (data.kind == DataKind::file)
    key.written = std::filesystem::last_write_time(data.path, unreadable);
  if (unreadable || table_key_ != key) {
    auto table = data.kind == DataKind::digits ? read_digits() : read_table(data.path);
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
      description->bytes() + Draws::predicted_bytes(experiment, features) - draws_.bytes();
  const std::int64_t available =
      key.on_device ? devices.cuda()->available_bytes() : available_memory();
  if (auto enough = check_memory(experiment, needed, available); !enough) {
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
  const Value& weight = *plan_->find(layer, tap::weight);
  const at::Tensor& draw = draws_.parameters().weights[layer];
  if (recorder != nullptr && in_one_piece(weight, draw))
    recorder->set_weight(
        layer, write_and_measure(weight, draw, init.gain, recorder->weight_options(layer)));
  else
    write_scaled(weight, draw, init.gain, scaled_);
  const Value* bias = plan_->find(layer, tap::bias);
  if (bias == nullptr) return;
  at::Tensor scratch;
  write_scaled(*bias, draws_.parameters().biases[layer], init.bias_std, scratch);
}

Result<SignalPass::Setting> SignalPass::prepare(const Experiment& experiment,
                                                const Devices& devices, Watch& watch) {
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
  const double share = Draws::predicted_share(experiment);
  watch.enter_part(0, share);
  const auto redrawn = draws_.prepare_parameters(experiment, *features, *device, watch);
  if (!redrawn) return tl::unexpected(redrawn.error());
  watch.enter_part(*redrawn ? share : 0, 1);
  if (*redrawn) scale_.reset();
  if (const auto input = draws_.prepare_input(experiment, &table_, *features); !input)
    return tl::unexpected(input.error());
  return Setting{*device, *row};
}

Result<void> SignalPass::run_layers(const Experiment& experiment, Recorder& recorder,
                                    Watch& watch) {
  const Scale wanted{experiment.network.init.gain, experiment.network.init.bias_std};
  const bool rewrite = scale_ != wanted;
  if (rewrite)
    scale_.reset();  // a cancelled pass leaves some layers at the old scale
  else
    recorder.reuse_weights(weights_known_);
  const Probe probe = [&recorder](int layer, const PlanTap& tap, Direction direction,
                                  const at::Tensor& values) {
    recorder.record(layer, tap, direction, values);
  };
  write_input();
  const int layers = plan_->layers();
  for (int layer = 0; layer < layers; ++layer) {
    if (!watch.step("forward pass", layer, layers, layer / (2.0 * layers)))
      return Watch::cancelled();
    // Layer by layer, so that the scaled weights are still in the cache when they are used.
    if (rewrite) write_parameters(layer, experiment.network.init, &recorder);
    plan_->forward(layer, probe);
  }
  if (rewrite) weights_known_ = recorder.layers();
  scale_ = wanted;
  plan_->begin_backward(draws_.input().upstream_gradient);
  for (int layer = layers; layer-- > 0;) {
    if (!watch.step("backward pass", layer, layers, 1 - (layer + 1) / (2.0 * layers)))
      return Watch::cancelled();
    plan_->backward(layer, probe);
  }
  return {};
}

Result<void> SignalPass::run_captured(const SignalRequest& request, const PrecisionRow& row,
                                      const CudaUnit& cuda, Watch& watch) {
  const Experiment& experiment = request.experiment;
  const Scale wanted{experiment.network.init.gain, experiment.network.init.bias_std};
  const int layers = plan_->layers();
  if (scale_ != wanted) {
    scale_.reset();
    for (int layer = 0; layer < layers; ++layer)
      write_parameters(layer, experiment.network.init, nullptr);
    scale_ = wanted;
  }
  write_input();
  if (!watch.step("capturing the pass", 0, layers, 0)) return Watch::cancelled();
  const at::Tensor& upstream = draws_.input().upstream_gradient;
  if (!captured_)
    captured_ = std::make_unique<CapturedPass>(experiment, *plan_, row, upstream, cuda);
  captured_->run(upstream, request.histogram);
  return {};
}

SignalSnapshot SignalPass::snapshot_of(const Experiment& experiment,
                                       const Recorder& recorder) const {
  SignalSnapshot snapshot;
  snapshot.experiment = experiment;
  snapshot.layers = recorder.layers();
  snapshot.first_nonfinite = find_first_nonfinite(snapshot.layers);
  snapshot.seeds = recorder.seeds();
  snapshot.input = draws_.input().moments;
  snapshot.cost.statistics_seconds = recorder.seconds();
  snapshot.plan = plan_->shared_description();
  const PlanDescription& plan = *snapshot.plan;
  snapshot.cost.flops = plan.forward_cost().flops + plan.backward_cost().flops;
  snapshot.cost.bytes = plan_->bytes() + draws_.bytes();
  if (scaled_.defined()) snapshot.cost.bytes += static_cast<std::int64_t>(scaled_.nbytes());
  const auto predicted = predict_signal(experiment, snapshot.input);
  for (std::size_t i = 0; i < std::min(predicted.size(), snapshot.layers.size()); ++i)
    snapshot.layers[i].predicted = predicted[i];
  return snapshot;
}

Result<SignalSnapshot> SignalPass::run(const SignalRequest& request, const Devices& devices,
                                       Watch& watch) {
  const Experiment& experiment = request.experiment;
  threads_.look();
  const auto setting = prepare(experiment, devices, watch);
  if (!setting) return tl::unexpected(setting.error());

  threads_.look();
  const ThreadLimit limit(threads_.choose(*plan_));
  const auto begin = std::chrono::steady_clock::now();
  std::optional<Recorder> recorder;
  Result<void> done;
  if (setting->device.is_cpu()) {
    recorder.emplace(experiment, *plan_, Recorder::Reading::at_once);
    recorder->count_histogram(request.histogram);
    done = run_layers(experiment, *recorder, watch);
  } else {
    done = run_captured(request, setting->row, *devices.cuda(), watch);
  }
  if (!done) return tl::unexpected(done.error());
  const double seconds = seconds_since(begin);

  SignalSnapshot snapshot = snapshot_of(experiment, recorder ? *recorder : captured_->recorder());
  snapshot.device = setting->device.is_cpu() ? "cpu" : "cuda";
  snapshot.device_name = devices.name(setting->device);
  snapshot.threads = at::get_num_threads();
  snapshot.precision = precision_uses(setting->row);
  snapshot.activation_format = setting->row.elementwise->name;
  snapshot.histogram_tensor = request.histogram.value_or(SignalTensor::activation);
  snapshot.cost.seconds = seconds;
  return snapshot;
}

}  // namespace nanscope
