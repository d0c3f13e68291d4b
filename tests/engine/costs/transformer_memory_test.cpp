// Memory of training and generating, against published formulas and figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/costs/transformer/config.h"
#include "engine/costs/transformer/inference.h"
#include "engine/costs/transformer/training_memory.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

Transformer memory_model(const std::string& name) { return find_transformer(name)->architecture; }

BytesPerParameter bytes_with(Precision precision, std::optional<BytesConvention> convention = {},
                             OptimizerKind optimizer = OptimizerKind::adam, bool eight = false) {
  return *bytes_per_parameter(precision, optimizer, convention, eight);
}

TEST(TrainingBytes, AreThoseOfEachConvention) {
  EXPECT_EQ(bytes_with(Precision::fp32).total(), 16);
  EXPECT_EQ(bytes_with(Precision::mixed_bf16).total(), 16);  // ZeRO
  EXPECT_EQ(bytes_with(Precision::bf16, BytesConvention::cs336).total(), 12);
  EXPECT_EQ(bytes_with(Precision::mixed_bf16, BytesConvention::megatron).total(), 18);
  EXPECT_EQ(bytes_with(Precision::mixed_fp16, BytesConvention::fp32_copies).total(), 20);
  EXPECT_EQ(bytes_with(Precision::mixed_fp16, BytesConvention::uniform).total(), 16);
  EXPECT_EQ(bytes_with(Precision::fp32, {}, OptimizerKind::sgd).total(), 8);
  EXPECT_EQ(bytes_with(Precision::fp32, {}, OptimizerKind::amsgrad).total(), 20);
  EXPECT_EQ(bytes_with(Precision::fp64, {}, OptimizerKind::lion).total(), 24);
}

TEST(TrainingBytes, OfEightBitAdamAreThoseOfItsBlocks) {
  // Dettmers et al. 2022: 2 uint8 and 2 fp32 a block of 256: 2.03125 B a parameter.
  const BytesPerParameter eight = bytes_with(Precision::fp32, {}, OptimizerKind::adam, true);
  EXPECT_EQ(eight.optimizer(), 2.03125);
  EXPECT_EQ(eight.optimizer_of(1 << 20), 2.03125 * (1 << 20));
  EXPECT_EQ(eight.optimizer_of(4095), 8.0 * 4095);  // stays in fp32
  EXPECT_EQ(eight.optimizer_of(4096), 2.0 * 4096 + 2 * 4 * 16);
  EXPECT_EQ(eight.optimizer_of(4097), 2.0 * 4097 + 2 * 4 * 17);
}

TEST(TrainingBytes, RefuseAConventionOfOtherFormats) {
  const auto wrong =
      bytes_per_parameter(Precision::fp32, OptimizerKind::adam, BytesConvention::zero, false);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(to_string(wrong.error()), HasSubstr("--convention: zero is of 16-bit weights"));
  EXPECT_FALSE(bytes_per_parameter(Precision::fp32, OptimizerKind::sgd, {}, true));
}

