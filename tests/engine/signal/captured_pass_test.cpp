#include "engine/signal/captured_pass.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/signal/signal_pass.h"
#include "engine/training/initialize.h"

// The path of a GPU, with a graph that runs its work again on the CPU.
namespace nanscope {
namespace {

class Again final : public CapturedGraph {
 public:
  explicit Again(std::function<void()> work) : work_(std::move(work)) {}
  void replay() override { work_(); }

 private:
  std::function<void()> work_;
};

class CpuInsteadOfCuda final : public CudaUnit {
 public:
  CudaDevice device() const override { return {}; }
  std::int64_t available_bytes() const override { return 0; }
  std::unique_ptr<CapturedGraph> capture(const std::function<void()>& work) const override {
    work();
    return std::make_unique<Again>(work);
  }
};

Experiment experiment_with_everything() {
  Experiment experiment;
  experiment.network.model = {.depth = 4,
                              .width = 40,
                              .activation = Activation::tanh,
                              .norm = Norm::layernorm,
                              .residual = true,
                              .bias = true};
  experiment.network.init = {.scheme = InitScheme::xavier, .gain = 2, .bias_std = 0.2};
  experiment.data.batch = 12;
  experiment.network.networks = 2;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

void expect_near(double actual, double expected, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << what;
    return;
  }
  // One of the two sums in float over short runs, whose roundings cancel but for 1e-8 or so.
  EXPECT_NEAR(actual, expected, 1e-7 * std::abs(expected) + 1e-15) << what;
}

TEST(CapturedPass, MeasuresWhatALayerByLayerPassMeasures) {
  for (const Precision precision : {Precision::fp32, Precision::fp16, Precision::e4m3}) {
    Experiment experiment = experiment_with_everything();
    experiment.network.precision = precision;
    const Devices devices;
    SignalPass layer_by_layer;
    Watch watch({}, {});
    const auto expected =
        layer_by_layer.run({experiment, SignalTensor::weight_grad}, devices, watch);
    ASSERT_TRUE(expected) << to_string(expected.error());

    const PrecisionRow row = *precision_row(precision, Execution::automatic, false);
    Plan plan(std::make_shared<const PlanDescription>(describe_plan(
        experiment.network, row,
        {.batch = experiment.data.batch, .features = 40, .gradients = GradientPolicy::kept})));
    Draws draws;
    ASSERT_TRUE(draws.prepare_parameters(experiment.network, plan.description(), c10::kCPU, watch));
    ASSERT_TRUE(draws.prepare_input(experiment.data, nullptr, plan.description()));
    plan.input().data().copy_(draws.input().input);
    plan.input().round_data();
    ASSERT_EQ(draws.parameters().size(), 8u);  // a weight and a bias a layer
    for (std::size_t i = 0; i < draws.parameters().size(); ++i) {
      const PlanParameter& parameter = plan.description().parameters[i];
      const Value& value = plan.value(parameter.value);
      value.data().copy_(draws.parameters()[i] *
                         scale_of(experiment.network.init, parameter.draw.init));
      value.round_data();
    }
    const at::Tensor& upstream = draws.input().upstream_gradient;
    CapturedPass captured(experiment.network, experiment.data.batch, plan, row, upstream,
                          CpuInsteadOfCuda());
    for (int pass = 0; pass < 2; ++pass) captured.run(upstream, SignalTensor::weight_grad);

    const Recorder& recorder = captured.recorder();
    ASSERT_EQ(recorder.layers().size(), expected->layers.size());
    for (std::size_t i = 0; i < recorder.layers().size(); ++i) {
      const LayerSignal& actual = recorder.layers()[i];
      const LayerSignal& wanted = expected->layers[i];
      for (const auto& [tensor, name] : Names<SignalTensor>::all) {
        const Statistics& a = actual.of(tensor);
        const Statistics& e = wanted.of(tensor);
        const std::string what = actual.name + " " + std::string(name);
        expect_near(a.variance, e.variance, what);
        expect_near(a.rms, e.rms, what);
        expect_near(a.absmax, e.absmax, what);
        EXPECT_EQ(a.count, e.count) << what;
        EXPECT_EQ(a.zeros, e.zeros) << what;
        EXPECT_EQ(a.subnormals, e.subnormals) << what;
        EXPECT_EQ(a.saturated, e.saturated) << what;
      }
      EXPECT_EQ(actual.histogram.positive, wanted.histogram.positive);
      EXPECT_EQ(actual.histogram.first_exponent, wanted.histogram.first_exponent);
      for (std::size_t n = 0; n < 2; ++n) {
        expect_near(recorder.seeds().activation[i][n], expected->seeds.activation[i][n], "seeds");
        expect_near(recorder.seeds().activation_grad[i][n], expected->seeds.activation_grad[i][n],
                    "seeds");
      }
    }
  }
}

/// Runs where a GPU is: the real graph against the CPU.
TEST(CapturedPass, OnAGpuAgreesWithTheCpu) {
  const Devices devices;
  if (devices.cuda() == nullptr) GTEST_SKIP() << devices.missing().text();
  for (const auto& [precision, name] : Names<Precision>::all) {
    Experiment experiment = experiment_with_everything();
    experiment.network.precision = precision;
    SignalPass on_cpu, on_gpu;
    Watch watch({}, {});
    const auto expected = on_cpu.run({experiment, SignalTensor::activation}, devices, watch);
    ASSERT_TRUE(expected) << to_string(expected.error());
    experiment.network.device = DeviceKind::cuda;
    for (int pass = 0; pass < 2; ++pass) {
      const auto actual = on_gpu.run({experiment, SignalTensor::activation}, devices, watch);
      ASSERT_TRUE(actual) << name << " " << to_string(actual.error());
      EXPECT_EQ(actual->device, "cuda");
      // Sums run in another order and 16- or 8-bit results round to a neighbour now and then: the
      // variance of 480 values moves by less than the format's epsilon.
      const NumberFormat& format = *find_format(actual->activation_format);
      const double epsilon = precision == Precision::tf32 ? find_format("tf32")->epsilon
                                                          : std::max(format.epsilon, 1e-6);
      for (std::size_t i = 0; i < expected->layers.size(); ++i)
        for (const auto& [tensor, tensor_name] : Names<SignalTensor>::all) {
          const double variance = expected->layers[i].of(tensor).variance;
          EXPECT_NEAR(actual->layers[i].of(tensor).variance, variance, 4 * epsilon * variance)
              << name << " " << expected->layers[i].name << " " << tensor_name;
        }
    }
  }
}

}  // namespace
}  // namespace nanscope
