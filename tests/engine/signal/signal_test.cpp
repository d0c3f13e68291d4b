#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/loader/loader.h"
#include "engine/network/measure_tensor.h"
#include "engine/network/plan.h"
#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"
#include "engine/signal/draws.h"
#include "engine/signal/signal_pass.h"
#include "engine/training/initialize.h"
#include "tests/built.h"

extern "C" nanscope::Engine* nanscope_make_engine(std::string* reason);

// The engine as the program sees it: experiments in, snapshots or errors out.
namespace nanscope {
namespace {

Experiment small() {
  Experiment experiment;
  experiment.network.model.depth = 5;
  experiment.network.model.width = 48;
  experiment.data.batch = 16;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

class SignalTest : public testing::Test {
 protected:
  SignalTest() {
    std::string reason;
    engine_.reset(nanscope_make_engine(&reason));
  }
  Result<SignalSnapshot> try_run(const Experiment& experiment,
                                 std::optional<SignalTensor> histogram = std::nullopt) {
    return answer(*engine_, SignalRequest{experiment, histogram});
  }
  SignalSnapshot run(const Experiment& experiment, std::optional<SignalTensor> histogram = {}) {
    auto result = try_run(experiment, histogram);
    if (!result) {
      ADD_FAILURE() << to_string(result.error());
      return {};
    }
    return std::move(*result);
  }

  std::unique_ptr<Engine> engine_;
};

void expect_equal(const Statistics& a, const Statistics& b, const std::string& where) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  EXPECT_TRUE(same(a.mean, b.mean)) << where << " mean " << a.mean << " " << b.mean;
  EXPECT_TRUE(same(a.variance, b.variance)) << where << " " << a.variance << " " << b.variance;
  EXPECT_TRUE(same(a.absmax, b.absmax)) << where;
  EXPECT_EQ(a.zeros, b.zeros) << where;
  EXPECT_EQ(a.subnormals, b.subnormals) << where;
  EXPECT_EQ(a.infs(), b.infs()) << where;
  EXPECT_EQ(a.nans, b.nans) << where;
  EXPECT_EQ(a.saturated, b.saturated) << where;
  EXPECT_EQ(a.count, b.count) << where;
}

void expect_equal(const SignalSnapshot& a, const SignalSnapshot& b) {
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i)
    for (const auto& [tensor, name] : Names<SignalTensor>::all)
      expect_equal(a.layers[i].of(tensor), b.layers[i].of(tensor),
                   fmt::format("{} {}", a.layers[i].name, name));
}

TEST_F(SignalTest, DescribesWhatItRan) {
  const SignalSnapshot snapshot = run(small());
  EXPECT_EQ(snapshot.experiment, small());
  EXPECT_EQ(snapshot.device, "cpu");
  EXPECT_FALSE(snapshot.device_name.empty());
  ASSERT_EQ(snapshot.layers.size(), 5u);
  EXPECT_EQ(snapshot.layers[0].name, "linear 1");
  EXPECT_EQ(snapshot.layers[4].name, "linear 5");
  EXPECT_EQ(snapshot.layers[2].shape, (std::vector<std::int64_t>{16, 48}));
  EXPECT_EQ(snapshot.layers[2].of(SignalTensor::weight).count, 48 * 48);
  EXPECT_EQ(snapshot.layers[2].of(SignalTensor::weight_grad).count, 48 * 48);
  EXPECT_EQ(snapshot.layers[2].of(SignalTensor::activation_grad).count, 16 * 48);
  EXPECT_EQ(snapshot.activation_format, "fp32");
  EXPECT_EQ(snapshot.input.features, 48);
  EXPECT_FALSE(snapshot.first_nonfinite);
  EXPECT_FALSE(snapshot.emulated());
  EXPECT_GT(snapshot.cost.seconds, 0);
  EXPECT_EQ(snapshot.cost.flops, 2.0 * 16 * 48 * 48 * (5 + 5 + 4));
  EXPECT_EQ(snapshot.layers.front().predicted.weight_variance, 2.0 / 48);
}

/// A pass as a loop over PyTorch's functions, from the same draws.
TEST_F(SignalTest, StatisticsAreThoseOfATenOnTheSamePass) {
  Experiment experiment = small();
  experiment.network.init.gain = 1.25;
  const SignalSnapshot snapshot = run(experiment);
  at::Generator generator = seeded_generator(experiment.network.seed);
  std::vector<at::Tensor> weights;
  for (int layer = 0; layer < 5; ++layer)
    weights.push_back(
        draw_weight(experiment.network.init, 48, 48, generator).mul_(1.25).requires_grad_());
  at::Tensor h = *draw_input(experiment.data, nullptr, 16, 48, generator);
  const at::Tensor upstream = draw_upstream_gradient(16, 48, generator);
  std::vector<at::Tensor> preactivations, activations;
  for (const at::Tensor& weight : weights) {
    preactivations.push_back(at::mm(h, weight.t()));
    h = at::relu(preactivations.back());
    h.retain_grad();
    activations.push_back(h);
  }
  h.backward(upstream);
  const auto expect = [](const Statistics& actual, const at::Tensor& tensor, const char* what) {
    const at::Tensor x = tensor.detach().to(at::kDouble);
    // Sums of the same doubles in another order; the tensors themselves agree to the last bits.
    const double variance = x.var(/*unbiased=*/false).item<double>();
    EXPECT_NEAR(actual.variance, variance, 1e-6 * variance) << what;
    EXPECT_NEAR(actual.mean, x.mean().item<double>(), 1e-6 * std::sqrt(variance)) << what;
    EXPECT_NEAR(actual.rms, x.square().mean().sqrt().item<double>(), 1e-6 * actual.rms) << what;
    EXPECT_NEAR(actual.absmax, x.abs().max().item<double>(), 1e-6 * actual.absmax) << what;
    EXPECT_EQ(actual.zeros, x.eq(0).sum().item<std::int64_t>()) << what;
    EXPECT_EQ(actual.count, x.numel()) << what;
  };
  for (std::size_t i = 0; i < 5; ++i) {
    const LayerSignal& layer = snapshot.layers[i];
    expect(layer.of(SignalTensor::weight), weights[i], "weight");
    expect(layer.of(SignalTensor::preactivation), preactivations[i], "preactivation");
    expect(layer.of(SignalTensor::activation), activations[i], "activation");
    expect(layer.of(SignalTensor::activation_grad), activations[i].grad(), "activation_grad");
    expect(layer.of(SignalTensor::weight_grad), weights[i].grad(), "weight_grad");
  }
  EXPECT_TRUE(at::equal(activations[4].grad(), upstream));
}

TEST_F(SignalTest, TheSameExperimentGivesTheSameBits) {
  for (const auto& [precision, name] : Names<Precision>::all) {
    Experiment experiment = small();
    experiment.network.precision = precision;
    experiment.network.model.norm = Norm::rmsnorm;
    experiment.network.model.residual = experiment.network.model.bias = true;
    experiment.network.init.bias_std = 0.1;
    const SignalSnapshot first = run(experiment);
    expect_equal(first, run(experiment));
    Experiment other = experiment;  // whatever was kept between the calls
    other.network.model.width = 64;
    run(other);
    expect_equal(first, run(experiment));
  }
}

TEST_F(SignalTest, WhatIsKeptBetweenCallsChangesNoBit) {
  // Every way in which a control moves, against an engine that has kept nothing.
  std::vector<Experiment> moves{small()};
  const auto move = [&](auto change) {
    moves.push_back(moves.back());
    change(moves.back());
  };
  move([](Experiment& e) { e.network.init.gain = 2; });
  move([](Experiment& e) { e.data.batch = 8; });
  move([](Experiment& e) { e.network.precision = Precision::fp16; });
  move([](Experiment& e) { e.network.seed = 7; });
  move([](Experiment& e) { e.network.model.bias = true; });
  move([](Experiment& e) { e.network.init.bias_std = 0.5; });
  move([](Experiment& e) { e.network.model.norm = Norm::layernorm; });
  move([](Experiment& e) { e.data.kind = DataKind::constant_norm; });
  move([](Experiment& e) { e.network.init.scheme = InitScheme::truncated; });
  move([](Experiment& e) { e.network.init.cut = 1; });
  move([](Experiment& e) { e.network.model.depth = 7; });
  move([](Experiment& e) { e.network.networks = 3; });
  move([](Experiment& e) { e.network.networks = 1; });
  for (const Experiment& experiment : moves) {
    const SignalSnapshot kept = run(experiment);
    std::string reason;
    const std::unique_ptr<Engine> fresh(nanscope_make_engine(&reason));
    expect_equal(kept, *answer(*fresh, SignalRequest{experiment, std::nullopt}));
  }
}

TEST_F(SignalTest, GainScalesTheSameDraw) {
  Experiment experiment = small();
  const double before = run(experiment).layers[0].of(SignalTensor::weight).variance;
  experiment.network.init.gain = 4;  // a power of two: exact
  EXPECT_DOUBLE_EQ(run(experiment).layers[0].of(SignalTensor::weight).variance, 16 * before);
}

TEST_F(SignalTest, NetworksAreThoseOfTheFollowingSeeds) {
  Experiment many = small();
  many.network.networks = 3;
  const SignalSnapshot together = run(many);
  ASSERT_EQ(together.seeds.activation.size(), 5u);
  ASSERT_EQ(together.seeds.activation[0].size(), 3u);
  for (int n = 0; n < 3; ++n) {
    Experiment one = small();
    one.network.seed += static_cast<std::uint64_t>(n);
    const SignalSnapshot alone = run(one);
    for (std::size_t i = 0; i < 5; ++i) {
      // The batched kernel may add in another order: a few epsilons a layer.
      const double activation = alone.layers[i].of(SignalTensor::activation).variance;
      const double gradient = alone.layers[i].of(SignalTensor::activation_grad).variance;
      EXPECT_NEAR(together.seeds.activation[i][n], activation, 1e-5 * activation);
      EXPECT_NEAR(together.seeds.activation_grad[i][n], gradient, 1e-5 * gradient);
    }
  }
  EXPECT_EQ(together.seeds.activation[2][0],
            together.layers[2].of(SignalTensor::activation).variance);
}

TEST_F(SignalTest, FindsTheFirstOverflowForward) {
  Experiment experiment = small();
  experiment.network.init.scheme = InitScheme::normal;
  experiment.network.precision = Precision::fp16;
  experiment.network.model.depth = 12;
  const SignalSnapshot snapshot = run(experiment);
  ASSERT_TRUE(snapshot.first_nonfinite);
  const FirstNonfinite& first = *snapshot.first_nonfinite;
  EXPECT_FALSE(first.backward);
  EXPECT_EQ(first.tensor, SignalTensor::preactivation);
  EXPECT_EQ(first.layer_name, snapshot.layers[static_cast<std::size_t>(first.layer)].name);
  for (int i = 0; i < first.layer; ++i)
    EXPECT_TRUE(snapshot.layers[static_cast<std::size_t>(i)].of(SignalTensor::activation).finite());
  EXPECT_EQ(first.value, "inf");
}

TEST_F(SignalTest, FindsTheFirstOverflowBackward) {
  Experiment experiment = small();
  experiment.network.precision = Precision::fp16;
  // Activations of the last layer are about 5^5 = 3125, its weight gradient is a sum over 1024
  // samples, sqrt(1024) times as large: 1e5 > 65504, the largest fp16.
  experiment.network.init.gain = 5;
  experiment.data.batch = 1024;
  const SignalSnapshot snapshot = run(experiment);
  ASSERT_TRUE(snapshot.first_nonfinite);
  EXPECT_TRUE(snapshot.first_nonfinite->backward);
  EXPECT_EQ(snapshot.first_nonfinite->tensor, SignalTensor::weight_grad);
  EXPECT_EQ(snapshot.first_nonfinite->layer_name, "linear 5");
}

TEST_F(SignalTest, E4m3ClipsInsteadOfOverflowingAndCountsIt) {
  Experiment experiment = small();
  experiment.network.init.scheme = InitScheme::normal;
  experiment.network.precision = Precision::e4m3;
  const SignalSnapshot snapshot = run(experiment);
  EXPECT_FALSE(snapshot.first_nonfinite);
  EXPECT_TRUE(snapshot.emulated());
  const Statistics& last = snapshot.layers.back().of(SignalTensor::activation);
  EXPECT_EQ(last.absmax, 448);
  EXPECT_GT(last.saturated, 0);
}

TEST_F(SignalTest, CountsSaturatedUnitsOfTheBranchAlsoWithAResidual) {
  Experiment experiment = small();
  experiment.network.model.activation = Activation::tanh;
  experiment.network.init.scheme = InitScheme::normal;
  for (const bool residual : {false, true}) {
    experiment.network.model.residual = residual;
    const SignalSnapshot snapshot = run(experiment);
    // Pre-activations have a standard deviation of about 7; |tanh z| > 0.97 is |z| > 2.09.
    const Statistics& first = snapshot.layers[0].of(SignalTensor::activation);
    EXPECT_NEAR(static_cast<double>(first.saturated) / static_cast<double>(first.count),
                std::erfc(2.0923 / std::sqrt(48.0) / std::sqrt(2.0)), 0.1);
    EXPECT_EQ(snapshot.layers[0].of(SignalTensor::preactivation).saturated, 0);
  }
}

TEST_F(SignalTest, SubnormalsArePartOfTheSignal) {
  Experiment experiment = small();
  experiment.network.init.gain = 1e-6;
  experiment.network.model.depth = 8;
  std::int64_t subnormals = 0;
  for (const LayerSignal& layer : run(experiment).layers)
    subnormals += layer.of(SignalTensor::activation).subnormals;
  EXPECT_GT(subnormals, 0);
}

TEST_F(SignalTest, HistogramCountsTheTensorThatWasAskedFor) {
  for (const auto& [tensor, name] : Names<SignalTensor>::all) {
    run(small());  // the weights' statistics are known already
    const SignalSnapshot snapshot = run(small(), tensor);
    EXPECT_EQ(snapshot.histogram_tensor, tensor);
    for (const LayerSignal& layer : snapshot.layers) {
      std::int64_t counted = 0;
      for (std::size_t i = 0; i < layer.histogram.positive.size(); ++i)
        counted += layer.histogram.positive[i] + layer.histogram.negative[i];
      EXPECT_EQ(counted, layer.of(tensor).count - layer.of(tensor).zeros) << name;
    }
  }
  EXPECT_TRUE(run(small()).layers[0].histogram.positive.empty());
}

TEST_F(SignalTest, DigitsAddAnInputLayer) {
  Experiment experiment = small();
  experiment.data.kind = DataKind::digits;
  const SignalSnapshot snapshot = run(experiment);
  ASSERT_EQ(snapshot.layers.size(), 6u);
  EXPECT_EQ(snapshot.layers[0].name, "input");
  EXPECT_EQ(snapshot.layers[0].of(SignalTensor::weight).count, 48 * 64);
  EXPECT_EQ(snapshot.layers[1].name, "linear 1");
  EXPECT_EQ(snapshot.input.features, 64);
  EXPECT_NE(snapshot.input.correlation, 0);
}

TEST_F(SignalTest, InputMomentsAreThoseOfTheData) {
  Experiment experiment = small();
  experiment.data.kind = DataKind::constant_norm;
  const InputMoments moments = run(experiment).input;
  EXPECT_NEAR(moments.second_moment, 1, 1e-6);  // rows of length sqrt(C), rounded to float
  at::Generator generator = seeded_generator(experiment.network.seed);
  for (int layer = 0; layer < 5; ++layer) draw_weight(experiment.network.init, 48, 48, generator);
  const at::Tensor x =
      draw_input(experiment.data, nullptr, 16, 48, generator)->to(at::kDouble) / std::sqrt(48.0);
  const at::Tensor cosines = at::mm(x, x.t()).fill_diagonal_(0);
  EXPECT_NEAR(moments.correlation, cosines.sum().item<double>() / (16 * 15), 1e-6);
  EXPECT_NEAR(moments.mean, x.mean().item<double>() * std::sqrt(48.0), 1e-6);
}

TEST_F(SignalTest, ErrorsSayWhatToDoAndTheEngineGoesOn) {
  const SignalSnapshot before = run(small());
  const auto expect_error = [&](Experiment experiment, Error::Kind kind, const std::string& text) {
    const auto result = try_run(experiment);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, kind) << to_string(result.error());
    EXPECT_NE(to_string(result.error()).find(text), std::string::npos) << to_string(result.error());
    expect_equal(before, run(small()));
  };
  Experiment wrong = small();
  wrong.network.model.depth = 0;
  expect_error(wrong, Error::Kind::input, "model.depth");
  wrong = small();
  wrong.network.precision = Precision::e4m3;
  wrong.network.execution = Execution::native;
  expect_error(wrong, Error::Kind::input, "execution");
  wrong = small();
  wrong.data = {DataKind::file, "/nowhere/data.csv"};
  expect_error(wrong, Error::Kind::input, "/nowhere/data.csv");
  wrong = small();
  wrong.data.kind = DataKind::digits;
  wrong.data.batch = 5000;
  expect_error(wrong, Error::Kind::input, "1797");
  wrong = small();
  wrong.network.model.width = 4096;
  wrong.network.model.depth = 200;
  wrong.network.networks = 64;
  expect_error(wrong, Error::Kind::work, "GiB");
}

