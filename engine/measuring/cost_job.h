#pragma once

#include <memory>

#include "engine/costs/measured/measured_costs.h"
#include "engine/job/job.h"

namespace nanscope {

/// How many steps are timed; tests take fewer.
struct CostSpan {
  int fewest = 5, most = 200;
  double enough = 1, too_much = 10;  ///< seconds, for all steps together
};

/// Runs some steps and measures them. `machine`: where.
std::unique_ptr<Job> make_cost_job(CostMeasurementRequest request, Machine machine,
                                   CostSpan span = {});

}  // namespace nanscope
