// Tokens from a file to where they are computed with, measured.
#include "engine/measuring/moving_data_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stop_token>

namespace nanscope {
namespace {

using testing::HasSubstr;

constexpr MovingDataSpan kBrief{.seconds_of_one = 0.001, .rounds = 2, .batches = 4};
const MovingDataRequest kLittle{.file_bytes = 10'000'000, .batch = 8, .length = 64};

TEST(MovingDataJob, MeasuresAllOfIt) {
  std::vector<double> progress;
  JobContext context({}, [&](const Message&, double fraction) { progress.push_back(fraction); });
  const auto job = make_moving_data_job(kLittle, message("there is none"), kBrief);
  const auto result = run_job(*job, context);
  ASSERT_TRUE(result) << to_string(result.error());
  const MovingData& data = *result->as<MovingData>();
  EXPECT_TRUE(std::ranges::is_sorted(progress));
  EXPECT_GT(progress.size(), 10u);
  EXPECT_EQ(data.bytes, 10'000'000);
  EXPECT_FALSE(std::filesystem::exists(data.path));  // it was made for this
  ASSERT_TRUE(data.loaded);
  // All of it, but for what the allocator had left from before.
  EXPECT_GT(data.loaded->resident, 5'000'000);
  EXPECT_LT(data.mapped.resident, data.loaded->resident);
  EXPECT_GE(data.loader.size(), 10u);
  for (const LoaderSpeed& one : data.loader) EXPECT_GT(one.bytes_per_second, 0);
  EXPECT_EQ(data.batches, 4);
  EXPECT_EQ(data.in_turns.spans.size(), 8u);
  EXPECT_EQ(data.overlapped.spans.size(), 8u);
  EXPECT_EQ(data.no_gpu.text(), "there is none");
  EXPECT_THAT(moving_data_to_json(data), HasSubstr("\"schema\": \"nanscope.data/1\""));
}

TEST(MovingDataJob, StopsWhenItIsAsked) {
  std::stop_source stop;
  int told = 0;
  JobContext context(stop.get_token(), [&](const Message&, double) {
    if (++told == 2) stop.request_stop();
  });
  const auto job = make_moving_data_job(kLittle, {}, kBrief);
  const auto result = run_job(*job, context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::cancelled);
  EXPECT_EQ(told, 2);
}

/// Whenever somebody shortens it: before it is mapped, loaded or read by several threads.
TEST(MovingDataJob, AFileThatIsShortenedIsAnError) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "nanscope-test-shortened-job.bin").string();
  for (const char* during :
       {"mapped", "loaded", "batches of 1 by one thread", "copying beside computing"}) {
    std::ofstream(path, std::ios::binary) << std::string(4 << 20, 'x');
    MovingDataRequest request = kLittle;
    request.file = path;
    JobContext context({}, [&](const Message& what, double) {
      if (what.text() == std::string("moving data: ") + during)
        std::filesystem::resize_file(path, 1000);
    });
    const auto result = run_job(*make_moving_data_job(request, {}, kBrief), context);
    ASSERT_FALSE(result) << during;
    EXPECT_EQ(result.error().kind, Error::Kind::work) << during;
    EXPECT_THAT(result.error().what.text(), HasSubstr("was shortened while it was read")) << during;
  }
  std::filesystem::remove(path);
}

TEST(MovingDataJob, OfSlowRoundsItTakesFewer) {
  const MovingDataSpan endless{
      .seconds_of_one = 0.001, .rounds = 10'000'000, .seconds_of_rounds = 0.05, .batches = 2};
  JobContext context({}, {});
  const auto result = run_job(*make_moving_data_job(kLittle, {}, endless), context);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->as<MovingData>()->overlapped.spans.size(), 4u);
}

TEST(MovingDataJob, AFileWithoutASequenceIsRefused) {
  MovingDataRequest request = kLittle;
  request.file_bytes = 100;
  JobContext context({}, {});
  const auto result = run_job(*make_moving_data_job(request, {}, kBrief), context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().where, "costs.data_length");
  EXPECT_THAT(result.error().what.text(), HasSubstr("are more than the 50 of"));
}

}  // namespace
}  // namespace nanscope
