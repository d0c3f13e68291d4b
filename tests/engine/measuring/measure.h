#pragma once

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "engine/costs/measured/measured_costs.h"
#include "engine/measuring/cost_job.h"

namespace nanscope {

inline Machine this_machine() {
  return {.processor = "of a test", .threads = at::get_num_threads(), .libtorch = "2"};
}

/// Measured by one step that is looked at.
inline MeasuredCosts measured(const Experiment& experiment) {
  const c10::InferenceMode without_autograd;
  const auto job =
      make_cost_job({experiment}, this_machine(), {.fewest = 1, .enough = 0, .too_much = 1});
  JobContext context({}, {});
  const auto result = run_job(*job, context);
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return result ? *result->as<MeasuredCosts>() : MeasuredCosts();
}

}  // namespace nanscope
