// nanscope cost EXP --measure runs some steps and measures them; cost calibrate measures the
// machine.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/costs/measured/calibration.h"
#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kRun{"cost",     "model.depth=4",     "model.width=64",
                                    "batch=32", "data.kind=teacher", "init.scheme=kaiming",
                                    "--measure"};

std::vector<std::string> with(std::vector<std::string> words, std::vector<std::string> more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(MeasuredCost, OfARunStandsBesideThePredictionWithTheKeysOfTheContract) {
  const TemporaryFolder cache;
  const RunOptions options{.environment = {"NANSCOPE_CACHE=" + cache.path()}};
  const auto result = run_json(with(kRun, {"--json"}), options);
  const auto &predicted = result["memory"], &measured = result["measured"]["memory"];
  for (const auto& [name, bytes] : predicted.items()) EXPECT_EQ(measured[name], bytes) << name;
  std::int64_t named = 0;
  for (const auto& [name, bytes] : measured["residual_parts"].items())
    named += bytes.get<std::int64_t>();
  EXPECT_EQ(measured["residual"], named);
  EXPECT_EQ(measured["peak"].get<std::int64_t>(), measured["total"].get<std::int64_t>() + named);
  const double seconds = result["measured"]["seconds_per_step"].get<double>(),
               flops = result["flops"]["step"].get<double>();
  EXPECT_GT(seconds, 0);
  EXPECT_NEAR(result["measured"]["flop_per_second"].get<double>() / (flops / seconds), 1, 1e-12);
  // Nobody has measured this machine.
  EXPECT_TRUE(result["measured"]["mfu"].is_null());
  EXPECT_THAT(result["measured"]["no_mfu"].get<std::string>(),
              HasSubstr("nanscope cost calibrate"));
  const auto &rows = result["timeline"]["rows"], &operations = result["measured"]["operations"];
  ASSERT_EQ(rows.size(), operations.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(operations[i]["kind"], rows[i]["kind"]);
    EXPECT_GT(operations[i]["seconds"].get<double>(), 0) << i;
  }
}

TEST(MeasuredCost, IsPlottedWithItsData) {
  const TemporaryFolder folder;
  const RunOptions options{.environment = {"NANSCOPE_CACHE=" + folder.path()}};
  const std::string png = folder.path() + "/held.png", table = folder.path() + "/held.json";
  const Outcome held = run({"plot", "memory", "model.depth=2", "model.width=32", "batch=16",
                            "costs.measured=true", "-o", png, "--json", table},
                           options);
  EXPECT_EQ(held.status, 0) << held.err;
  const auto data = nlohmann::json::parse(file_bytes(table));
  EXPECT_EQ(data["measured"]["memory"]["total"], data["memory"]["total"]);
  // Nobody has measured this machine.
  const Outcome none = run({"plot", "calibration", "-o", png}, options);
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, HasSubstr("nanscope cost calibrate"));
}

TEST(MeasuredCost, IsAShareOfThePeakThatIsNamed) {
  const auto result = run_json(with(kRun, {"--json", "--peak", "1e12", "--bandwidth", "1e10"}));
  const auto& measured = result["measured"];
  EXPECT_NEAR(measured["mfu"].get<double>() / (measured["flop_per_second"].get<double>() / 1e12), 1,
              1e-12);
  EXPECT_EQ(measured["hfu"], measured["mfu"]);
  EXPECT_EQ(measured["peak"]["ridge"], 100);
  const auto tiny = run_json(with(kRun, {"--json", "--peak", "1e3"}));
  EXPECT_THAT(tiny["measured"]["doubt"].get<std::string>(), HasSubstr("peak is not this work's"));
  const Outcome device = run(with(kRun, {"--device", "rtx-3090"}));
  EXPECT_EQ(device.status, 0) << device.err;
  EXPECT_THAT(device.out, AllOf(HasSubstr("MFU"), HasSubstr("by its datasheet"),
                                HasSubstr("measured"), HasSubstr("predicted")));
}

