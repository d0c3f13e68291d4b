// nanscope number: its table, its JSON, its listing, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

const json& encoding(const json& value, const std::string& format) {
  const json& encodings = value.at("encodings");
  const auto found = std::ranges::find_if(
      encodings, [&](const json& entry) { return entry.at("format") == format; });
  if (found == encodings.end()) throw std::runtime_error("no encoding in " + format);
  return *found;
}

TEST(Number, PrintsJsonOfEveryFormat) {
  const json object = run_json({"number", "0.1", "--json"});
  EXPECT_EQ(object.at("schema"), "nanscope.number/1");
  const json& value = object.at("values").at(0);
  EXPECT_EQ(value.at("input"), "0.1");
  EXPECT_EQ(value.at("encodings").size(), 14U);
  EXPECT_EQ(encoding(value, "bf16").at("bits"), "0x3dcd");
  EXPECT_EQ(encoding(value, "bf16").at("value"), "0.10009765625");
  EXPECT_EQ(encoding(value, "fp64").at("bits"), "0x3fb999999999999a");
}

TEST(Number, TakesNegativeNumbersAndSeveralFormatsInAnyOrder) {
  const json object = run_json({"number", "--format", "fp16", "-0.1", "-2^-24", "--format", "e5m7",
                                "-inf", "-(1/3)", "--json", "-.5"});
  ASSERT_EQ(object.at("values").size(), 5U);
  EXPECT_EQ(object["values"][0]["input"], "-0.1");
  EXPECT_EQ(object["values"][4]["input"], "-.5");
  EXPECT_EQ(object["values"][1]["encodings"].size(), 2U);
  EXPECT_EQ(encoding(object["values"][1], "fp16").at("bits"), "0x8001");
  EXPECT_EQ(encoding(object["values"][1], "fp16").at("class"), "subnormal");
  EXPECT_EQ(encoding(object["values"][2], "fp16").at("value"), "-inf");
  EXPECT_EQ(encoding(object["values"][2], "fp16").at("absolute_error"), 0);
}

TEST(Number, TakesNegativeConstants) {
  const json object = run_json({"number", "-pi", "--format", "fp16", "--json"});
  EXPECT_EQ(encoding(object["values"][0], "fp16").at("value"), "-3.140625");
}

TEST(Number, ShowsErrorsThatFp64DoesNotHave) {
  const Outcome ran = run({"number", "1e-400", "--format", "fp64"});
  EXPECT_THAT(ran.out, ContainsRegex("zero +0 +4.94e-324 +1e-400 +1 "));
  EXPECT_THAT(run({"number", "1e400", "--format", "e4m3"}).out,
              ContainsRegex("normal +448 +32 +1e\\+400 +1 "));
}

TEST(Number, AFormatThatIsMostlyASlipIsNoted) {
  const Outcome slip = run({"number", "1", "--format", "e4m33"});
  EXPECT_EQ(slip.status, 0);
  EXPECT_THAT(slip.err, HasSubstr("38 bits of your own; did you mean e4m3?"));
  EXPECT_EQ(run({"number", "1", "--format", "e5m7", "--format", "fp64"}).err, "");
}

TEST(Number, RoundsAndOverflowsAsAsked) {
  const auto value = [](std::vector<std::string> words) {
    words.insert(words.begin(), "number");
    words.push_back("--json");
    return run_json(words)["values"][0]["encodings"][0]["value"].get<std::string>();
  };
  EXPECT_EQ(value({"500", "--format", "e4m3"}), "448");
  EXPECT_EQ(value({"500", "--format", "e4m3", "--overflow", "infinity"}), "nan");
  EXPECT_EQ(value({"1e9", "--format", "e5m2", "--overflow", "saturate"}), "57344");
  EXPECT_EQ(value({"0.3", "--format", "e2m1", "--rounding", "up"}), "0.5");
  EXPECT_EQ(value({"0.3", "--format", "e2m1", "--rounding", "down"}), "0");
  EXPECT_EQ(value({"-0.3", "--format", "e2m1", "--rounding", "toward_zero"}), "-0");
  const std::vector<std::string> stochastic{"0.3",        "--format", "e2m1", "--rounding",
                                            "stochastic", "--seed",   "7"};
  EXPECT_EQ(value(stochastic), value(stochastic)) << "the same seed";
}

TEST(Number, CastsToE8m0AsPyTorchDoesUnlessAskedOtherwise) {
  const auto value = [](std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "e8m0", "--json"});
    words.insert(words.begin(), "number");
    return run_json(words)["values"][0]["encodings"][0]["bits"].get<std::string>();
  };
  EXPECT_EQ(value({"0"}), "0x00");     // 2^-127
  EXPECT_EQ(value({"-1"}), "0x7f");    // 1
  EXPECT_EQ(value({"-inf"}), "0xff");  // NaN
  EXPECT_EQ(value({"0", "--overflow", "infinity"}), "0xff");
  EXPECT_EQ(value({"-1", "--overflow", "saturate"}), "0x00");
}

TEST(Number, ALongValueIsTheShortestThatReadsBack) {
  EXPECT_THAT(run({"number", "0.1", "--format", "fp64"}).out, HasSubstr(" ~ 0.1 "));
  EXPECT_THAT(run({"number", "1/3", "--format", "fp64"}).out, HasSubstr(" ~ 0.3333333333333333 "));
}

TEST(Number, PrintsATableForPeople) {
  const Outcome outcome = run({"number", "1e-8", "--format", "fp16", "--format", "bf16"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("1e-8\n"), ContainsRegex("fp16 +0x0000 zero +0 "),
                                 HasSubstr("0 01100100 0101100")));
}

TEST(Number, ListsEveryCode) {
  const Outcome outcome = run({"number", "--all", "fp16"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 65536);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("0x0000 0 zero\n0x0001 0.000000059604644775390625 "
                                           "subnormal\n"),
                                 HasSubstr("\n0x3c00 1 normal\n"), HasSubstr("\n0x7c00 inf inf\n"),
                                 HasSubstr("\n0x7c01 nan nan\n"), HasSubstr("\n0x8000 -0 zero\n")));
}

struct Refusal {
  std::vector<std::string> words;
  std::string says;
};

TEST(Number, SaysWhatIsWrong) {
  for (const Refusal& refusal : std::vector<Refusal>{
           {{}, "write a value"},
           {{"0.1x"}, "position 4"},
           {{"1e999999999"}, "too large"},
           {{"1", "--format", "fp17"}, "did you mean fp16?"},
           {{"1", "--format", "e5m7:bas=1"}, "bias=N"},
           {{"1", "--rounding", "nearest"}, "did you mean nearest_even?"},
           {{"1", "--overflow", "clamp"}, "saturate"},
           {{"1", "--frmat", "fp16"}, "did you mean --format?"},
           {{"1", "--seed", "x"}, "--seed"},
           {{"--all", "fp32"}, "32 bits"},
           {{"--all", "fp16", "1"}, "takes no values"},
       }) {
    std::vector<std::string> words = refusal.words;
    words.insert(words.begin(), "number");
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 2) << refusal.says;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(refusal.says));
  }
}

}  // namespace
}  // namespace nanscope
