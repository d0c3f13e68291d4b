#include "engine/costs/transformer/estimate.h"

#include <fmt/format.h>

#include <algorithm>

namespace nanscope {
namespace {

constexpr std::int64_t kLongest = 100'000'000;  // tokens of a sequence, and sequences
constexpr std::int64_t kUsualLength = 4096;

Result<void> check_count(const char* option, std::int64_t value) {
  if (value >= 1 && value <= kLongest) return {};
  return input_error(option, "{} is not allowed; it takes 1 to {}.", value, kLongest);
}

Result<void> check_request(const Transformer& one, const CostRequest& request, std::int64_t batch,
                           std::int64_t length) {
  // The batch is by default that of --micro-batches, which is looked at first.
  for (const auto& [option, value] : {std::pair{"--micro-batches", request.accumulation},
                                      {"--batch", batch},
                                      {"--length", length}})
    if (auto good = check_count(option, value); !good) return good;
  if (one.positions > 0 && length > one.positions)
    return input_error(
        "--length",
        "{} is longer than the {} positions that the model has learned; positions={} "
        "gives it more.",
        length, one.positions, length);
  if (batch % request.accumulation != 0)
    return input_error("--micro-batches", "{} micro-batches do not divide a batch of {} sequences.",
                       request.accumulation, batch);
  if (request.optimizer_bits != 8 && request.optimizer_bits != 32)
    return input_error("--optimizer-bits", "{} is not allowed; it takes 8 or 32.",
                       request.optimizer_bits);
  if (request.seconds && !(*request.seconds > 0 && *request.seconds < 1e12))
    return input_error("--seconds", "{} is not allowed; it takes a number above 0.",
                       *request.seconds);
  if (auto good = check_parallelism(one, request.parallel); !good) return good;
  if (length % request.parallel.context != 0)
    return input_error("--context", "{} tokens do not divide among {} devices.", length,
                       request.parallel.context);
  return {};
}

void add_switches(CostEstimate& result, const CostRequest& request) {
  const auto add = [&](const char* option, std::string_view value, std::string source) {
    result.switches.push_back({option, std::string(value), std::move(source)});
  };
  const bool full = request.attention == AttentionFlops::full;
  add("--attention", name_of(request.attention),
      full ? "all T^2 pairs, as PaLM, nanoGPT and Korthikanti et al. 2022 count"
           : "half of them, as recent Megatron-LM and MaxText count");
  add("--precision", name_of(request.precision), "");
  add("--convention", name_of(result.bytes.convention),
      std::string(source_of(result.bytes.convention)));
  add("--optimizer", name_of(request.optimizer), "");
  add("--optimizer-bits", std::to_string(request.optimizer_bits),
      request.optimizer_bits == 8
          ? "Dettmers et al. 2022: a byte a number, fp32 a block of 256, small tensors in fp32"
          : "");
  const bool llama = result.activations == ActivationsConvention::llama;
  add("--activations", name_of(result.activations),
      llama ? "flash attention, no dropout, RMSNorm on an fp32 copy, each tensor once"
            : "Korthikanti et al. 2022: dropout masks, and scores kept");
  add("--recompute", name_of(request.recompute), "Korthikanti et al. 2022");
  add("--zero", std::to_string(request.parallel.zero),
      "Rajbhandari et al. 2020; divides by data-parallel and context-parallel devices");
  const Parallelism& parallel = request.parallel;
  const auto add_shared = [&](const char* option, std::int64_t value, const char* source) {
    if (value > 1) add(option, std::to_string(value), source);
  };
  add_shared("--micro-batches", request.accumulation, "gone through one after another");
  add_shared("--tensor", parallel.tensor, "Shoeybi et al. 2019: heads, inner width, vocabulary");
  if (parallel.sequence)
    add("--sequence-parallel", "on", "Korthikanti et al. 2022: what lies between the matrices");
  add_shared("--pipeline", parallel.pipeline,
             "Narayanan et al. 2021: one forward, one backward; the first stage holds most");
  add_shared("--context", parallel.context, "Liu et al. 2023, ring attention: each sequence");
  add_shared("--expert", parallel.expert, "Lepikhin et al. 2020, GShard: the experts of a layer");
}

void add_notes(CostEstimate& result, const Transformer& one, const CostRequest& request) {
  const bool llama = result.activations == ActivationsConvention::llama;
  if (llama && request.recompute == Recompute::selective)
    result.notes.emplace_back(
        "--recompute selective drops nothing here: flash attention keeps no scores");
  if (result.length > one.context)
    result.notes.emplace_back("--length is longer than the model's context");
  if (one.kv_heads < request.parallel.tensor && !one.latent)
    result.notes.emplace_back(
        "--tensor is more than the heads of keys and values, which several devices then repeat");
  if (request.parallel.zero == 3)
    result.notes.emplace_back(
        "the weights that --zero 3 gathers for a layer, and drops behind it, are left out");
  if (result.bytes.weights == 1) result.notes.emplace_back(kAllInFp8);
  if (one.latent && request.parallel.tensor > 1)
    result.notes.emplace_back(
        "the cache of latent attention has no heads: each device of --tensor keeps all of it");
}

TrainingMemoryRequest memory_request(const CostEstimate& result, const CostRequest& request) {
  const bool in_16_bits = bytes_of(request.precision) == 2;
  return {.bytes = result.bytes,
          .activations = {.convention = result.activations,
                          .length = result.length,
                          .bytes = in_16_bits ? 2 : bytes_of(request.precision),
                          .recompute = request.recompute,
                          .tensor = request.parallel.tensor,
                          .sequence_parallel = request.parallel.sequence},
          .batch = result.batch,
          .accumulation = request.accumulation,
          .parallel = request.parallel};
}

/// The most sequences of a micro-batch, or tokens of each, with which training fits.
void add_what_fits(DeviceEstimate& device, const Transformer& one, const CostRequest& request,
                   TrainingMemoryRequest training) {
  const double room = request.device->bytes;
  const auto bytes_with = [&](std::int64_t batch, std::int64_t length) {
    training.batch = batch * request.accumulation;
    training.activations.length = length;
    return largest_stage(stage_memory(one, training)).total();
  };
  const std::int64_t batch = training.batch / request.accumulation;
  const std::int64_t length = training.activations.length;
  device.fits = bytes_with(batch, length) <= room;
  device.largest_batch =
      largest_that_fits([&](std::int64_t n) { return bytes_with(n, length); }, room, kLongest);
  device.largest_length = largest_that_fits([&](std::int64_t n) { return bytes_with(batch, n); },
                                            room, one.positions > 0 ? one.positions : kLongest);
}

DeviceEstimate estimate_on_device(const Transformer& one, const CostRequest& request,
                                  const CostEstimate& result, double peak) {
  const DeviceSheet& sheet = *request.device;
  DeviceEstimate device{.device = sheet.name, .peak = peak};
  add_what_fits(device, one, request, memory_request(result, request));
  // One device of each pipeline stage, which share the layers: what tensor parallelism cannot
  // divide each of its devices holds.
  const std::int64_t tensor = request.parallel.tensor;
  const double room = sheet.bytes * static_cast<double>(request.parallel.pipeline) -
                      weight_bytes_of_device(one, result.inference_bytes, tensor);
  const auto cache_with = [&](std::int64_t batch, std::int64_t length) {
    return cache_bytes(one, batch, length, result.inference_bytes) / cache_parts(one, tensor);
  };
  device.inference_batch = largest_that_fits(
      [&](std::int64_t n) { return cache_with(n, result.length); }, room, kLongest);
  device.inference_length =
      largest_that_fits([&](std::int64_t n) { return cache_with(result.batch, n); }, room,
                        one.positions > 0 ? one.positions : kLongest);
  // Of a precision that the table has no peak of, that of training computes.
  const double own =
      peak_of(sheet, request.inference_precision.value_or(request.precision)).value_or(peak);
  // Pipeline stages wait for one another within a token; tensor-parallel devices do not.
  device.decode = decode_time(one, result.batch, result.length, result.inference_bytes,
                              result.inference_bytes, own, sheet.bytes_per_second, tensor);
  const double replica =
      static_cast<double>(request.parallel.devices) / static_cast<double>(request.parallel.data());
  device.step_seconds = result.flops.hardware() / (peak * replica);
  return device;
}

/// Of a step that is faster than the peak: which figure may be wrong.
void add_note_of_utilisation(CostEstimate& result, const CostRequest& request, double peak) {
  const double mfu = result.utilisation->mfu;
  if (mfu <= 1) return;
  std::string note = fmt::format("an MFU of {:.3g} cannot be: {} does {:.4g} FLOP/s in {}", mfu,
                                 request.device->name, peak, peak_name(request.precision));
  for (const auto& [name, other] : request.device->flop_per_second)
    if (other > peak && mfu * peak / other <= 1)
      note +=
          fmt::format("; if it ran in {}, it is {:.3g} of {:.4g}", name, mfu * peak / other, other);
  result.notes.push_back(note + ". Or --seconds, --batch or --devices are another step's");
}

}  // namespace

Result<CostEstimate> estimate(const Transformer& one, const CostRequest& request) {
  if (auto good = check_architecture(one); !good) return tl::unexpected(good.error());
  CostEstimate result;
  result.batch = request.batch.value_or(request.accumulation);
  result.length = request.length.value_or(std::min(kUsualLength, one.context));
  if (auto good = check_request(one, request, result.batch, result.length); !good)
    return tl::unexpected(good.error());
  const auto bytes = bytes_per_parameter(request.precision, request.optimizer, request.convention,
                                         request.optimizer_bits == 8);
  if (!bytes) return tl::unexpected(bytes.error());
  result.bytes = *bytes;
  result.activations = request.activations.value_or(usual_activations(one));
  result.parameters = count_parameters(one);
  result.flops = step_flops(one, result.batch, result.length, request.attention, request.recompute,
                            result.activations == ActivationsConvention::llama);
  const double tokens = static_cast<double>(result.batch) * static_cast<double>(result.length);
  const double active = static_cast<double>(result.parameters.active);
  result.rule_with_embeddings = 6 * active * tokens;
  result.rule_without_embeddings =
      6 * static_cast<double>(result.parameters.active_without_embedding) * tokens;
  result.palm_step = tokens * palm_flops_per_token(active, static_cast<double>(one.layers),
                                                   static_cast<double>(one.heads),
                                                   static_cast<double>(one.key_dim()),
                                                   static_cast<double>(result.length));
  const TrainingMemoryRequest training = memory_request(result, request);
  result.layer_terms = activation_terms(one, one.layers - 1, training.activations);
  result.layer_activations = layer_activations(one, one.layers - 1, training.activations);
  result.stages = stage_memory(one, training);
  result.memory = largest_stage(result.stages);
  result.bubble = pipeline_bubble(request.parallel, request.accumulation);
  result.inference_bytes = bytes_of(request.inference_precision.value_or(request.precision));
  result.cache_per_token = cache_bytes_per_token(one, result.inference_bytes);
  result.cache = cache_bytes(one, result.batch, result.length, result.inference_bytes);
  result.cache_per_device = result.cache / (cache_parts(one, request.parallel.tensor) *
                                            static_cast<double>(request.parallel.pipeline));
  add_switches(result, request);
  add_notes(result, one, request);
  if (!request.device) {
    if (request.seconds)
      return input_error("--seconds",
                         "has no effect without --device or --peak, whose FLOP/s the step's are "
                         "compared with.");
    return result;
  }
  const auto peak = peak_of(*request.device, request.precision);
  if (!peak) return tl::unexpected(peak.error());
  // Of a device of one's own perhaps only the peak is known.
  if (request.device->bytes > 0 && request.device->bytes_per_second > 0)
    result.on_device = estimate_on_device(one, request, result, *peak);
  if (request.seconds) {
    const double most = *request.seconds * *peak * static_cast<double>(request.parallel.devices) /
                        static_cast<double>(request.parallel.data());
    result.utilisation = Utilisation{.mfu = result.flops.step() / most,
                                     .hfu = result.flops.hardware() / most,
                                     .palm_mfu = result.palm_step / most};
    if (request.recompute == Recompute::selective)
      result.utilisation->hfu_korthikanti = result.flops.hardware_korthikanti() / most;
    add_note_of_utilisation(result, request, *peak);
  }
  return result;
}

}  // namespace nanscope
