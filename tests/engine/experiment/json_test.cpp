#include "engine/experiment/json.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "engine/experiment/numbers.h"
#include "samples.h"

namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string error_of_json(std::string_view text) {
  const auto experiment = from_json(text);
  return experiment ? "no error" : to_string(experiment.error());
}

TEST(Json, ComesBackUnchanged) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 1000; ++i) {
    const Experiment experiment = testing::random_experiment(random);
    const auto read = from_json(to_json(experiment, i % 2 ? 2 : -1));
    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(*read, experiment) << to_json(experiment);
  }
}

TEST(Json, HasTheKeysOfTheDesignInAFixedOrder) {
  Experiment experiment;
  EXPECT_EQ(to_json(experiment, -1),
            R"({"schema":"nanscope.experiment/1",)"
            R"("model":{"kind":"mlp","depth":50,"width":512,"activation":"relu","norm":"none",)"
            R"("residual":false,"bias":false},)"
            R"("init":{"scheme":"normal","gain":1.0,"cut":3.0,"cut_reading":"std","bias_std":0.0},)"
            R"("precision":"fp32","execution":"auto","optimizer":{"kind":"adam","lr":0.001},)"
            R"("data":{"kind":"normal","path":""},"batch":64,"steps":200,"networks":1,"seed":1,)"
            R"("device":"auto"})");
}

TEST(Json, ReadsEveryChoiceOfEveryKey) {
  for (const Key& key : key_table())
    for (const std::string_view choice : key.choices) {
      const auto dot = key.name.find('.');
      nlohmann::json object = {{"data", {{"path", "x.csv"}}}};
      (dot == key.name.npos
           ? object[std::string(key.name)]
           : object[std::string(key.name.substr(0, dot))][std::string(key.name.substr(dot + 1))]) =
          choice;
      const auto experiment = from_json(object.dump());
      ASSERT_TRUE(experiment) << to_string(experiment.error());
      EXPECT_EQ(key_text(*experiment, key.name), choice);
    }
}

TEST(Json, KeepsTheBaseWhereAKeyIsMissing) {
  Experiment base;
  base.network.model.depth = 7;
  base.network.seed = 3;
  const auto experiment = from_json(R"({"model":{"width":64}})", base);
  ASSERT_TRUE(experiment);
  EXPECT_EQ(experiment->network.model.depth, 7);
  EXPECT_EQ(experiment->network.model.width, 64);
  EXPECT_EQ(experiment->network.seed, 3u);
}

TEST(Json, TakesWholeNumbersHoweverTheyAreWritten) {
  EXPECT_EQ(from_json(R"({"batch":64.0})")->data.batch, 64);
  EXPECT_EQ(from_json(R"({"steps":1e3})")->training.steps, 1000);
  EXPECT_EQ(from_json(R"({"init":{"gain":2}})")->network.init.gain, 2.0);
  EXPECT_EQ(from_json(R"({"seed":18446744073709551615})")->network.seed,
            std::numeric_limits<std::uint64_t>::max());
}

TEST(Json, NamesTheNearestKey) {
  EXPECT_EQ(error_of_json(R"({"model":{"dpeth":3}})"),
            "model.dpeth: no such key; did you mean model.depth?");
  EXPECT_EQ(error_of_json(R"({"modle":{"depth":3}})"), "modle: no such key; did you mean model?");
  EXPECT_THAT(error_of_json(R"({"zzzzzz":3})"),
              StartsWith("zzzzzz: no such key; there are lab, model, "));
  EXPECT_THAT(to_string(with_key({}, "zzzzzz", "1").error()),
              HasSubstr("there are lab, model.*, init.*, precision, "));
  EXPECT_THAT(to_string(with_key({}, "init.zzzzzz", "1").error()),
              HasSubstr("there are init.scheme, .gain, "));
  EXPECT_THAT(error_of_json(R"({"":3})"), HasSubstr("no such key"));
  EXPECT_THAT(error_of_json(R"({"model.depth":3})"), HasSubstr("no such key"));
  EXPECT_THAT(error_of_json(R"({"model":{"":3}})"), HasSubstr("no such key"));
}

