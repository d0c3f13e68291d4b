#include <gmock/gmock.h>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "samples.h"

// Thousands of damaged experiments from a fixed seed: each is refused with words or is valid.
namespace nanscope {
namespace {

/// Pieces that a JSON text is made of, and some that it is not.
constexpr const char* kPieces[] = {"{",        "}",
                                   "[",        "]",
                                   ":",        ",",
                                   "\"",       "\\",
                                   "\\u0000",  "null",
                                   "true",     "-",
                                   "1e99",     "1e999",
                                   "0.5",      "-0",
                                   "NaN",      "nan",
                                   "\"nan\"",  "\xff",
                                   "\n",       "\"a\":",
                                   "4096",     "\"seed\"",
                                   "\"file\"", "\"nanscope.experiment/2\"",
                                   "\"relu\"", " "};

std::string damaged(std::string text, std::mt19937_64& random) {
  for (std::uint64_t k = 0; k <= random() % 4; ++k) {
    const std::size_t at = text.empty() ? 0 : random() % text.size();
    switch (random() % 5) {
      case 0:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, random() % 20);
        break;
      case 2:
        text.insert(at, kPieces[random() % std::size(kPieces)]);
        break;
      case 3:
        text.insert(at, text.substr(text.empty() ? 0 : random() % text.size(), random() % 40));
        break;
      default: {
        // A value of the right place, with another value in it: gets past the syntax.
        const std::size_t colon = text.find(':', at);
        const std::size_t end = text.find_first_of(",}", colon);
        if (colon != std::string::npos && end != std::string::npos)
          text.replace(colon + 1, end - colon - 1, kPieces[random() % std::size(kPieces)]);
      }
    }
  }
  return text;
}

TEST(Fuzz, DamagedJsonIsRefusedOrValid) {
  std::mt19937_64 random(6);
  int refused = 0, taken = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = damaged(to_json(testing::random_experiment(random), i % 3), random);
    const auto experiment = from_json(text);
    if (experiment) {
      ++taken;
      EXPECT_TRUE(validate(*experiment).empty()) << text;
      EXPECT_EQ(from_json(to_json(*experiment)).value(), *experiment) << text;
    } else {
      ++refused;
      EXPECT_GT(experiment.error().message().size(), 10u) << text;
      EXPECT_LT(to_string(experiment.error()).size(), 1000u) << text;
    }
  }
  // Both ways are taken often, so that both are tested.
  EXPECT_GT(refused, 100);
  EXPECT_GT(taken, 100);
}

TEST(Fuzz, RandomWordsNeverBreakAKey) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string key = experiment_keys()[random() % experiment_keys().size()], value;
    if (random() % 2) key[random() % key.size()] = static_cast<char>(random());
    for (std::uint64_t k = 0; k < random() % 6; ++k)
      value += random() % 2 ? kPieces[random() % std::size(kPieces)]
                            : std::string(1, static_cast<char>(random()));
    const auto experiment = with_key({}, key, value);
    if (!experiment) {
      EXPECT_GT(experiment.error().message().size(), 10u);
    }
  }
}

}  // namespace
}  // namespace nanscope