TEST_F(SignalTest, RunningOutOfMemoryInTheMiddleIsAnErrorAndTheEngineGoesOn) {
  if (under_address_sanitizer())
    GTEST_SKIP() << "AddressSanitizer needs more address space than the limit of this test";
  const SignalSnapshot before = run(small());
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  file >> pages;
  rlimit unlimited{};
  getrlimit(RLIMIT_AS, &unlimited);
  const rlimit tight{pages * 4096 + (rlim_t{256} << 20), unlimited.rlim_max};
  Experiment large = small();  // 1.5 GiB, which the machine has but the limit has not
  large.network.model.width = 2048;
  large.network.model.depth = 40;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &tight), 0);
  const auto result = try_run(large);
  setrlimit(RLIMIT_AS, &unlimited);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::work);
  EXPECT_EQ(result.error().where, "memory") << result.error().message();
  EXPECT_NE(result.error().message().find("reduce"), std::string::npos);
  expect_equal(before, run(small()));
}

/// Bytes that this process has read from files; nothing where the kernel does not tell.
std::optional<std::int64_t> bytes_read() {
  std::ifstream file("/proc/self/io");
  std::string name;
  std::int64_t bytes = 0;
  if (file >> name >> bytes && name == "rchar:") return bytes;
  return std::nullopt;
}

