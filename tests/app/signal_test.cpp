// nanscope signal: its JSON is a contract with scripts, key by key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>
#include <sstream>
#include <thread>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::set<std::string> keys(const json& object) {
  std::set<std::string> result;
  for (const auto& [key, value] : object.items()) result.insert(key);
  return result;
}

const std::vector<std::string> kSmall{"explode", "model.depth=4", "model.width=32", "batch=16"};

std::vector<std::string> signal(std::vector<std::string> words) {
  std::vector<std::string> all{"signal", "--json"};
  all.insert(all.end(), kSmall.begin(), kSmall.end());
  std::ranges::move(words, std::back_inserter(all));
  return all;
}

/// A number, or one of the three strings that stand for what JSON has no numbers for.
void expect_number(const json& value, const std::string& where) {
  if (value.is_string())
    EXPECT_TRUE(value == "inf" || value == "-inf" || value == "nan") << where << value;
  else
    EXPECT_TRUE(value.is_number()) << where << value;
}

TEST(Signal, SaysWhichKeysOfAFileHaveNoEffect) {
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "e.json", R"({"model":{"depth":2,"width":8},"steps":500,"optimizer":{"lr":0.1}})");
  const Outcome with = run({"signal", "--json", file});
  EXPECT_EQ(with.status, 0);
  EXPECT_THAT(with.err, HasSubstr("optimizer.lr, steps: have no effect"));
  EXPECT_THAT(run(signal({})).err, testing::Not(HasSubstr("no effect")));
}

TEST(SignalJson, HasTheContractsKeys) {
  const json signal_json = run_json(signal({}));
  EXPECT_EQ(signal_json["schema"], "nanscope.signal/1");
  EXPECT_THAT(keys(signal_json),
              IsSupersetOf({"experiment", "device", "layers", "first_nonfinite"}));
  EXPECT_EQ(signal_json["experiment"]["schema"], "nanscope.experiment/1");
  EXPECT_EQ(signal_json["experiment"]["model"]["depth"], 4);
  EXPECT_EQ(signal_json["device"], "cpu");
  ASSERT_EQ(signal_json["layers"].size(), 4u);
  for (const json& layer : signal_json["layers"]) {
    EXPECT_EQ(layer["shape"], json({16, 32}));
    EXPECT_THAT(keys(layer),
                IsSupersetOf({"name", "shape", "preactivation", "activation", "activation_grad",
                              "weight", "weight_grad", "predicted"}));
    for (const char* tensor :
         {"preactivation", "activation", "activation_grad", "weight", "weight_grad"}) {
      EXPECT_THAT(keys(layer[tensor]), IsSupersetOf({"mean", "var", "rms", "absmax", "zeros",
                                                     "subnormals", "infs", "nans", "count"}));
      for (const char* moment : {"mean", "var", "rms", "absmax"})
        expect_number(layer[tensor][moment], moment);
      for (const char* count : {"zeros", "subnormals", "infs", "nans", "count"})
        EXPECT_TRUE(layer[tensor][count].is_number_integer()) << count;
    }
    EXPECT_EQ(layer["activation"]["count"], 16 * 32);
    EXPECT_EQ(layer["weight"]["count"], 32 * 32);
    expect_number(layer["predicted"]["activation_var"], "predicted");
    expect_number(layer["predicted"]["activation_grad_var"], "predicted");
  }
  EXPECT_EQ(signal_json["layers"][0]["name"], "linear 1");
  EXPECT_TRUE(signal_json["first_nonfinite"].is_null());
}

TEST(SignalJson, NamesTheFirstValueThatIsNotFinite) {
  const json result = run_json(signal({"model.depth=20", "model.width=128", "precision=fp16"}));
  const json first = result["first_nonfinite"];
  ASSERT_TRUE(first.is_object());
  EXPECT_EQ(keys(first), (std::set<std::string>{"pass", "layer", "tensor", "value"}));
  EXPECT_EQ(first["pass"], "forward");
  EXPECT_EQ(first["tensor"], "preactivation");
  // Every layer before it is finite, and it is not.
  for (const json& layer : result["layers"]) {
    const json& z = layer["preactivation"];
    const bool finite = z["infs"] == 0 && z["nans"] == 0;
    EXPECT_EQ(finite, layer["name"] != first["layer"]) << layer["name"];
    if (!finite) break;
  }
  // What follows an infinity has no variance; JSON says so in a string.
  EXPECT_EQ(result["layers"].back()["activation"]["var"], "nan");
}

TEST(SignalJson, TheSameExperimentGivesTheSameBytes) {
  json first = run_json(signal({})), second = run_json(signal({}));
  first.erase("cost");  // times are measured
  second.erase("cost");
  EXPECT_EQ(first, second);
}

TEST(SignalJson, HistogramOnRequest) {
  const json without = run_json(signal({}));
  EXPECT_FALSE(without["layers"][0].contains("histogram"));
  const json with = run_json(signal({"--histogram", "weight"}));
  EXPECT_TRUE(with["layers"][0].contains("histogram"));
}

TEST(SignalJson, ReopensItsOwnExperiment) {
  const TemporaryFolder folder;
  const json first = run_json(signal({"init.gain=0.3", "seed=7"}));
  const std::string file = folder.write("again.json", first["experiment"].dump());
  const json second = run_json({"signal", file, "--json"});
  EXPECT_EQ(first["layers"], second["layers"]);
}

TEST(SignalCsv, HasARowALayer) {
  auto words = signal({"--csv"});
  std::erase(words, "--json");
  const Outcome outcome = run(words);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 5);  // a header and four layers
  EXPECT_THAT(outcome.out, HasSubstr("activation.var"));
}

