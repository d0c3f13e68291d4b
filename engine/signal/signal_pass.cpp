#include "engine/signal/signal_pass.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>

#include <algorithm>
#include <chrono>

#include "engine/experiment/validate.h"
#include "engine/signal/memory.h"

namespace nanscope {
namespace {

/// Writes scale * draw into the value's buffer: scaled in float, then rounded to its format.
void write_scaled(const Value& value, const at::Tensor& draw, double scale, at::Tensor& scratch) {
  at::Tensor buffer = value.data();
  if (buffer.scalar_type() == draw.scalar_type()) {
    at::mul_out(buffer, draw, at::Scalar(scale));
  } else {
    if (!scratch.defined() || scratch.sizes() != draw.sizes()) scratch = at::empty_like(draw);
    buffer.copy_(at::mul_out(scratch, draw, at::Scalar(scale)));
  }
  value.round_data();
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

void SignalPass::clear() {
  plan_.reset();
  plan_key_.reset();
  scaled_ = at::Tensor();
  scale_.reset();
  weights_known_.clear();
  draws_.clear();
}

Result<int> SignalPass::prepare_data(const Experiment& experiment) {
  const DataKind kind = experiment.data.kind;
  if (kind == DataKind::normal || kind == DataKind::constant_norm) return experiment.model.width;
  if (table_of_ != experiment.data) {
    auto table = kind == DataKind::digits ? read_digits() : read_table(experiment.data.path);
    if (!table) return tl::unexpected(table.error());
    table_ = std::move(*table);
    table_of_ = experiment.data;
    draws_.clear();
  }
  return table_.columns;
}

Result<void> SignalPass::prepare_plan(const Experiment& experiment, const PrecisionRow& row,
                                      int features, c10::Device device) {
  const PlanKey key{experiment.model, experiment.precision, row.emulated,
                    experiment.batch, experiment.networks,  features,
                    !device.is_cpu()};
  if (plan_ && plan_key_ == key) return {};
  plan_.reset();
  plan_key_.reset();
  scale_.reset();
  const Plan outline(experiment, row, {.features = features, .device = c10::kMeta});
  const std::int64_t needed =
      outline.bytes() + Draws::predicted_bytes(experiment, features) - draws_.bytes();
  if (device.is_cpu())
    if (auto enough = check_memory(experiment, needed, available_memory()); !enough) {
      clear();
      return enough;
    }
  plan_ =
      std::make_unique<Plan>(experiment, row, PlanOptions{.features = features, .device = device});
  plan_key_ = key;
  return {};
}

void SignalPass::write_parameters(int layer, const Init& init) {
  const PlanLayer& part = plan_->layers()[layer];
  write_scaled(*part.weight, draws_.parameters().weights[layer], init.gain, scaled_);
  if (part.bias == nullptr) return;
  at::Tensor scratch;
  write_scaled(*part.bias, draws_.parameters().biases[layer], init.bias_std, scratch);
}

Result<SignalPass::Setting> SignalPass::prepare(const Experiment& experiment,
                                                const Devices& devices, Watch& watch) {
  if (const auto errors = validate(experiment); !errors.empty()) return tl::unexpected(errors[0]);
  const auto device = devices.choose(experiment.device);
  if (!device) return tl::unexpected(device.error());
  const auto row = precision_row(experiment.precision, experiment.execution, device->is_cuda());
  if (!row) return tl::unexpected(row.error());
  const auto features = prepare_data(experiment);
  if (!features) return tl::unexpected(features.error());
  if (const auto plan = prepare_plan(experiment, *row, *features, *device); !plan)
    return tl::unexpected(plan.error());
  const auto redrawn = draws_.prepare_parameters(experiment, *features, *device, watch);
  if (!redrawn) return tl::unexpected(redrawn.error());
  if (*redrawn) scale_.reset();
  if (const auto input = draws_.prepare_input(experiment, &table_, *features); !input)
    return tl::unexpected(input.error());
  return Setting{*device, *row};
}

Result<void> SignalPass::run_layers(const Experiment& experiment, Recorder& recorder,
                                    Watch& watch) {
  const Scale wanted{experiment.init.gain, experiment.init.bias_std};
  const bool rewrite = scale_ != wanted;
  if (rewrite)
    scale_.reset();  // a cancelled pass leaves some layers at the old scale
  else
    recorder.reuse_weights(weights_known_);
  const Probe probe = [&recorder](int layer, Tensor which, const at::Tensor& values) {
    recorder.record(layer, which, values);
  };
  plan_->input().data().copy_(draws_.input().input);
  plan_->input().round_data();
  const int layers = static_cast<int>(plan_->layers().size());
  for (int layer = 0; layer < layers; ++layer) {
    if (!watch.step("forward pass", layer, layers)) return Watch::cancelled();
    // Layer by layer, so that the scaled weights are still in the cache when they are used.
    if (rewrite) write_parameters(layer, experiment.init);
    plan_->forward(layer, probe);
  }
  if (rewrite) weights_known_ = recorder.layers();
  scale_ = wanted;
  plan_->begin_backward(draws_.input().upstream_gradient);
  for (int layer = layers; layer-- > 0;) {
    if (!watch.step("backward pass", layer, layers)) return Watch::cancelled();
    plan_->backward(layer, probe);
  }
  return {};
}

Result<SignalSnapshot> SignalPass::run(const SignalRequest& request, const Devices& devices,
                                       Watch& watch) {
  const Experiment& experiment = request.experiment;
  const auto setting = prepare(experiment, devices, watch);
  if (!setting) return tl::unexpected(setting.error());

  const auto begin = std::chrono::steady_clock::now();
  Recorder recorder(experiment, *plan_, request.histogram);
  if (const auto done = run_layers(experiment, recorder, watch); !done)
    return tl::unexpected(done.error());
  const double seconds = seconds_since(begin);

  SignalSnapshot snapshot;
  snapshot.experiment = experiment;
  snapshot.device = setting->device.is_cpu() ? "cpu" : "cuda";
  snapshot.device_name = devices.name(setting->device);
  snapshot.threads = at::get_num_threads();
  snapshot.layers = std::move(recorder.layers());
  snapshot.first_nonfinite = find_first_nonfinite(snapshot.layers);
  snapshot.seeds = recorder.seeds();
  snapshot.precision = precision_uses(setting->row);
  snapshot.activation_format = setting->row.elementwise->name;
  snapshot.histogram_tensor = request.histogram.value_or(Tensor::activation);
  snapshot.input = draws_.input().moments;
  snapshot.cost = {.seconds = seconds,
                   .statistics_seconds = recorder.seconds(),
                   .flops = plan_->cost().flops,
                   .bytes = plan_->bytes() + draws_.bytes()};
  const auto predicted = predict_signal(experiment, snapshot.input);
  for (std::size_t i = 0; i < std::min(predicted.size(), snapshot.layers.size()); ++i)
    snapshot.layers[i].predicted = predicted[i];
  return snapshot;
}

}  // namespace nanscope
