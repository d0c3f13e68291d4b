#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/engine/runs/language_trainer.h"
#include "tests/reference/language_runs.h"

// Transformers that learn bytes against PyTorch's own modules, which learned the same bytes from
// the same seed: language_model.json, written by make_language_model.py.
namespace nanscope {
namespace {

TEST(LanguageModelReference, AHundredLossesArePytorchs) {
  const c10::InferenceMode no_autograd;
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/language_model.json");
  const nlohmann::json table = nlohmann::json::parse(file);
  for (auto [name, run] : language_runs()) {
    EXPECT_TRUE(check_transformer(run.model, run.transformer));
    for (const char* format : {"fp64", "fp32"}) {
      SCOPED_TRACE(name + " in " + format);
      run.fp64 = std::string(format) == "fp64";
      const std::vector<double> expected = table.at(name).at(format);
      ASSERT_EQ(expected.size(), 100u);
      // It learns: random bytes would be at ln 256 = 5.5.
      EXPECT_LT(expected.back(), 4);
      LanguageTrainer trainer(run, NANSCOPE_SOURCE_DIR "/");
      // Sums run in another order, and training carries the difference on from step to step.
      const double tolerance = run.fp64 ? 1e-9 : 1e-5;
      for (std::size_t step = 0; step < expected.size(); ++step)
        ASSERT_NEAR(trainer.step(), expected[step], tolerance * expected[step]) << step;
    }
  }
}

TEST(LanguageModelReference, FusedAttentionLearnsTheSame) {
  const c10::InferenceMode no_autograd;
  LanguageRun run = language_runs()[1].second;  // with grouped heads
  LanguageTrainer written(run, NANSCOPE_SOURCE_DIR "/");
  run.transformer.attention = AttentionKind::fused;
  LanguageTrainer fused(run, NANSCOPE_SOURCE_DIR "/");
  EXPECT_LT(fused.plan().bytes(), written.plan().bytes());
  for (int step = 0; step < 20; ++step) {
    const double expected = written.step();
    ASSERT_NEAR(fused.step(), expected, 1e-11 * expected) << step;  // sums in another order
  }
}

}  // namespace
}  // namespace nanscope
