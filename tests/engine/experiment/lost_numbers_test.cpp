#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <string>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"

// What a person types and fp64 does not hold is refused, and never read as something else.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

template <class T>
std::string refusal(const Result<T>& read) {
  return read ? "no error" : to_string(read.error());
}

/// {"optimizer":{"lr":1e-400}}
std::string as_json(std::string_view key, const std::string& digits) {
  const std::size_t dot = key.find('.');
  if (dot == key.npos) return fmt::format(R"({{"{}":{}}})", key, digits);
  return fmt::format(R"({{"{}":{{"{}":{}}}}})", key.substr(0, dot), key.substr(dot + 1), digits);
}

TEST(LostNumbers, AreRefusedByEveryKeyInEveryForm) {
  const std::string tiny = "0." + std::string(400, '0') + "1", huge = "1" + std::string(400, '0');
  int keys = 0;
  for (const Key& key : key_table()) {
    if (key.type != KeyType::number && key.type != KeyType::whole_number) continue;
    ++keys;
    for (const std::string& digits :
         {std::string("1e-400"), std::string("-3.5e-9999"), tiny, std::string("1e400"),
          std::string("-1e400"), huge, std::string("1e-99999999"), std::string("1e99999999")}) {
      const auto says =
          AllOf(StartsWith(std::string(key.name) + ": "),
                HasSubstr("as the nearest number of fp64 is "), HasSubstr("it takes a "));
      EXPECT_THAT(refusal(with_key({}, key.name, digits)), says) << digits;
      EXPECT_THAT(refusal(from_json(as_json(key.name, digits))), says) << digits;
      EXPECT_THAT(refusal(from_json(fmt::format(R"({{"schema":"nanscope.demo/1","experiment":{}}})",
                                                as_json(key.name, digits)))),
                  says);
    }
    for (const char* arithmetic : {"10^-400", "1/10^400", "2^-1080", "10^400"})
      EXPECT_THAT(refusal(with_key({}, key.name, arithmetic)), HasSubstr("is not allowed"));
  }
  EXPECT_GT(keys, 30);
  EXPECT_EQ(with_key({}, "clip.norm", "0e-400")->training.clip_norm, 0);
  EXPECT_EQ(with_key({}, "clip.norm", "5e-324")->training.clip_norm, 5e-324);
  EXPECT_EQ(from_json(R"({"clip":{"norm":0.0e-999}})")->training.clip_norm, 0);
  EXPECT_EQ(from_json(R"({"clip":{"norm":5e-324}})")->training.clip_norm, 5e-324);
}

TEST(LostNumbers, BesideAWholeOneIsNoWholeNumber) {
  for (const char* beside : {"3.00000000000000000001", "2.99999999999999999999", "1/3*3+2^-80",
                             "3e-1", "9007199254740992.5"})
    EXPECT_THAT(refusal(with_key({}, "seed", beside)), HasSubstr("is not allowed")) << beside;
  EXPECT_EQ(with_key({}, "seed", "9007199254740993.0")->network.seed, 9007199254740993u);
  EXPECT_EQ(with_key({}, "seed", "3e0")->network.seed, 3u);
  EXPECT_EQ(with_key({}, "seed", "18446744073709551615")->network.seed, 18446744073709551615u);
}

TEST(LostNumbers, OfRandomOnesNoneBecomesZeroOrInfinite) {
  std::mt19937 random(7);
  const auto below = [&](unsigned end) { return random() % end; };
  for (int i = 0; i < 3000; ++i) {
    const std::string digits =
        fmt::format("{}.{}e{}{}", 1 + below(9), below(1000000), below(2) ? "-" : "", below(800));
    const auto typed = with_key({}, "optimizer.lr", digits);
    const auto read = from_json(as_json("optimizer.lr", digits));
    EXPECT_EQ(typed.has_value(), read.has_value()) << digits;
    if (!typed || !read) continue;
    EXPECT_GT(typed->training.optimizer.lr, 0) << digits;
    EXPECT_EQ(typed->training.optimizer.lr, read->training.optimizer.lr) << digits;
  }
}

}  // namespace
}  // namespace nanscope