TEST_F(SignalTest, AMovedGainReadsNoFile) {
  Experiment experiment = small();
  run(experiment);
  const auto earlier = bytes_read(), before = bytes_read();
  if (!earlier || !before) GTEST_SKIP() << "/proc/self/io is not there";
  experiment.network.init.gain = 2;
  run(experiment);
  // What reading the count itself reads differs by a digit now and then; no file is that short.
  EXPECT_LT(*bytes_read() - *before, *before - *earlier + 16);
}

TEST_F(SignalTest, AFileThatWasWrittenAgainIsReadAgain) {
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("nanscope_signal_test_{}.csv", getpid());
  Experiment experiment = small();
  experiment.data = {DataKind::file, path.string(), 2};
  std::ofstream(path) << "1,2,3\n4,5,6\n";
  const InputMoments before = run(experiment).input;
  std::ofstream(path) << "10,20,30\n40,50,60\n";
  std::filesystem::last_write_time(
      path, std::filesystem::last_write_time(path) + std::chrono::seconds(2));
  const InputMoments after = run(experiment).input;
  std::filesystem::remove(path);
  EXPECT_EQ(before.features, 3);
  EXPECT_DOUBLE_EQ(after.mean, 10 * before.mean);
}

TEST_F(SignalTest, AskingForCudaWithoutADriverSaysWhatIsMissing) {
  if (engine_->info().cuda_available) GTEST_SKIP() << "this machine has CUDA";
  Experiment experiment = small();
  experiment.network.device = DeviceKind::cuda;
  const auto result = try_run(experiment);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::work);
  EXPECT_EQ(result.error().where, "device");
  EXPECT_NE(result.error().message().find("device=cpu"), std::string::npos);
  EXPECT_FALSE(engine_->info().cuda.empty());
  experiment.network.device = DeviceKind::automatic;
  EXPECT_EQ(run(experiment).device, "cpu");
}

