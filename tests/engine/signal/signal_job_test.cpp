#include "engine/signal/signal_job.h"

#include <gmock/gmock.h>

#include <vector>

#include "engine/devices/device.h"

namespace nanscope {
namespace {

using ::testing::SizeIs;

Experiment some_layers() {
  Experiment experiment;
  experiment.network.model.depth = 20;
  experiment.network.model.width = 32;
  experiment.data.batch = 8;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

/// Runs a job in slices of one part, each as long as it takes. Says how many seconds it asked for.
Result<JobResult> run(std::chrono::duration<double> telling, int answers_yes,
                      std::vector<double>& asked) {
  const Devices devices;
  SignalPass pass;
  const auto job =
      make_signal_job({some_layers(), SignalTensor::activation}, pass, devices, telling);
  JobContext context({}, {}, JobContext::Clock::duration::zero(), [&](double seconds) {
    asked.push_back(seconds);
    return static_cast<int>(asked.size()) <= answers_yes;
  });
  return run_job(*job, context);
}

TEST(SignalJob, AsksOnceMoreByWhatItsFirstPartsTook) {
  std::vector<double> asked;
  const auto result = run(std::chrono::duration<double>(0), 2, asked);
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_GT(asked[1], 0);
  EXPECT_NE(asked[1], asked[0]);
}

TEST(SignalJob, EndsAsCancelledWhereTheMeasuredTimeIsTooLong) {
  std::vector<double> asked;
  const auto result = run(std::chrono::duration<double>(0), 1, asked);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::cancelled);
  EXPECT_THAT(asked, SizeIs(2));
}

TEST(SignalJob, DoesNotAskOnceMoreBeforeItHasWorkedForLong) {
  std::vector<double> asked;
  ASSERT_TRUE(run(std::chrono::hours(1), 1, asked));
  EXPECT_THAT(asked, SizeIs(1));
}

}  // namespace
}  // namespace nanscope