TEST(MeasuredCost, IsAShareOfWhatTheMachineWasCalibratedTo) {
  const TemporaryFolder cache;
  const RunOptions options{.environment = {"NANSCOPE_CACHE=" + cache.path()}};
  const auto machine = run_json(with(kRun, {"--json"}), options)["measured"]["machine"];
  Calibration calibration{
      .machine = {machine["processor"], machine["threads"], machine["libtorch"]},
      .types = {{"fp32", {{.size = 512, .seconds = 0.01, .flop_per_second = 5e12}}}},
      .bandwidth = {.copy = 1e10, .triad = 2e10, .bytes = 1 << 26},
      .seconds = 9};
  setenv("NANSCOPE_CACHE", cache.path().c_str(), 1);
  const auto kept = keep_calibration(calibration);
  unsetenv("NANSCOPE_CACHE");
  ASSERT_TRUE(kept);
  const auto peak = run_json(with(kRun, {"--json"}), options)["measured"]["peak"];
  EXPECT_EQ(peak["flop_per_second"], 5e12);
  EXPECT_EQ(peak["bytes_per_second"], 2e10);
  EXPECT_EQ(peak["measured"], true);
  // MFU is of a peak that as many threads reached as are said beside it.
  EXPECT_EQ(peak["threads"], machine["threads"]);
  EXPECT_THAT(run(kRun, options).out,
              HasSubstr(fmt::format("this machine in fp32, calibrated with {} thread",
                                    machine["threads"].get<int>())));
  // What is kept is what the command answers with.
  const auto again = run_json({"cost", "calibrate", "--json"}, options);
  EXPECT_EQ(again["schema"], "nanscope.calibration/1");
  EXPECT_EQ(again["types"][0]["peak"], 5e12);
  EXPECT_THAT(run({"cost", "calibrate"}, options).out,
              AllOf(HasSubstr("5 T"), HasSubstr("copy 10 GB/s")));
}

TEST(PredictedCost, SaysThatAPeakIsWithoutTheWorkspaceOfProductsOf16Bits) {
  EXPECT_THAT(run_json({"cost", "model.depth=2", "precision=bf16", "execution=native",
                        "--json"})["peak_note"]
                  .get<std::string>(),
              HasSubstr("oneDNN"));
  EXPECT_TRUE(
      run_json({"cost", "model.depth=2", "optimizer.kind=muon", "--json"}).contains("peak_note"));
  EXPECT_FALSE(run_json({"cost", "model.depth=2", "--json"}).contains("peak_note"));
  EXPECT_FALSE(run_json({"cost", "model.depth=2", "precision=bf16", "execution=emulated", "--json"})
                   .contains("peak_note"));
  EXPECT_THAT(run({"cost", "precision=mixed_fp16", "execution=native"}).out,
              HasSubstr("is not in the predicted peak"));
}

TEST(MeasuredCost, SaysWhatOfAStepItsRowsAre) {
  const std::vector<std::string> words = with(kRun, {"accumulation=4", "networks=2"});
  const auto measured = run_json(with(words, {"--json"}))["measured"];
  EXPECT_EQ(measured["operations_of"], "one of 4 micro-batches of the first of 2 networks");
  double all = 0;
  for (const auto& row : measured["operations"]) {
    const bool of_step = row["kind"] == "optimizer" || row["kind"] == "gradient_norm";
    EXPECT_EQ(row["times"], of_step ? 2 : 8) << row["kind"];
    all += row["times"].get<int>() * row["seconds"].get<double>();
  }
  // Shares are of a step that nobody looks at; what they leave of it is said.
  const double step = measured["seconds_per_step"].get<double>();
  EXPECT_NEAR(measured["seconds_between_operations"].get<double>(), step - all, 1e-9);
  for (const auto& row : measured["operations"])
    EXPECT_NEAR(row["share"].get<double>() * step,
                row["times"].get<int>() * row["seconds"].get<double>(), 1e-9);
  EXPECT_THAT(run(kRun).out, ::testing::AnyOf(HasSubstr("between operations "),
                                              HasSubstr("more than a step that nobody looks at")));
  EXPECT_THAT(run(words).out, HasSubstr("time is of one of 4 micro-batches of the first of 2 "
                                        "networks; share is of the whole step"));
  EXPECT_TRUE(run_json(with(kRun, {"--json"}))["measured"]["operations_of"].is_null());
}