TEST_F(SignalTest, AStopRequestEndsThePassAndTheNextOneIsWhole) {
  const SignalSnapshot before = run(small());
  std::stop_source stop;
  stop.request_stop();
  Experiment other = small();
  other.network.init.gain = 3;
  for (const Experiment& experiment : {small(), other}) {
    const auto result = answer(*engine_, SignalRequest{experiment, std::nullopt}, stop.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::cancelled);
  }
  expect_equal(before, run(small()));
}

TEST(SignalPass, ProgressGoesOnceFromNothingToAll) {
  Experiment experiment = small();
  const Devices devices;
  SignalPass pass;
  std::vector<std::string> steps;
  std::vector<double> fractions;
  const auto run = [&] {
    steps.clear();
    fractions.clear();
    Watch watch(
        {},
        [&](const Message& what, double fraction) {
          steps.push_back(what.text());
          fractions.push_back(fraction);
        },
        std::chrono::milliseconds(0));
    ASSERT_TRUE(pass.run({experiment, std::nullopt}, devices, watch));
    EXPECT_EQ(fractions.front(), 0);
    EXPECT_EQ(std::ranges::adjacent_find(fractions, std::ranges::greater_equal()), fractions.end());
    EXPECT_GE(fractions.back(), 0.9);  // before the last of ten steps there and back
    EXPECT_LT(fractions.back(), 1);
  };
  for (const InitScheme scheme : {InitScheme::kaiming, InitScheme::orthogonal}) {
    experiment.network.init.scheme = scheme;
    run();
    EXPECT_EQ(steps.size(), 15u);  // drawing, forward, backward
    EXPECT_EQ(steps.front(), "drawing weights, layer 1 of 5");
  }
  experiment.network.init.gain = 2;  // draws nothing
  run();
  EXPECT_EQ(steps.size(), 10u);
  EXPECT_EQ(steps.front(), "forward pass, layer 1 of 5");
}

TEST(SignalPass, AStopInTheMiddleLeavesNoHalfScaledWeights) {
  Experiment experiment = small();
  const Devices devices;
  SignalPass pass;
  const auto run = [&](std::stop_token stop, const Progress& progress) {
    Watch watch(std::move(stop), progress, std::chrono::milliseconds(0));
    return pass.run({experiment, std::nullopt}, devices, watch);
  };
  const SignalSnapshot expected = *run({}, {});
  for (const char* where : {"forward pass, layer 3 of 5", "backward pass, layer 3 of 5"}) {
    std::stop_source stop;
    experiment.network.init.gain = 3;
    const auto cancelled = run(stop.get_token(), [&](const Message& what, double) {
      if (what.text() == where) stop.request_stop();
    });
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().kind, Error::Kind::cancelled);
    experiment.network.init.gain = 1;
    expect_equal(expected, *run({}, {}));
  }
}

}  // namespace
}  // namespace nanscope
