#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "engine/runs/training_run.h"

namespace nanscope {

inline std::unique_ptr<TrainingRun> make_run(const Experiment& experiment) {
  auto run = TrainingRun::make(experiment);
  EXPECT_TRUE(run) << (run ? "" : to_string(run.error()));
  return run ? *std::move(run) : nullptr;
}

}  // namespace nanscope