TEST(MeasuredCost, SaysThatAPrecisionIsEmulated) {
  // So does the prediction, without LibTorch.
  const RunOptions no_engine{.environment = {"NANSCOPE_ENGINE=/nowhere"}};
  EXPECT_EQ(run_json({"cost", "precision=e4m3", "--json"}, no_engine)["emulated"], true);
  EXPECT_EQ(run_json({"cost", "--json"}, no_engine)["emulated"], false);
  const std::string said = "e4m3 is emulated on this machine: rounded in software, kept in fp32";
  EXPECT_THAT(run({"cost", "precision=e4m3"}, no_engine).out, HasSubstr(said));
  EXPECT_THAT(run(with(kRun, {"precision=e4m3"})).out, HasSubstr(said));
  EXPECT_THAT(run({"cost", "precision=e4m3", "--compare", "precision=fp32"}, no_engine).out,
              AllOf(HasSubstr("A is emulated on this machine"), Not(HasSubstr("B is emulated"))));
}

TEST(MeasuredCost, CountsTheProductsOfMuon) {
  const auto flops = [](const char* optimizer) {
    return run_json({"cost", "model.depth=3", "model.width=64", "data.kind=teacher", optimizer,
                     "--json"})["flops"]["optimizer"];
  };
  EXPECT_EQ(flops("optimizer.kind=muon"), 5 * (3 * 3 * 2 * 64 * 64 * 64 + 2 * 64 + 2 + 2 * 64));
  EXPECT_EQ(flops("optimizer.kind=adam"), 0);
}

TEST(ComparedCost, IsTheDifferenceOfTwoRuns) {
  // Nothing that is predicted needs LibTorch.
  const RunOptions no_engine{.environment = {"NANSCOPE_ENGINE=/nowhere"}};
  const std::vector<std::string> words{
      "cost",      "model.depth=8",      "model.width=32", "data.kind=teacher",
      "--compare", "optimizer.kind=sgd", "--compare",      "recompute=4"};
  const auto result = run_json(with(words, {"--json"}), no_engine);
  const auto &a = result, &b = result["compared"], &by = result["difference"];
  EXPECT_EQ(b["experiment"]["optimizer"]["kind"], "sgd");
  EXPECT_EQ(b["memory"]["optimizer"], 0);
  for (const char* key : {"optimizer", "activations", "total"})
    EXPECT_EQ(by["memory"][key].get<std::int64_t>(),
              b["memory"][key].get<std::int64_t>() - a["memory"][key].get<std::int64_t>());
  EXPECT_GT(by["flops"]["recomputed"], 0);
  EXPECT_EQ(by["flops"]["step"], 0);
  EXPECT_LT(by["by_lifetime_peak"], 0);
  EXPECT_TRUE(a["measured"].is_null());
  const Outcome text = run(words, no_engine);
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("B: optimizer.kind=sgd recompute=4"), HasSubstr("B - A"),
                              HasSubstr("peak by lifetime")));
  for (const char* wrong :
       {"optimizer.kind=sgdd", "model.depth", "optimizer.beta1=0.5", "seed=-1"}) {
    const Outcome refused = run({"cost", "--compare", "optimizer.kind=sgd", "--compare", wrong});
    EXPECT_EQ(refused.status, 2) << wrong << refused.out;
  }
}

TEST(MeasuredCost, RefusesWhatIsNoRun) {
  const auto refused = [](std::vector<std::string> words) {
    words.insert(words.begin(), "cost");
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    return outcome.err;
  };
  EXPECT_THAT(refused({"--measure", "--model", "gpt2"}), HasSubstr("--seconds"));
  EXPECT_THAT(refused({"--measure", "--zero", "1"}), HasSubstr("is of --model"));
  EXPECT_THAT(refused({"--measure", "--device", "h100-sxn"}), HasSubstr("did you mean h100-sxm?"));
  EXPECT_THAT(refused({"--measure", "model.depth=0"}), HasSubstr("model.depth"));
  EXPECT_THAT(refused({"--device", "h100-sxm"}), HasSubstr("--model"));
}

}  // namespace
}  // namespace nanscope
