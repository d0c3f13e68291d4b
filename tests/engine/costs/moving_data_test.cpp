// Tokens from a file: where they stand, and the timelines of copying and computing.
#include "engine/costs/moving_data/moving_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/costs/moving_data/loader.h"
#include "engine/costs/moving_data/token_file.h"

namespace nanscope {
namespace {

using testing::AllOf;
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

Result<std::unique_ptr<TokenBytes>> mapped_of(const std::string& path) {
  const auto layout = token_layout(path);
  if (!layout) return tl::unexpected(layout.error());
  return map_tokens(path, *layout);
}

/// A .npy of this type and shape, and what stands behind its header.
std::string npy(const std::string& type, const std::string& shape, const std::string& numbers) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + char(header.size()) + '\0' + header + numbers;
}

TEST(MovingData, OverlapHidesTheShorterOfTheTwo) {
  EXPECT_DOUBLE_EQ(seconds_in_turns(10, 2, 3), 50);
  EXPECT_DOUBLE_EQ(seconds_overlapped(10, 2, 3), 2 + 9 * 3 + 3);
  EXPECT_DOUBLE_EQ(seconds_overlapped(10, 3, 2), 3 + 9 * 3 + 2);
  EXPECT_DOUBLE_EQ(seconds_overlapped(1, 2, 3), seconds_in_turns(1, 2, 3));
}

TEST(TokenFiles, MappedAndLoadedHaveTheSameTokens) {
  const WrittenFile file("tokens.bin", counted(1000));
  const auto mapped = mapped_of(file.path());
  const auto loaded = load_tokens(file.path(), *token_layout(file.path()));
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
  const WrittenFile file("tokens.npy",
                         npy("<i4", "3,", std::string("\x05\0\0\0\x06\0\0\0\x07\0\0\0", 12)));
  const auto tokens = mapped_of(file.path());
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

TEST(TokenFiles, AnArrayOfAnotherLengthThanItsHeaderSaysIsRefused) {
  const auto refused = [](const std::string& bytes) {
    const WrittenFile file("refused.npy", bytes);
    const auto layout = token_layout(file.path());
    EXPECT_FALSE(layout) << bytes.size();
    return layout ? "" : to_string(layout.error());
  };
  EXPECT_THAT(refused(npy("<u2", "1000,", std::string(193, 'x'))),
              HasSubstr("the header says 1000 tokens, the file holds 96"));
  EXPECT_THAT(refused(npy("<u2", "3,", std::string(11, 'x'))), HasSubstr("5 of its bytes stand"));
  EXPECT_THAT(refused(npy(">u2", "3,", std::string(6, 'x'))),
              AllOf(HasSubstr("big-endian"), HasSubstr("astype('<u2')")));
  EXPECT_THAT(refused(npy("<u2", "0,", "")), HasSubstr("is empty"));
  EXPECT_THAT(refused(npy("<u2", "9999999999, 9999999999, 99", "xx")), HasSubstr("is cut off"));
  EXPECT_THAT(refused(npy("<i3", "3,", std::string(9, 'x'))), HasSubstr("holds i3"));
  EXPECT_THAT(refused(""), HasSubstr("is empty"));
  const WrittenFile file("empty.bin", "");
  EXPECT_THAT(to_string(token_layout(file.path()).error()), HasSubstr("is empty"));
}

TEST(TokenFiles, OneThatIsShortenedIsLeft) {
  const WrittenFile file("shortened.bin", std::string(1 << 20, 'x'));
  const TokenLayout layout = *token_layout(file.path());
  const auto tokens = map_tokens(file.path(), layout);
  ASSERT_TRUE(tokens);
  std::vector<std::int64_t> batch;
  std::uint64_t random = 1;
  gather_batch(**tokens, 64, 128, random, batch);
  EXPECT_FALSE((*tokens)->shortened());
  std::filesystem::resize_file(file.path(), 1000);
  loader_speed(**tokens, 64, 128, 3, 0.01);  // ended the program by SIGBUS
  EXPECT_TRUE((*tokens)->shortened());
  for (const auto& open : {map_tokens, load_tokens}) {
    const auto again = open(file.path(), layout);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, Error::Kind::work);
    EXPECT_THAT(to_string(again.error()), HasSubstr("was shortened while it was read"));
  }
}

/// What is not a look at a shortened file's tokens ends the program as before.
TEST(TokenFilesDeathTest, AnotherBusErrorIsOnesOwn) {
  const WrittenFile file("bus.bin", std::string(8192, 'x'));
  const auto tokens = mapped_of(file.path());
  ASSERT_TRUE(tokens);
  EXPECT_DEATH(std::raise(SIGBUS), "");
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
  const auto tokens = mapped_of(file.path());
  const LoaderSpeed one = loader_speed(**tokens, 4, 99, 2, 0.01);
  EXPECT_EQ(one.threads, 2);
  EXPECT_GT(one.batches_per_second, 0);
  EXPECT_DOUBLE_EQ(one.bytes_per_second, one.batches_per_second * 4 * 100 * 2);
}

/// A batch is computed with once it is there, and copied into a buffer that nobody needs any more.
TEST(Loader, TheNextBatchIsCopiedMeanwhile) {
  const WrittenFile file("overlap.bin", counted(5000));
  const auto tokens = mapped_of(file.path());
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
