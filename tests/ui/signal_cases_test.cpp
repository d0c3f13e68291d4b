#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "engine/engine.h"
#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"
#include "ui/labs/describe.h"
#include "ui/labs/signal/words.h"

// Sentences of passes that others stumbled over.
namespace nanscope {
namespace {

class SignalCase : public testing::Test {
 protected:
  void SetUp() override {
    auto engine = load_engine();
    ASSERT_TRUE(engine) << to_string(engine.error());
    engine_ = std::move(*engine);
  }
  std::string said(const Experiment& experiment) {
    const auto pass = answer(*engine_, SignalRequest{experiment, std::nullopt});
    return pass ? sentence(*pass) : to_string(pass.error());
  }

  std::unique_ptr<Engine> engine_;
};

TEST_F(SignalCase, OneLayerStaysNowhere) {
  Experiment experiment;
  experiment.network.model = {.depth = 3, .width = 16, .residual = true};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.init.gain = 30;
  experiment.network.precision = Precision::e4m3;
  experiment.network.device = DeviceKind::cpu;
  experiment.network.seed = 485;
  experiment.data.kind = DataKind::digits;
  experiment.data.batch = 16;
  const std::string words = said(experiment);
  EXPECT_TRUE(words.starts_with("Variance is ")) << words;
  EXPECT_NE(words.find(" in the first layer;"), std::string::npos) << words;
}

TEST_F(SignalCase, DeadGradientsAreSaidBeforeTheCut) {
  Experiment experiment;
  experiment.network.model = {.depth = 12, .width = 64, .activation = Activation::tanh};
  experiment.network.init.scheme = InitScheme::truncated;
  experiment.network.init.gain = 1000;
  experiment.network.precision = Precision::bf16;
  experiment.network.device = DeviceKind::cpu;
  experiment.network.seed = 846;
  experiment.data.batch = 1;
  const std::string words = said(experiment);
  EXPECT_NE(words.find("gradients are zero from linear "), std::string::npos) << words;
}

TEST_F(SignalCase, WhatEndsAtZeroVanishes) {
  Experiment experiment;
  experiment.network.model = {.depth = 3, .width = 64};
  experiment.network.init.gain = 1e-5;
  experiment.network.precision = Precision::fp16;
  experiment.network.device = DeviceKind::cpu;
  const std::string words = said(experiment);
  EXPECT_EQ(words.find("stays between"), std::string::npos) << words;
  EXPECT_TRUE(words.starts_with("Variance vanishes from ")) << words;
}

TEST(Describe, AFileOfOneColumnHasOneFeature) {
  EXPECT_NE(describe(Experiment(), 1).find(", behind one for the input's only feature"),
            std::string::npos);
  EXPECT_NE(describe(Experiment(), 2).find(", behind one for the input's 2 features"),
            std::string::npos);
}

TEST_F(SignalCase, AnInputOfZeros) {
  const std::string zeros = testing::TempDir() + std::to_string(std::random_device()()) + ".csv";
  std::ofstream(zeros) << "0,0,0,0,0,0,0,0\n0,0,0,0,0,0,0,0\n0,0,0,0,0,0,0,0\n";
  Experiment experiment;
  experiment.network.model.depth = 5;
  experiment.network.device = DeviceKind::cpu;
  experiment.data = {.kind = DataKind::file, .path = zeros, .batch = 3};
  experiment.data.header = TableHeader::no;
  const std::string words = said(experiment);
  EXPECT_TRUE(words.starts_with("Variance stays at 0 over 6 layers; every input is 0;")) << words;
  std::filesystem::remove(zeros);
}

}  // namespace
}  // namespace nanscope
