// What this machine reaches: measured, kept for it, read again.
#include "engine/measuring/calibration_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace nanscope {
namespace {

/// The folder of downloads is another one meanwhile.
class OwnCache {
 public:
  OwnCache() {
    std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
    if (!mkdtemp(name.data())) std::abort();
    folder_ = name;
    setenv("NANSCOPE_CACHE", name.c_str(), 1);
  }
  ~OwnCache() {
    unsetenv("NANSCOPE_CACHE");
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 private:
  std::filesystem::path folder_;
};

constexpr CalibrationSpan kShort{.largest_product = 256,
                                 .rounds = 2,
                                 .seconds_of_one = 0.001,
                                 .array_bytes = std::int64_t{1} << 20};
const Machine kMachine{.processor = "of a test", .threads = 1, .libtorch = "2.15.0"};

Calibration calibrate(bool afresh, std::vector<double>* progress = nullptr) {
  JobContext context({}, [&](const Message&, double fraction) {
    if (progress) progress->push_back(fraction);
  });
  const auto job = make_calibration_job({.afresh = afresh}, kMachine, kShort);
  const auto result = run_job(*job, context);
  EXPECT_TRUE(result);
  return *result->as<Calibration>();
}

TEST(Calibration, MeasuresEveryTypeAndMemoryAndKeepsIt) {
  const OwnCache cache;
  EXPECT_FALSE(kept_calibration(kMachine));
  std::vector<double> progress;
  const Calibration first = calibrate(false, &progress);
  EXPECT_TRUE(std::ranges::is_sorted(progress));
  EXPECT_GT(progress.size(), 10u);
  EXPECT_TRUE(first.not_kept.empty());
  for (const char* type : {"fp32", "bf16", "fp16", "fp64"})
    EXPECT_GT(first.peak_of(type).value_or(0), 1e6) << type;
  EXPECT_FALSE(first.peak_of("fp8"));
  EXPECT_GT(first.bandwidth.copy, 1e6);
  EXPECT_GT(first.bandwidth.triad, 1e6);
  EXPECT_EQ(first.bandwidth.bytes, 1 << 20);
  EXPECT_EQ(kept_calibration(kMachine), first);
  EXPECT_EQ(calibrate(false), first);
  EXPECT_NE(calibrate(true), first);
}

TEST(Calibration, ThatOnlyLooksMeasuresNothingAndFindsWhatIsKept) {
  const OwnCache cache;
  const auto looked = [] {
    JobContext context({}, {});
    const auto job = make_calibration_job({.looks = true}, kMachine, kShort);
    return *run_job(*job, context)->as<Calibration>();
  };
  EXPECT_TRUE(looked().types.empty());
  EXPECT_FALSE(kept_calibration(kMachine));
  const Calibration kept = calibrate(false);
  EXPECT_GT(kept.at, 1'700'000'000);
  EXPECT_EQ(looked(), kept);
}

TEST(Calibration, OfAnotherMachineOrDamagedIsNotTaken) {
  const OwnCache cache;
  const Calibration kept = calibrate(false);
  for (const Machine& other : {Machine{"another", 1, "2.15.0"}, Machine{"of a test", 2, "2.15.0"},
                               Machine{"of a test", 1, "2.16.0"}})
    EXPECT_FALSE(kept_calibration(other));
  std::filesystem::copy_file(calibration_path(kMachine),
                             calibration_path({"another", 1, "2.15.0"}));
  EXPECT_FALSE(kept_calibration({"another", 1, "2.15.0"}));
  std::string text = calibration_to_json(kept);
  for (const char* damaged : {"", "{", "{}", "[1]", "{\"schema\": \"nanscope.calibration/1\"}"}) {
    std::ofstream(calibration_path(kMachine)) << damaged;
    EXPECT_FALSE(kept_calibration(kMachine)) << damaged;
  }
  EXPECT_TRUE(calibration_from_json(text));
  text.replace(text.find("\"copy\": "), 8, "\"copy\": -");
  EXPECT_FALSE(calibration_from_json(text));
}

TEST(Calibration, EndsWhenARoundFindsNothingFaster) {
  const OwnCache cache;
  double last = 0;
  JobContext context({}, [&](const Message&, double fraction) { last = fraction; });
  CalibrationSpan span = kShort;
  span.largest_product = 64;
  span.rounds = 1000;
  const auto job = make_calibration_job({}, kMachine, span);
  ASSERT_TRUE(run_job(*job, context));
  EXPECT_GT(last, 0.002) << "two rounds tell nothing";
  EXPECT_LT(last, 0.9);
}

TEST(Calibration, CanBeCancelledAndKeepsNothingThen) {
  const OwnCache cache;
  std::stop_source source;
  JobContext context(source.get_token(), {}, std::chrono::milliseconds(1));
  const auto job = make_calibration_job({}, kMachine, kShort);
  const auto first = job->advance(context);
  ASSERT_TRUE(first);
  EXPECT_FALSE(*first) << "the whole of it was one slice";
  source.request_stop();
  const auto second = job->advance(context);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Error::Kind::cancelled);
  EXPECT_FALSE(kept_calibration(kMachine));
}

}  // namespace
}  // namespace nanscope
