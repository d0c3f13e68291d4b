#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/job/job.h"
#include "ui/labs/costs/measured.h"

// When the Costs lab asks for a measurement.
namespace nanscope {
namespace {

Experiment measured_run(int batch) {
  Experiment experiment;
  experiment.lab = LabName::costs;
  experiment.costs.measured = true;
  experiment.data.batch = batch;
  return experiment;
}

bool measures(const std::vector<JobRequest>& jobs, const Experiment& experiment) {
  return std::ranges::any_of(jobs, [&](const JobRequest& job) {
    const auto* request = job.as<CostMeasurementRequest>();
    return request && request->experiment.data.batch == experiment.data.batch;
  });
}

TEST(MeasuringRequests, FollowAChangeOnceItRests) {
  Measuring measuring;
  const SessionView nothing;
  const Experiment before = measured_run(64), after = measured_run(512);
  measuring.look(before, nothing, false, 10);
  EXPECT_TRUE(measures(measuring.jobs(before), before));
  measuring.look(after, nothing, true, 11);
  EXPECT_FALSE(measures(measuring.jobs(after), after));
  EXPECT_TRUE(measures(measuring.jobs(after), before)) << "what is measured is not asked anew";
  measuring.look(after, nothing, true, 15);
  EXPECT_FALSE(measures(measuring.jobs(after), after)) << "the hand is still at it";
  measuring.look(after, nothing, false, 15.1);
  EXPECT_TRUE(measures(measuring.jobs(after), after));
  Experiment off = after;
  off.costs.measured = false;
  EXPECT_TRUE(measuring.jobs(off).empty());
}

TEST(MeasuringRequests, OnlyLookForACalibrationUntilOneIsAskedFor) {
  Measuring measuring;
  Experiment experiment = measured_run(64);
  experiment = *with_key(experiment, "costs.view", "calibration");
  const auto asked = [&] { return *measuring.jobs(experiment).front().as<CalibrationRequest>(); };
  EXPECT_TRUE(asked().looks);
  measuring.calibrate();
  EXPECT_TRUE(asked().afresh);
  EXPECT_FALSE(asked().looks);
  const CalibrationRequest first = asked();
  measuring.calibrate();
  EXPECT_NE(asked(), first);
}

}  // namespace
}  // namespace nanscope
