#include "engine/runs/byte_evaluation.h"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/runs/language_trainer.h"
#include "tests/reference/language_runs.h"

namespace nanscope {
namespace {

std::shared_ptr<const PlanDescription> plan_of(const LanguageRun& run, std::int64_t batch) {
  const PrecisionRow row = *precision_row(Precision::fp64, Execution::automatic, /*cuda=*/false);
  return std::make_shared<const PlanDescription>(
      describe_language_model(run.model, run.transformer, row, {.batch = batch}));
}

TEST(ByteEvaluation, EveryByteCountsOnceWhateverTheBatch) {
  const c10::InferenceMode no_autograd;
  const LanguageRun run = language_runs()[1].second;
  LanguageTrainer trainer(run, NANSCOPE_SOURCE_DIR "/");
  for (int step = 0; step < 40; ++step) trainer.step();
  const ByteFile text = ByteFile::open(NANSCOPE_SOURCE_DIR "/LICENSE").value();
  // 150 bytes have 9 windows of 16 and the byte behind each; by fours a batch is left half empty.
  const auto seen = [&](std::int64_t batch, std::int64_t most) {
    ByteEvaluation evaluation(plan_of(run, batch), text, {900, 1050}, most);
    return evaluation.look(trainer.plan()).value();
  };
  const HeldOutBytes one_by_one = seen(1, 100);
  EXPECT_EQ(one_by_one.bytes, 9 * 16);
  EXPECT_GT(one_by_one.accuracy, 0);
  EXPECT_DOUBLE_EQ(one_by_one.bits() * std::log(2.0), one_by_one.loss);
  for (const std::int64_t batch : {4, 9, 16}) {
    const HeldOutBytes together = seen(batch, 100);
    EXPECT_EQ(together.bytes, one_by_one.bytes);
    EXPECT_NEAR(together.loss, one_by_one.loss, 1e-12);
    EXPECT_DOUBLE_EQ(together.accuracy, one_by_one.accuracy);
  }
  EXPECT_EQ(seen(4, 3).bytes, 3 * 16);
}

TEST(ByteEvaluation, WhatIsLearnedHelpsWithBytesThatWereNotSeen) {
  const c10::InferenceMode no_autograd;
  const LanguageRun run = language_runs()[1].second;
  LanguageTrainer trainer(run, NANSCOPE_SOURCE_DIR "/");
  const ByteFile text = ByteFile::open(NANSCOPE_SOURCE_DIR "/LICENSE").value();
  ByteEvaluation evaluation(plan_of(run, 4), text, {900, 1050}, 100);
  const double before = evaluation.look(trainer.plan()).value().loss;
  for (int step = 0; step < 60; ++step) trainer.step();
  // Chance is 8 bits.
  EXPECT_GT(before, std::log(256.0));
  EXPECT_LT(evaluation.look(trainer.plan()).value().bits(), 5.5);
}

}  // namespace
}  // namespace nanscope
