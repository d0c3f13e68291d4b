#include "engine/experiment/png_text.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <random>

#include "png_samples.h"

namespace nanscope {
namespace {

using testing::chunk;
using ::testing::HasSubstr;
using testing::packed;
using testing::png;

constexpr std::string_view kKeyword = kPngExperimentKeyword;

std::string error_of_png(std::string_view bytes) {
  const auto text = read_png_text(bytes, kKeyword);
  return text ? "no error" : text.error().message();
}

TEST(PngText, ReadsAllThreeKindsOfText) {
  const std::string key(kKeyword), text = "{\"seed\":1,\"path\":\"\u00fc\"}", zero(1, '\0');
  for (const std::string& part :
       {chunk("tEXt", key + zero + text), chunk("zTXt", key + zero + zero + packed(text)),
        chunk("iTXt", key + zero + zero + zero + "en" + zero + zero + text),
        chunk("iTXt", key + zero + "\1" + zero + zero + zero + packed(text))}) {
    const auto read = read_png_text(png({part}), kKeyword);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(*read, text);
  }
}

TEST(PngText, FindsItsKeywordAmongOthers) {
  const std::string zero(1, '\0');
  const std::string bytes =
      png({chunk("tEXt", "Title" + zero + "no"), chunk("tEXt", "nanscope.experimen" + zero + "no"),
           chunk("tEXt", std::string(kKeyword) + zero + "yes")});
  EXPECT_EQ(read_png_text(bytes, kKeyword).value(), "yes");
}

TEST(PngText, SaysWhatIsMissingOrBroken) {
  EXPECT_THAT(error_of_png(""), HasSubstr("not a PNG"));
  EXPECT_THAT(error_of_png("GIF89a"), HasSubstr("not a PNG"));
  EXPECT_THAT(error_of_png(png({})), HasSubstr("carries no experiment"));
  std::string damaged = png({testing::experiment_chunk("{}")});
  damaged[50] ^= 1;
  EXPECT_THAT(error_of_png(damaged), HasSubstr("checksum"));
}

TEST(PngText, NoticesEveryTruncation) {
  const std::string whole = png({testing::experiment_chunk("{\"seed\":1}")});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto text = read_png_text(std::string_view(whole).substr(0, length), kKeyword);
    EXPECT_FALSE(text.has_value()) << length;
  }
}

TEST(PngText, RefusesHostileChunks) {
  const std::string key(kKeyword), zero(1, '\0');
  std::string huge = png({});
  huge.replace(8, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(error_of_png(huge), HasSubstr("ends in the middle"));
  for (const std::string& part :
       {chunk("zTXt", key + zero), chunk("zTXt", key + zero + zero + "not packed"),
        chunk("iTXt", key + zero), chunk("iTXt", key + zero + zero + zero + "no end"),
        // 16 MB of zeros in a few bytes
        chunk("zTXt", key + zero + zero + packed(std::string(16 << 20, '\0')))})
    EXPECT_THAT(error_of_png(png({part})), HasSubstr("broken"));
  EXPECT_THAT(error_of_png(png({chunk("tEXt", "no zero at all")})), HasSubstr("carries no"));
}

TEST(PngText, SurvivesRandomDamage) {
  std::mt19937_64 random(5);
  const std::string whole = png({testing::experiment_chunk("{\"seed\":1}")});
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    for (std::uint64_t k = 0; k <= random() % 4; ++k)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    if (random() % 4 == 0) damaged.resize(random() % damaged.size());
    read += read_png_text(damaged, kKeyword).has_value();
  }
  EXPECT_GT(read, 0);  // damage behind the text goes unnoticed
}

}  // namespace
}  // namespace nanscope