TEST(SignalText, SaysWhatIsSeenAndStaysNarrow) {
  const Outcome outcome = run({"signal", "explode", "model.width=64", "precision=fp16"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("overflows at linear"), HasSubstr("measured"),
                                 HasSubstr("predicted"), HasSubstr("--all")));
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 108u) << line;
  const Outcome all = run({"signal", "explode", "model.width=64", "--all"});
  for (int layer = 1; layer <= 50; ++layer)
    EXPECT_THAT(all.out, HasSubstr("\nlinear " + std::to_string(layer) + " "));
}

TEST(SignalText, DrawsMagnitudesOnRequest) {
  const Outcome outcome =
      run({"signal", "model.width=32", "model.depth=3", "--histogram", "weight"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("magnitudes of weight"));
  for (const char* layer : {"linear 1", "linear 2", "linear 3"})
    EXPECT_THAT(outcome.out, HasSubstr(std::string("\n") + layer + " |"));
}

TEST(SignalText, ComparesNetworks) {
  const Outcome outcome =
      run({"signal", "explode", "model.width=32", "model.depth=3", "networks=5", "seed=10"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("5 networks with seeds 10 to 14"), HasSubstr("median")));
}

TEST(SignalData, NotANumberInAFileIsFound) {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", "1,2,3\n4,nan,6\n");
  const Outcome outcome = run(signal({"data.kind=file", "data.path=" + file, "batch=2"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("data.csv"), HasSubstr("line 2"), HasSubstr("nan")));
}

TEST(SignalData, AFileIsRead) {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", "1,2,3\n4,5,6\n-1,0.5,2\n");
  const json result = run_json(signal({"data.kind=file", "data.path=" + file, "batch=3"}));
  EXPECT_EQ(result["layers"][0]["name"], "input");  // 3 numbers a sample, 32 units
  EXPECT_EQ(result["layers"].size(), 5u);
}

TEST(SignalData, TheLayerThatTakesAnInputOfAnotherWidthIsCounted) {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", "1,2,3\n4,5,6\n-1,0.5,2\n");
  const Outcome outcome = run({"signal", "data.kind=file", "data.path=" + file, "batch=3",
                               "model.depth=1", "model.width=32"});
  EXPECT_THAT(outcome.out, HasSubstr("1 layer of 32 units, ReLU, behind one for the input's 3 "));
  EXPECT_THAT(run({"signal", "model.depth=1", "model.width=32"}).out, Not(HasSubstr("behind one")));
}

TEST(SignalData, ABatchLargerThanTheFileSaysSo) {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", "1,2,3\n4,5,6\n");
  const Outcome outcome = run(signal({"data.kind=file", "data.path=" + file, "batch=3"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("batch"), HasSubstr("2"), HasSubstr("3")));
}

TEST(SignalData, WithoutABatchOfItsOwnAFileOfFewRowsIsTheBatch) {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", "1,2,3\n4,5,6\n-1,0.5,2\n");
  const Outcome outcome =
      run({"signal", "model.width=8", "model.depth=2", "data.kind=file", "data.path=" + file});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("batch 3"));
  EXPECT_THAT(outcome.out,
              HasSubstr("read: 3 rows x 3 columns, no header, separated by commas, decimal point; "
                        "the batch is all of its rows"));
}

TEST(SignalData, WhatAFileWasReadAsIsSaid) {
  const TemporaryFolder folder;
  const std::string years = folder.write("years.csv", "2020,2021\n1.5,2.5\n3.5,0.5\n");
  const std::vector<std::string> words{"data.kind=file", "data.path=" + years, "batch=2"};
  const json result = run_json(signal(words));
  EXPECT_EQ(result["data"]["rows"], 2);
  EXPECT_EQ(result["data"]["columns"], 2);
  EXPECT_EQ(result["data"]["header"], true);
  EXPECT_THAT(result["data"]["doubts"].dump(),
              HasSubstr("the first row (2020, 2021) was read as a header"));
  const Outcome text = run({"signal", "model.width=8", "model.depth=2", words[0], words[1]});
  EXPECT_THAT(text.out, HasSubstr("note: the first row (2020, 2021) was read as a header"));
  auto without = words;
  without.push_back("data.header=no");
  EXPECT_EQ(run_json(signal(without))["data"]["rows"], 3);
}

TEST(SignalWork, WithoutADriverCudaSaysWhatIsMissing) {
  if (run_json({"doctor", "--json"}).dump().find("\"cuda\",\"state\":\"ok\"") != std::string::npos)
    GTEST_SKIP() << "this machine has CUDA";
  const Outcome outcome = run(signal({"device=cuda"}));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("device"), HasSubstr("libcuda.so.1")));
}

TEST(SignalWork, MoreThanTheMemoryIsRefusedBeforeItIsTaken) {
  // Weights alone: 200 x 4096^2 x 4 bytes x 256 networks = 3.2 TiB.
  const Outcome outcome =
      run({"signal", "--json", "model.width=4096", "model.depth=200", "networks=256", "batch=1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("memory"), HasSubstr("GiB")));
}

TEST(SignalWork, CtrlCStopsThePass) {
  // Orthogonal draws of this size take many seconds, a layer some ten milliseconds.
  Running program({"signal", "--json", "init.scheme=orthogonal", "model.width=768",
                   "model.depth=200", "model.norm=layernorm"},
                  {});
  // The first line of progress comes after a second, when the program listens for the signal.
  while (program.err().empty() && !program.ended())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_FALSE(program.ended());
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("stopped"));
}

}  // namespace
}  // namespace nanscope