TEST(Json, RefusesWrongTypesAndSaysWhatIsRight) {
  EXPECT_EQ(error_of_json(R"({"model":{"depth":"3"}})"),
            "model.depth: \"3\" is not allowed; it takes a whole number from 1 to 200.");
  EXPECT_THAT(error_of_json(R"({"model":{"depth":3.5}})"), StartsWith("model.depth: 3.5 is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":-3}})"), StartsWith("model.depth: -3 is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":null}})"), StartsWith("model.depth: null is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":true}})"), StartsWith("model.depth: true is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":[1]}})"),
              StartsWith("model.depth: a list is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":{}}})"),
              StartsWith("model.depth: an object is not"));
  EXPECT_THAT(error_of_json(R"({"model":{"residual":1}})"),
              HasSubstr("model.residual: 1 is not allowed; it takes true or false."));
  EXPECT_THAT(error_of_json(R"({"model":3})"),
              HasSubstr("model: 3 is not allowed; it takes an object"));
  EXPECT_THAT(error_of_json(R"({"data":{"path":3}})"), HasSubstr("it takes a text"));
  EXPECT_THAT(error_of_json("{\"data\":{\"path\":\"a\\u0000b\"}}"), HasSubstr("data.path: "));
  EXPECT_THAT(error_of_json(R"({"precision":16})"), HasSubstr("it takes one of fp64, fp32, "));
  EXPECT_THAT(error_of_json(R"({"init":{"scheme":"kaimng"}})"), HasSubstr("Did you mean kaiming?"));
}

TEST(Json, ReportsRangesAndContradictions) {
  EXPECT_THAT(error_of_json(R"({"model":{"width":1e9}})"), StartsWith("model.width: 1"));
  EXPECT_THAT(error_of_json(R"({"seed":18446744073709551616})"),
              StartsWith("seed: 18446744073709551616 is not allowed"));
  EXPECT_THAT(error_of_json(R"({"data":{"kind":"file"}})"), StartsWith("data.path: is empty"));
}

TEST(Json, RefusesNumbersThatAreNotFinite) {
  for (const char* bad : {"NaN", "nan", "Infinity", "-Infinity", "inf", "1e999", "-1e999"})
    EXPECT_THAT(error_of_json(std::string(R"({"init":{"gain":)") + bad + "}}"),
                HasSubstr("line 1, column "))
        << bad;
  for (const char* bad : {"\"nan\"", "\"inf\"", "\"-inf\""})
    EXPECT_THAT(error_of_json(std::string(R"({"init":{"gain":)") + bad + "}}"),
                AllOf(StartsWith("init.gain: "), HasSubstr("it takes a number")));
}

TEST(Json, ANumberThatIsRefusedIsShownAsItIsWritten) {
  EXPECT_THAT(error_of_json(R"({"seed":18446744073709551617})"),
              StartsWith("seed: 18446744073709551617 is not allowed"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":-99999999999999999999}})"),
              StartsWith("model.depth: -99999999999999999999 is not allowed"));
  EXPECT_THAT(error_of_json("\xef\xbb\xbf{\"init\":{\"gain\":-1.000000000000000000001}}"),
              StartsWith("init.gain: -1.000000000000000000001 is not allowed"));
  EXPECT_THAT(
      error_of_json(R"({"schema":"nanscope.demo/1","seed":2e40,"experiment":{"seed":1e30}})"),
      StartsWith("seed: 1e30 is not allowed"));
  EXPECT_EQ(from_json(R"({"seed":18446744073709551615})")->network.seed, 18446744073709551615u);
}

TEST(Json, KnowsItsSchema) {
  EXPECT_EQ(error_of_json(R"({"schema":"nanscope.experiment/1"})"), "no error");
  EXPECT_THAT(error_of_json(R"({"schema":"nanscope.experiment/2","unheard_of":1})"),
              HasSubstr("schema: nanscope.experiment/2 was written by a newer NaNscope"));
  EXPECT_THAT(error_of_json(R"({"unheard_of":1,"schema":"nanscope.experiment/99999999999999"})"),
              HasSubstr("newer NaNscope"));
  EXPECT_THAT(error_of_json(R"({"schema":"nanscope.signal/2","experiment":{}})"),
              HasSubstr("nanscope.signal/2 was written by a newer NaNscope; this one reads "
                        "nanscope.signal/1"));
  for (const char* bad : {"nanscope.signal/1", "nanscope.experiment/0", "nanscope.experiment/",
                          "nanscope.experiment/-2", "nanscope.experiment/2x", ""})
    EXPECT_THAT(error_of_json(std::string(R"({"schema":")") + bad + "\"}"),
                HasSubstr("it takes \"nanscope.experiment/1\""))
        << bad;
  EXPECT_THAT(error_of_json(R"({"schema":1})"), StartsWith("schema: 1 is not allowed"));
}

