// Random malformed experiments, as words and as JSON: each is refused with status 2, and the
// message names the key, stays short and cannot move the cursor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "engine/experiment/keys.h"
#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

/// A key and a value that it does not take.
struct Malformed {
  std::string key, value;
};

class Malformer {
 public:
  explicit Malformer(unsigned seed) : random_(seed) {
    for (const Key& key : key_table())
      if (key.type != KeyType::text || key.check) keys_.push_back(&key);
  }

  Malformed next() {
    const Key& key = *keys_[random_() % keys_.size()];
    Malformed one{std::string(key.name), value(key)};
    if (random_() % 8 == 0) one.key = misspelt(one.key);
    // By chance it may be right.
    return find_key(one.key) != nullptr && accept_text(*find_key(one.key), one.value) ? next()
                                                                                      : one;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string value(const Key& key) {
    constexpr std::array kNothing{"",    " ",         "nan",  "inf",  "-1e999", "0x1g", "1,5",
                                  "--1", "\xd9\xa3",  "True", "null", "[1]",    "1 2",  "1e",
                                  "+-1", "\x1b[31mx", "\n",   "{}",   ";;",     "=",    "a=b"};
    switch (random_() % 5) {
      case 0:
        if (key.type == KeyType::number) return fmt_number(key.range.high * 2 + 1);
        if (key.type == KeyType::whole_number) return fmt_number(key.range.low - 1);
        if (!key.choices.empty())
          return misspelt(std::string(key.choices[below(key.choices.size())]));
        break;
      case 1:
        return std::string(100000, static_cast<char>('a' + random_() % 26));
      case 2: {
        std::string noise;
        for (std::size_t i = 0; i <= below(12); ++i)
          noise += static_cast<char>(1 + random_() % 255);
        return noise;
      }
      default:
        break;
    }
    return kNothing[below(kNothing.size())];
  }
  static std::string fmt_number(double value) { return nlohmann::json(value).dump(); }
  std::string misspelt(std::string name) {
    const std::size_t at = below(name.size());
    if (random_() % 2)
      name.erase(at, 1);
    else
      name.insert(at, 1, static_cast<char>('a' + random_() % 26));
    return name;
  }

  std::mt19937_64 random_;
  std::vector<const Key*> keys_;
};

/// {"model":{"depth":"x"}}
std::string json_of(const Malformed& one) {
  nlohmann::json value = one.value;
  // Numbers as numbers, where the text is one.
  if (auto parsed = nlohmann::json::parse(one.value, nullptr, false);
      !parsed.is_discarded() && !parsed.is_object() && !parsed.is_array())
    value = parsed;
  nlohmann::json object;
  const std::size_t dot = one.key.find('.');
  if (dot == std::string::npos)
    object[one.key] = value;
  else
    object[one.key.substr(0, dot)][one.key.substr(dot + 1)] = value;
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void expect_refused(const Outcome& outcome, const Malformed& one, const std::string& what) {
  EXPECT_EQ(outcome.status, 2) << what << "\n" << outcome.err;
  EXPECT_EQ(outcome.out, "") << what;
  // A misspelt group is all that JSON's message names.
  const bool known = find_key(one.key) != nullptr;
  const std::size_t dot = one.key.find('.');
  EXPECT_TRUE(outcome.err.find(one.key) != std::string::npos ||
              (!known && outcome.err.find(one.key.substr(0, dot)) != std::string::npos))
      << what << "\n"
      << outcome.err;
  EXPECT_LT(outcome.err.size(), 2500u) << what;
  EXPECT_TRUE(outcome.err.ends_with('\n'));
  const auto control =
      std::ranges::count_if(outcome.err, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  EXPECT_EQ(control, 1) << what << " " << outcome.err;  // the end of the line
}

TEST(MalformedWords, AreRefusedWithTheKey) {
  Malformer malformer(41);
  for (int i = 0; i < 200; ++i) {
    const Malformed one = malformer.next();
    const std::string word = one.key + "=" + one.value;
    expect_refused(run({"plan", word}), one, word.substr(0, 200));
  }
}

TEST(MalformedJson, IsRefusedWithTheKey) {
  const TemporaryFolder folder;
  Malformer malformer(42);
  for (int i = 0; i < 200; ++i) {
    Malformed one = malformer.next();
    // JSON's texts are UTF-8; what is none is replaced, and may then be right for nothing else.
    const std::string path = folder.write("experiment.json", json_of(one));
    const Outcome outcome = run({"plan", path});
    if (outcome.status == 0) continue;  // text that JSON has as a value of another kind
    expect_refused(outcome, one, json_of(one).substr(0, 200));
  }
}

TEST(MalformedJson, NamesWhereItStopsBeingJson) {
  const TemporaryFolder folder;
  const std::string good = R"({"model":{"depth":3},"view":{"layer":3}})";
  EXPECT_EQ(run({"plan", folder.write("good.json", good)}).status, 0);
  std::mt19937_64 random(43);
  for (int i = 0; i < 60; ++i) {
    std::string bad = good;
    // Cut off, behind a byte 0, or with a byte 0 within.
    if (i % 3 == 0) bad.resize(1 + random() % (good.size() - 1));
    if (i % 3 == 1) bad += '\0';
    if (i % 3 == 2) bad.insert(random() % bad.size(), 1, '\0');
    const Outcome outcome = run({"plan", folder.write("bad.json", bad)});
    EXPECT_EQ(outcome.status, 2) << bad;
    EXPECT_THAT(outcome.err, HasSubstr("bad.json: line 1, column ")) << bad;
  }
}

}  // namespace
}  // namespace nanscope
