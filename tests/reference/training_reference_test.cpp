#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/experiment/json.h"
#include "engine/runs/training_run.h"

// Training runs against what PyTorch 2.15 printed when it ran the scripts of `nanscope pytorch`:
// training.json, written by make_training.py.
namespace nanscope {
namespace {

nlohmann::json read_training_references() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/training.json");
  return nlohmann::json::parse(file);
}

Experiment experiment_of(const nlohmann::json& keys) {
  Experiment experiment;
  for (const std::string pair : keys) {
    const auto equals = pair.find('=');
    const std::string key = pair.substr(0, equals), value = pair.substr(equals + 1);
    const std::string root = key == "data.path" ? NANSCOPE_SOURCE_DIR "/" : "";
    experiment = *with_key(experiment, key, root + value);
  }
  return experiment;
}

/// Sums may run in another order on another processor; training carries the difference on from step
/// to step. In mixed precision a sum that falls to the other side of a rounding is another one by
/// an ulp, 2^-11 of fp16 and 2^-8 of bf16; a few may meet.
double training_tolerance(Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return 1e-9;
    case Precision::mixed_fp16:
      return std::ldexp(4, -11);
    case Precision::mixed_bf16:
      return std::ldexp(4, -8);
    default:
      return 1e-5;
  }
}

/// What a step tells, null where it does not: by columns, or one number for all.
nlohmann::json told(const nlohmann::json& steps, const char* name, std::int64_t step) {
  const auto column = steps.find(name);
  if (column == steps.end()) return nullptr;
  return column->is_array() ? column->at(static_cast<std::size_t>(step)) : *column;
}

void expect_agrees(const nlohmann::json& theirs, std::optional<double> ours, double tolerance,
                   const std::string& where) {
  ASSERT_EQ(!theirs.is_null(), ours.has_value()) << where;
  if (!ours) return;
  const double wanted = theirs;
  ASSERT_LE(std::abs(*ours - wanted), tolerance * std::abs(wanted)) << where << " is " << *ours;
}

TEST(Training, LinesAreThoseThatPyTorchPrinted) {
  const c10::InferenceMode without_autograd;
  const nlohmann::json references = read_training_references();
  ASSERT_EQ(references.size(), 300u);
  for (const auto& reference : references) {
    const Experiment experiment = experiment_of(reference["keys"]);
    const double tolerance = training_tolerance(experiment.network.precision);
    const auto run = TrainingRun::make(experiment);
    ASSERT_TRUE(run) << to_string(run.error());
    const nlohmann::json& steps = reference["steps"];
    for (std::size_t i = 0; i < steps["loss"].size(); ++i) {
      const RunStep step = (*run)->step();
      const std::string where =
          " of step " + std::to_string(step.step) + " of " + reference["keys"].dump();
      const auto theirs = [&](const char* name) { return told(steps, name, step.step); };
      const auto held_out = step.held_out.value_or(HeldOut());
      const auto looked = [&](double value) {
        return step.held_out ? std::optional(value) : std::nullopt;
      };
      expect_agrees(theirs("loss"), step.loss, tolerance, "loss" + where);
      ASSERT_EQ(theirs("skipped") == true, step.skipped) << where;
      expect_agrees(theirs("loss_scale"), step.loss_scale, 0, "loss_scale" + where);
      if (!step.skipped)
        expect_agrees(theirs("grad_norm"), step.grad_norm, tolerance, "grad_norm" + where);
      // One formula, written twice; a cosine's end is a difference of what is as large as the rate.
      ASSERT_NEAR(theirs("lr"), step.lr, 1e-14 * experiment.training.optimizer.lr) << where;
      expect_agrees(theirs("held_out_loss"), looked(held_out.loss), tolerance,
                    "held_out_loss" + where);
      expect_agrees(theirs("accuracy"), held_out.accuracy, 0, "accuracy" + where);
    }
  }
}

}  // namespace
}  // namespace nanscope