TEST(Json, FindsTheExperimentInWhatCarriesOne) {
  EXPECT_EQ(from_json(R"({"schema":"nanscope.signal/1","experiment":{"seed":8},"layers":[]})")
                ->network.seed,
            8u);
  EXPECT_EQ(from_json(R"({"schema":"nanscope.demo/1","title":"a","experiment":{"seed":9}})")
                ->network.seed,
            9u);
  EXPECT_THAT(error_of_json(R"({"schema":"nanscope.experiment/1","experiment":{}})"),
              HasSubstr("experiment: no such key"));
  EXPECT_THAT(error_of_json(R"({"experiment":{"seed":8}})"), HasSubstr("experiment: no such key"));
  EXPECT_THAT(error_of_json(R"({"schema":"nanscope.signal/1","experiment":3})"),
              StartsWith("schema: "));
  EXPECT_THAT(error_of_json(R"({"schema":"other/1","experiment":{}})"), StartsWith("schema: "));
}

TEST(Json, SaysWhereTheSyntaxIsWrong) {
  EXPECT_THAT(error_of_json("{\n  \"seed\": 1,\n  \"batch\": x\n}"),
              StartsWith("line 3, column 12: "));
  EXPECT_THAT(error_of_json(""), StartsWith("line 1, column 1: "));
  EXPECT_THAT(error_of_json("{\"seed\": 1"),
              AllOf(StartsWith("line 1, column "), HasSubstr("this is not JSON")));
  EXPECT_THAT(error_of_json("{\"seed\": 1} 2"), HasSubstr("this is not JSON"));
  EXPECT_THAT(error_of_json("{\"data\":{\"path\":\"\xff\"}}"), HasSubstr("this is not JSON"));
  // Whatever the parser makes of it.
  for (const char* latin : {"{\"seed\": 1,\n \"data\":{\"path\":\"L\xe4nge\"}}",
                            "{\"seed\": 1,\n \"data\":{\"path\":\"L\xe4\"} \xff x"})
    EXPECT_THAT(error_of_json(latin),
                AllOf(StartsWith("line 2, column 19: this is not JSON: the byte 0xe4 is not UTF-8"),
                      HasSubstr("in Latin-1 and Windows-1252 it is \xc3\xa4); save it as UTF-8.")));
  EXPECT_THAT(error_of_json("[1]"), HasSubstr("a JSON object, not a list"));
  EXPECT_THAT(error_of_json("3"), HasSubstr("a JSON object, not 3"));
}

TEST(Json, RefusesAKeyThatOccursTwice) {
  EXPECT_THAT(error_of_json(R"({"seed":1,"seed":2})"), HasSubstr("the key \"seed\" occurs twice"));
  EXPECT_THAT(error_of_json(R"({"model":{"depth":1,"depth":1}})"),
              HasSubstr("\"depth\" occurs twice"));
}

TEST(Json, SurvivesDepthAndSize) {
  EXPECT_THAT(error_of_json(std::string(1000000, '[')), HasSubstr("nested deeper than"));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_THAT(error_of_json(objects), HasSubstr("nested deeper than"));
  EXPECT_THAT(error_of_json(std::string(5 << 20, ' ')), HasSubstr("larger than 4 MiB"));
  EXPECT_THAT(error_of_json("{\"" + std::string(1 << 20, 'k') + "\":1}").size(),
              ::testing::Lt(1000u));
}

TEST(Json, TakesAByteOrderMark) {
  EXPECT_EQ(error_of_json("\xef\xbb\xbf{\"seed\":1}"), "no error");
}

TEST(Json, WritesAPathThatIsNotUtf8) {
  Experiment experiment;
  experiment.data.path = "bad \xff.csv";
  EXPECT_TRUE(from_json(to_json(experiment)));
}

TEST(WithKey, SetsEveryKeyFromItsOwnText) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    const Experiment wanted = testing::random_experiment(random);
    Experiment built;
    for (const std::string& key : experiment_keys()) {
      const auto changed = with_key(built, key, key_text(wanted, key));
      ASSERT_TRUE(changed) << to_string(changed.error());
      built = *changed;
    }
    EXPECT_EQ(built, wanted);
  }
}