TEST(Activations, OfAGptAreKorthikantis) {
  // Korthikanti et al. 2022, table 2: T B C (34 + 5 a T / C) a layer, of 175B 2,868,903,936 bytes.
  const Transformer one = memory_model("gpt3-175b");
  const double T = 2048, C = 12288, a = 96, t = 8;
  const auto per_layer = [&](ActivationsRequest request) {
    request.length = 2048;
    return T * layer_activations(one, 0, request);
  };
  EXPECT_EQ(per_layer({}), 2'868'903'936.0);
  EXPECT_EQ(per_layer({.recompute = Recompute::selective}), T * C * 34);
  EXPECT_EQ(per_layer({.recompute = Recompute::full}), T * C * 2);
  EXPECT_EQ(per_layer({.tensor = 8}), T * C * (10 + 24 / t + 5 * a * T / (C * t)));
  EXPECT_EQ(per_layer({.tensor = 8, .sequence_parallel = true}), T * C / t * (34 + 5 * a * T / C));
  EXPECT_EQ(per_layer({.recompute = Recompute::selective, .tensor = 8, .sequence_parallel = true}),
            T * C * 34 / t);
}

TEST(Activations, OfALlamaAreThoseOfItsFormula) {
  // reference/accounting.md: 16 h + 4 n_h d + 4 n_kv d + 8 f + 4 n_h + 8 a token.
  for (const char* name : {"llama-2-7b", "llama-3-8b", "llama-3-70b"}) {
    const Transformer one = memory_model(name);
    const ActivationsRequest request{.convention = ActivationsConvention::llama, .length = 4096};
    EXPECT_EQ(layer_activations(one, 3, request), 16 * one.width + 4 * one.heads * one.head_dim +
                                                      4 * one.kv_heads * one.head_dim +
                                                      8 * one.mlp_width + 4 * one.heads + 8)
        << name;
  }
}

TEST(TrainingMemory, OfZeroIsDividedByDataParallelDevices) {
  // Rajbhandari et al. 2020, figure 1: 7.5e9 parameters, 64 devices, mixed Adam:
  // 120, 31.4, 16.6 and 1.9 GB.
  const double expected[] = {120e9, 31.40625e9, 16.640625e9, 1.875e9};
  for (int stage = 0; stage < 4; ++stage) {
    const Shares shares = zero_shares(stage, 64);
    EXPECT_DOUBLE_EQ(7.5e9 * (2 * shares.weights + 2 * shares.gradients + 12 * shares.optimizer),
                     expected[stage]);
  }
}

TEST(TrainingMemory, OfZeroIsThatOfItsTable) {
  // Rajbhandari et al. 2020, table 1, in GB to the digits that it has: data-parallel devices, then
  // 7.5B, 128B and 1T parameters under stages 1 to 3.
  struct Row {
    double devices;
    double gigabytes[3][3];
  };
  const Row rows[] = {{4, {{52.5, 41.3, 30}, {896, 704, 512}, {7000, 5500, 4000}}},
                      {64, {{31.4, 16.6, 1.88}, {536, 284, 32}, {4187, 2218, 250}}},
                      {1024, {{30.1, 15.1, 0.12}, {513, 257, 2}, {4011, 2013, 15.6}}}};
  const double parameters[] = {7.5, 128, 1000};
  for (const Row& row : rows)
    for (int model = 0; model < 3; ++model)
      for (int stage = 1; stage <= 3; ++stage) {
        const Shares shares = zero_shares(stage, row.devices);
        const double expected = row.gigabytes[model][stage - 1];
        EXPECT_NEAR(
            parameters[model] * (2 * shares.weights + 2 * shares.gradients + 12 * shares.optimizer),
            expected, 0.005 * expected + 0.005);
      }
}

double static_bytes(const Transformer& one, const Parallelism& parallel,
                    Precision precision = Precision::mixed_bf16) {
  const DeviceMemory memory = largest_stage(stage_memory(
      one, {.bytes = bytes_with(precision), .activations = {.length = 64}, .parallel = parallel}));
  return memory.total() - memory.activations;
}

TEST(TrainingMemory, OfOneDeviceIsAllOfIt) {
  const Transformer one = memory_model("llama-2-7b");
  EXPECT_EQ(static_bytes(one, {}), 16 * 6'738'415'616.0);
  // Each of two replicas holds as much, ZeRO 3 a half.
  EXPECT_EQ(static_bytes(one, {.devices = 2}), 16 * 6'738'415'616.0);
  EXPECT_EQ(static_bytes(one, {.devices = 2, .zero = 3}), 8 * 6'738'415'616.0);
  // Of 16 devices of which 8 share each layer 2 are data-parallel: ZeRO divides by those.
  const double eighth = static_bytes(one, {.devices = 8, .tensor = 8});
  EXPECT_DOUBLE_EQ(static_bytes(one, {.devices = 16, .tensor = 8, .zero = 3}), eighth / 2);
  // Those that share a sequence hold the same weights, and ZeRO divides by them, too.
  EXPECT_DOUBLE_EQ(static_bytes(one, {.devices = 8, .context = 8, .zero = 3}), 2 * 6'738'415'616.0);
}

TEST(TrainingMemory, OfTensorParallelDevicesRepeatsNorms) {
  const Transformer one = memory_model("llama-2-7b");
  const double norms = (2 * 32 + 1) * 4096;
  EXPECT_DOUBLE_EQ(static_bytes(one, {.devices = 8, .tensor = 8}),
                   16 * ((6'738'415'616.0 - norms) / 8 + norms));
}

TEST(TrainingMemory, OfPipelineStagesIsThatOfTheirLayers) {
  const Transformer one = memory_model("gpt2");
  const std::vector<DeviceMemory> stages =
      stage_memory(one, {.bytes = bytes_with(Precision::fp32),
                         .activations = {.length = 1024, .bytes = 4},
                         .batch = 8,
                         .accumulation = 8,
                         .parallel = {.devices = 4, .pipeline = 4}});
  ASSERT_EQ(stages.size(), 4u);
  const double layer = 4 * (12.0 * 768 * 768 + 13 * 768);
  EXPECT_EQ(stages[0].parameters, 3 * layer + 4.0 * (50257 + 1024) * 768);
  EXPECT_EQ(stages[1].parameters, 3 * layer);
  // The tied embedding is there twice, at both ends.
  EXPECT_EQ(stages[3].parameters, 3 * layer + 4.0 * (50257 * 768 + 2 * 768));
  // One forward, one backward: the first stage holds four micro-batches, the third two.
  EXPECT_EQ(stages[1].activations / 3, stages[2].activations / 2);
  EXPECT_DOUBLE_EQ(pipeline_bubble({.pipeline = 4}, 8), 3.0 / 11);
}

TEST(TrainingMemory, MicroBatchesDivideActivationsAndNotGradients) {
  const Transformer one = memory_model("gpt2");
  TrainingMemoryRequest request{.bytes = bytes_with(Precision::fp32),
                                .activations = {.length = 1024, .bytes = 4},
                                .batch = 8};
  const DeviceMemory whole = stage_memory(one, request).front();
  request.accumulation = 4;
  const DeviceMemory parts = stage_memory(one, request).front();
  EXPECT_EQ(parts.activations, whole.activations / 4);
  EXPECT_EQ(parts.gradients, whole.gradients);
}

TEST(TrainingMemory, OfExpertParallelDevicesDividesTheExperts) {
  const Transformer one = memory_model("mixtral-8x7b");
  const ParameterCount count = count_parameters(one);
  const double experts = static_cast<double>(count.by_component.at(Component::experts));
  const double others = static_cast<double>(count.total) - experts;
  EXPECT_DOUBLE_EQ(static_bytes(one, {.devices = 8, .expert = 8}), 16 * (others + experts / 8));
  // ZeRO divides the experts among those that hold the same ones, which is one each.
  EXPECT_DOUBLE_EQ(static_bytes(one, {.devices = 8, .expert = 8, .zero = 3}),
                   16 * (others / 8 + experts / 8));
}

TEST(Parallelism, RefusesWhatDoesNotDivide) {
  const auto refusal = [](const char* name, const Parallelism& parallel) {
    const auto good = check_parallelism(memory_model(name), parallel);
    return good ? std::string("taken") : to_string(good.error());
  };
  EXPECT_EQ(refusal("gpt2", {}), "taken");
  EXPECT_THAT(refusal("gpt2", {.devices = 13, .pipeline = 13}),
              HasSubstr("--pipeline: 13 stages are more than the 12 layers"));
  EXPECT_THAT(refusal("gpt2", {.devices = 8, .tensor = 8}),
              HasSubstr("--tensor: 12 heads do not divide among 8"));
  EXPECT_THAT(refusal("gpt2", {.devices = 6, .tensor = 4}),
              HasSubstr("--devices: 6 do not divide"));
  EXPECT_THAT(refusal("gpt2", {.devices = 0}), HasSubstr("--devices: 0 is not allowed"));
  EXPECT_THAT(refusal("gpt2", {.devices = -8}), HasSubstr("--devices: -8 is not allowed"));
  EXPECT_THAT(refusal("gpt2", {.zero = 4}), HasSubstr("--zero: 4 is not allowed; it takes 0 to 3"));
  EXPECT_THAT(refusal("gpt2", {.devices = 2, .expert = 2}), HasSubstr("the model has no experts"));
  EXPECT_THAT(refusal("mixtral-8x7b", {.devices = 3, .expert = 3}),
              HasSubstr("--expert: 8 experts do not divide among 3"));
  EXPECT_THAT(refusal("gpt2", {.sequence = true}), HasSubstr("--sequence-parallel: has no effect"));
}

TEST(Cache, OfATokenHasThePublishedBytes) {
  EXPECT_EQ(cache_bytes_per_token(memory_model("llama-2-7b"), 2), 524'288);
  EXPECT_EQ(cache_bytes_per_token(memory_model("llama-3-8b"), 2), 131'072);
  EXPECT_EQ(cache_bytes_per_token(memory_model("llama-3-70b"), 2), 327'680);
  // DeepSeek-V3: 61 layers of 512 + 64 numbers (70 KB; Llama 3.1 405B has 516 KB).
  EXPECT_EQ(cache_bytes_per_token(memory_model("deepseek-v3"), 2), 70'272);
  EXPECT_EQ(cache_bytes_per_token(memory_model("llama-3-405b"), 2), 516'096);
}

TEST(Cache, OfAWindowStopsGrowing) {
  const Transformer mistral = memory_model("mistral-7b");
  EXPECT_EQ(cache_bytes(mistral, 1, 4096, 2), cache_bytes(mistral, 1, 32768, 2));
  const Transformer gemma = memory_model("gemma-2-9b");  // half of the layers
  EXPECT_EQ(cache_bytes(gemma, 1, 8192, 2), 0.75 * 2 * cache_bytes(gemma, 1, 4096, 2));
}

TEST(Cache, BeyondTheHeadsIsRepeatedOnEachDevice) {
  const Transformer llama = memory_model("llama-3-70b");  // 8 heads of keys and values
  EXPECT_EQ(cache_parts(llama, 4), 4);
  EXPECT_EQ(cache_parts(llama, 16), 8);
  // DeepSeek-V2, section 2.1: one latent vector for all heads.
  EXPECT_EQ(cache_parts(memory_model("deepseek-v3"), 8), 1);
}

TEST(Weights, OfATensorParallelDeviceRepeatWhatIsNotDivided) {
  const Transformer one = memory_model("llama-3-70b");
  const double all = static_cast<double>(count_parameters(one).total);
  const double norms = 161.0 * 8192, keys = 80 * 2 * 8192.0 * 1024;
  EXPECT_DOUBLE_EQ(weight_bytes_of_device(one, 2, 1), 2 * all);
  EXPECT_DOUBLE_EQ(weight_bytes_of_device(one, 2, 16),
                   2 * (norms + keys / 8 + (all - norms - keys) / 16));
}

TEST(Decode, BeyondTheHeadsReadsTheCacheTwice) {
  const Transformer one = memory_model("llama-3-70b");
  const auto cache_read = [&](std::int64_t tensor) {
    const auto with = decode_time(one, 64, 4096, 2, 2, 989.5e12, 3.35e12, tensor).bytes_read;
    return with - weight_bytes_read(one, 64, 2, tensor);
  };
  const double once = cache_bytes(one, 64, 4096, 2);
  EXPECT_NEAR(cache_read(8), once, 1e-9 * once);  // a difference of sums ten times as large
  EXPECT_NEAR(cache_read(16), 2 * once, 1e-9 * once);
}

TEST(Decode, ComputesWhatIsNotDividedOnEachDevice) {
  const Transformer one = memory_model("llama-3-70b");
  const auto seconds = [&](std::int64_t tensor) {
    return decode_time(one, 1, 4096, 2, 2, 1e12, 1e12, tensor).compute_seconds;
  };
  EXPECT_DOUBLE_EQ(seconds(8), seconds(1) / 8);
  // Projections to keys and values, of 80 layers, a second time.
  const double keys = 2 * 80 * 2 * 8192.0 * 1024;
  EXPECT_DOUBLE_EQ(seconds(16), (seconds(1) + keys / 1e12) / 16);
}

TEST(Activations, OfKeysAndValuesAreRepeatedBeyondTheirHeads) {
  const Transformer one = memory_model("llama-3-70b");
  const auto kept = [&](std::int64_t tensor, bool sequence) {
    return layer_activations(one, 0,
                             {.convention = ActivationsConvention::llama,
                              .length = 4096,
                              .tensor = tensor,
                              .sequence_parallel = sequence});
  };
  // Key and value of 8 heads of 128 in 16 bits; all else is halved from 8 devices to 16.
  const double keys = 2 * 2 * 8.0 * 128;
  EXPECT_DOUBLE_EQ(kept(16, true) - keys / 8, (kept(8, true) - keys / 8) / 2);
}

TEST(Decode, OfOneSequenceIsLimitedByMemory) {
  const Transformer one = memory_model("llama-2-7b");
  const DecodeTime time = decode_time(one, 1, 1, 2, 2, 989.5e12, 3.35e12);
  // All weights but the embedding, of which it reads one row.
  EXPECT_EQ(time.bytes_read, 2.0 * (6'738'415'616 - 31999LL * 4096) + 524'288);
  EXPECT_EQ(time.seconds(), time.memory_seconds);
  // Above the ridge point many sequences are limited by the peak.
  const DecodeTime many = decode_time(one, 4096, 1, 2, 2, 989.5e12, 3.35e12);
  EXPECT_EQ(many.seconds(), many.compute_seconds);
}

TEST(Decode, ReadsTheExpertsThatAreTaken) {
  const Transformer one = memory_model("mixtral-8x7b");
  const ParameterCount count = count_parameters(one);
  const double embedding = 31999.0 * 4096;
  EXPECT_DOUBLE_EQ(weight_bytes_read(one, 1, 1), static_cast<double>(count.active) - embedding);
  // So many that each expert is taken by one.
  EXPECT_NEAR(weight_bytes_read(one, 1000, 1) / static_cast<double>(count.total), 1, 3e-3);
}

TEST(Fit, FindsTheLargestNumber) {
  const auto square = [](std::int64_t n) { return static_cast<double>(n * n); };
  EXPECT_EQ(largest_that_fits(square, 100, 1000), 10);
  EXPECT_EQ(largest_that_fits(square, 99, 1000), 9);
  EXPECT_EQ(largest_that_fits(square, 0.5, 1000), 0);
  EXPECT_EQ(largest_that_fits(square, 1e9, 1000), std::nullopt);
}

}  // namespace
}  // namespace nanscope
