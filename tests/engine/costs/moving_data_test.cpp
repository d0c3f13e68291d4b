// Tokens from a file: where they stand, and the timelines of copying and computing.
#include "engine/costs/moving_data/moving_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/costs/moving_data/loader.h"
#include "engine/costs/moving_data/token_file.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

/// A file that is removed with it.
class WrittenFile {
 public:
  WrittenFile(const std::string& name, const std::string& bytes)
      : path_((std::filesystem::temp_directory_path() / ("nanscope-test-" + name)).string()) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~WrittenFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// 0, 1, 2, ... as two bytes each.
std::string counted(int tokens) {
  std::string bytes;
  for (int i = 0; i < tokens; ++i) bytes += {char(i & 0xff), char(i >> 8)};
  return bytes;
}

TEST(MovingData, OverlapHidesTheShorterOfTheTwo) {
  EXPECT_DOUBLE_EQ(seconds_in_turns(10, 2, 3), 50);
  EXPECT_DOUBLE_EQ(seconds_overlapped(10, 2, 3), 2 + 9 * 3 + 3);
  EXPECT_DOUBLE_EQ(seconds_overlapped(10, 3, 2), 3 + 9 * 3 + 2);
  EXPECT_DOUBLE_EQ(seconds_overlapped(1, 2, 3), seconds_in_turns(1, 2, 3));
}

TEST(TokenFiles, MappedAndLoadedHaveTheSameTokens) {
  const WrittenFile file("tokens.bin", counted(1000));
  const auto mapped = map_tokens(file.path()), loaded = load_tokens(file.path());
  ASSERT_TRUE(mapped);
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*mapped)->layout().tokens(), 1000);
  std::vector<std::int64_t> a, b;
  std::uint64_t one = 7, other = 7;
  gather_batch(**mapped, 4, 16, one, a);
  gather_batch(**loaded, 4, 16, other, b);
  EXPECT_EQ(a, b);
  ASSERT_EQ(a.size(), 4u * 17);
  for (std::size_t i = 1; i < 17; ++i) EXPECT_EQ(a[i], a[i - 1] + 1);  // as they stand in the file
  EXPECT_NE(a[0], a[17]);
}

TEST(TokenFiles, OfAnArrayTheHeaderIsNoToken) {
  std::string npy("\x93NUMPY\x01\x00", 8);
  std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }";
  header.resize(117, ' ');
  header += '\n';
  npy += {char(header.size()), 0};
  npy += header + std::string("\x05\0\0\0\x06\0\0\0\x07\0\0\0", 12);
  const WrittenFile file("tokens.npy", npy);
  const auto tokens = map_tokens(file.path());
  ASSERT_TRUE(tokens) << to_string(tokens.error());
  EXPECT_EQ((*tokens)->layout().tokens(), 3);
  std::vector<std::int64_t> batch;
  std::uint64_t random = 1;
  gather_batch(**tokens, 1, 2, random, batch);
  EXPECT_THAT(batch, testing::ElementsAre(5, 6, 7));
}

TEST(TokenFiles, WhatIsNoneIsRefused) {
  EXPECT_THAT(to_string(token_layout("/nowhere/tokens.bin").error()),
              HasSubstr("/nowhere/tokens.bin: cannot be read"));
  EXPECT_THAT(to_string(token_layout("/tmp").error()), HasSubstr("is no file of tokens"));
}

TEST(TokenFiles, OneThatIsMadeGoesWithIt) {
  std::string path;
  {
    auto made = MadeTokens::make();
    ASSERT_TRUE(made);
    path = (*made)->path();
    ASSERT_TRUE((*made)->append(1001));
    EXPECT_EQ(std::filesystem::file_size(path), 1001u);
    (*made)->settle();
    EXPECT_GE(cached_share(path), 0);
    EXPECT_LE(cached_share(path), 1);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Loader, DeliversWhatItSays) {
  const WrittenFile file("loader.bin", counted(5000));
  const auto tokens = map_tokens(file.path());
  const LoaderSpeed one = loader_speed(**tokens, 4, 99, 2, 0.01);
  EXPECT_EQ(one.threads, 2);
  EXPECT_GT(one.batches_per_second, 0);
  EXPECT_DOUBLE_EQ(one.bytes_per_second, one.batches_per_second * 4 * 100 * 2);
}

/// A batch is computed with once it is there, and copied into a buffer that nobody needs any more.
TEST(Loader, TheNextBatchIsCopiedMeanwhile) {
  const WrittenFile file("overlap.bin", counted(5000));
  const auto tokens = map_tokens(file.path());
  const MovingDataRequest request{.batch = 4, .length = 64};
  constexpr int kBatches = 6;
  const auto work = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  const DataTimeline turns = timeline_in_turns(**tokens, request, kBatches, work);
  const DataTimeline beside = timeline_overlapped(**tokens, request, kBatches, work);
  for (const DataTimeline* timeline : {&turns, &beside}) {
    ASSERT_EQ(timeline->spans.size(), 2u * kBatches);
    std::vector<DataSpan> copies(kBatches), computes(kBatches);
    for (const DataSpan& span : timeline->spans)
      (span.computes ? computes : copies)[static_cast<std::size_t>(span.batch)] = span;
    for (std::size_t i = 0; i < kBatches; ++i) {
      EXPECT_LE(copies[i].end, computes[i].begin);
      EXPECT_LE(computes[i].end, timeline->seconds);
      const double freed = i < 2 ? 0 : computes[i - 2].end;
      EXPECT_GE(copies[i].begin, freed);
    }
  }
}

}  // namespace
}  // namespace nanscope