TEST(WithKey, ExplainsWhatItRefuses) {
  const auto error = [](const char* key, const char* value) {
    const auto experiment = with_key({}, key, value);
    return experiment ? "no error" : to_string(experiment.error());
  };
  EXPECT_EQ(error("model.depth", "0"),
            "model.depth: 0 is not allowed; it takes a whole number from 1 to 200.");
  EXPECT_EQ(error("depth", "3"), "depth: no such key; did you mean model.depth?");
  EXPECT_THAT(error("model.depth", ""), HasSubstr("an empty value is not allowed"));
  EXPECT_THAT(error("model.depth", "5x"), HasSubstr("5x is not allowed"));
  EXPECT_THAT(error("model.depth", " 5"), HasSubstr("is not allowed"));
  EXPECT_THAT(error("model.depth", "0x10"), HasSubstr("is not allowed"));
  EXPECT_THAT(error("init.gain", "nan"), HasSubstr("init.gain: nan is not allowed"));
  EXPECT_THAT(error("init.gain", "inf"), HasSubstr("inf is not allowed"));
  EXPECT_THAT(error("init.gain", "1e999"), HasSubstr("1e999 is not allowed"));
  EXPECT_THAT(error("model.residual", "yes"), HasSubstr("it takes true or false"));
  EXPECT_THAT(error("model.activation", "ReLU"), HasSubstr("Did you mean relu?"));
  EXPECT_THAT(error("model.depth", "\x1b[31m"), HasSubstr("\\x1b[31m is not allowed"));
}

TEST(WithKey, DoesNotCheckAcrossKeys) {
  EXPECT_TRUE(with_key({}, "data.kind", "file"));  // the path comes with the next word
}

TEST(DifferingKeys, NamesWhatChanged) {
  Experiment a, b;
  EXPECT_THAT(differing_keys(a, b), IsEmpty());
  b.network.model.residual = true;
  b.network.init.gain = 2;
  b.network.seed = 9;
  EXPECT_THAT(differing_keys(a, b), ElementsAre("model.residual", "init.gain", "seed"));
}

/// JSON lists its keys in another order than that in which they have to be read.
TEST(Json, AViewIsReadBeforeWhatItResets) {
  const auto read = from_json(
      R"({"numbers":{"addend":0.25,"formats":"fp16,e5m7 bias=20","view":"accumulation"}})");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->numbers.view, "accumulation");
  EXPECT_EQ(read->numbers.settings.addend, 0.25);
  EXPECT_THAT(read->numbers.settings.formats, ElementsAre("fp16", "e5m7 bias=20"));
  EXPECT_EQ(*from_json(to_json(*read)), *read);
}

TEST(Json, LeavesOutLabsThatNobodyTouched) {
  EXPECT_EQ(to_json({}).find("numbers"), std::string::npos);
  Experiment experiment;
  experiment.numbers = numbers_with_view(experiment.numbers, "condition");
  EXPECT_NE(to_json(experiment, -1).find(R"("numbers":{"view":"condition"})"), std::string::npos);
}

TEST(WithKey, RefusesFormatsAndNumbersThatAreNone) {
  const auto formats = with_key({}, "numbers.formats", "fp16,bf15");
  ASSERT_FALSE(formats);
  EXPECT_EQ(formats.error().where, "numbers.formats");
  EXPECT_FALSE(with_key({}, "numbers.formats", ""));
  EXPECT_FALSE(with_key({}, "numbers.input", "zero point one"));
  EXPECT_FALSE(with_key({}, "numbers.length", "0"));
}

TEST(DifferingKeys, SeesEveryKey) {
  std::mt19937_64 random(4);
  for (const Key& key : key_table()) {
    Experiment changed;
    while (changed == Experiment{}) key.set(changed, testing::random_value(key, random));
    if (key.resets_group)
      EXPECT_THAT(differing_keys({}, changed), Contains(std::string(key.name)));
    else
      EXPECT_THAT(differing_keys({}, changed), ElementsAre(std::string(key.name)));
  }
}

TEST(KeyText, IsEmptyForAnUnknownKey) { EXPECT_EQ(key_text({}, "nosuch"), ""); }

}  // namespace
}  // namespace nanscope
