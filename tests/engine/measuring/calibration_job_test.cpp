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

Calibration with_speeds(const std::vector<double>& speeds) {
  Calibration one{.machine = kMachine,
                  .types = {{"fp32", {}}},
                  .bandwidth = {.copy = 1e10, .triad = 2e10, .bytes = 1 << 20},
                  .seconds = 9};
  std::int64_t size = 64;
  for (const double speed : speeds) {
    const auto n = static_cast<double>(size);
    one.types[0].products.push_back({size, 2 * n * n * n / speed, speed});
    size *= 2;
  }
  return one;
}

TEST(Calibration, ThatWasDisturbedSaysSoAndKeepsWhatWasFaster) {
  const OwnCache cache;
  const Calibration good = with_speeds({1e11, 1.8e11, 1.9e11, 2e11});
  EXPECT_FALSE(settled_calibration(good, std::nullopt).disturbed);
  // An eighth of its neighbour, as another program's work makes it.
  const Calibration dip = with_speeds({1.1e11, 1.75e11, 0.22e11, 0.67e11});
  const Calibration first = settled_calibration(dip, std::nullopt);
  EXPECT_TRUE(first.disturbed);
  EXPECT_EQ(first.peak_of("fp32"), 1.75e11);
  const Calibration again = settled_calibration(dip, good);
  EXPECT_TRUE(again.disturbed);
  EXPECT_EQ(again.peak_of("fp32"), 2e11);
  EXPECT_EQ(again.types[0].products[0].flop_per_second, 1.1e11) << "it was faster there";
  ASSERT_TRUE(keep_calibration(again));
  EXPECT_EQ(kept_calibration(kMachine), again);
  // One that is slower throughout is another state of the machine; large products may stay slow.
  EXPECT_EQ(*settled_calibration(with_speeds({0.5e11, 0.9e11, 1e11}), good).peak_of("fp32"), 1e11);
  EXPECT_FALSE(settled_calibration(with_speeds({4.3e9, 4.3e9, 2e9, 1.2e9}), good).disturbed);
}

/// Of whoever runs the program, not of whoever built it.
TEST(Calibration, IsKeptInTheFolderOfTheEnvironment) {
  const auto value_of = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  const std::string xdg = value_of("XDG_CACHE_HOME"), home = value_of("HOME"),
                    own = value_of("NANSCOPE_CACHE");
  unsetenv("NANSCOPE_CACHE");
  setenv("HOME", "/home/of-a-test", 1);
  setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_TRUE(calibration_path(kMachine).starts_with("/caches/nanscope/calibration/"));
  unsetenv("XDG_CACHE_HOME");
  EXPECT_TRUE(
      calibration_path(kMachine).starts_with("/home/of-a-test/.cache/nanscope/calibration/"));
  setenv("NANSCOPE_CACHE", "/chosen", 1);
  EXPECT_TRUE(calibration_path(kMachine).starts_with("/chosen/calibration/"));
  for (const auto& [name, value] :
       {std::pair{"XDG_CACHE_HOME", xdg}, {"HOME", home}, {"NANSCOPE_CACHE", own}})
    value.empty() ? unsetenv(name) : setenv(name, value.c_str(), 1);
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
