// nanscope cost predicts what a run or a transformer costs; nanscope cost napkin calculates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/program.h"
#include "tests/app/small_runs.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// LibTorch is not there: nothing of this opens it.
const RunOptions kNoEngine{.environment = {"NANSCOPE_ENGINE=/nowhere"}};

nlohmann::json cost(std::vector<std::string> words) {
  words.insert(words.begin(), "cost");
  words.emplace_back("--json");
  return run_json(words, kNoEngine);
}

/// What is said of wrong input.
std::string refused(std::vector<std::string> words) {
  words.insert(words.begin(), "cost");
  const Outcome outcome = run(words, kNoEngine);
  EXPECT_EQ(outcome.status, 2) << outcome.out;
  EXPECT_EQ(outcome.out, "");
  return outcome.err;
}

TEST(Cost, OfAModelHasTheKeysOfTheContract) {
  const auto result = cost({"--model", "llama-3-8b"});
  EXPECT_EQ(result["schema"], "nanscope.cost/1");
  EXPECT_EQ(result["parameters"], 8'030'261'248);
  EXPECT_EQ(result["active_parameters"], 8'030'261'248);
  EXPECT_EQ(result["kv_cache_bytes_per_token"], 131'072);
  EXPECT_EQ(result["memory"]["parameters"], 2 * 8'030'261'248);
  EXPECT_EQ(result["memory"]["gradients"], 2 * 8'030'261'248);
  EXPECT_EQ(result["memory"]["optimizer"], 12 * 8'030'261'248);
  EXPECT_EQ(result["memory"]["total"].get<std::int64_t>(),
            16 * 8'030'261'248 + result["memory"]["activations"].get<std::int64_t>());
  EXPECT_EQ(result["flops"]["step"].get<std::int64_t>(),
            result["flops"]["forward"].get<std::int64_t>() +
                result["flops"]["backward"].get<std::int64_t>());
  EXPECT_TRUE(result["measured"].is_null());
}

TEST(Cost, OfNanoGptIsThatOfItsNotebook) {
  const auto result = cost({"--model", "gpt2", "bias=false", "--batch", "100", "--length", "1024",
                            "--seconds", "0.755", "--device", "a100-80gb"});
  EXPECT_EQ(result["parameters"], 124'337'664);
  EXPECT_EQ(result["flops"]["forward"], 100 * 291'648'307'200);
  EXPECT_EQ(result["flops"]["step"], 100 * 874'944'921'600);
  EXPECT_NEAR(result["utilisation"]["mfu"].get<double>(), 0.3714, 5e-5);
}

TEST(Cost, SaysWhichPeakAnImpossibleUtilisationIsOf) {
  // As in the lecture: 1.97 of the fp32 peak of an RTX 3090 by products in bf16.
  const double flops = cost({"--model", "gpt2"})["flops"]["step"].get<double>();
  const auto result = cost({"--model", "gpt2", "--precision", "fp32", "--device", "rtx-3090",
                            "--seconds", std::to_string(flops / (1.97 * 35.6e12))});
  EXPECT_NEAR(result["utilisation"]["mfu"].get<double>(), 1.97, 1e-3);
  std::string notes = result["notes"].dump();
  EXPECT_THAT(notes, AllOf(HasSubstr("an MFU of 1.97 cannot be"), HasSubstr("3.56e+13"),
                           HasSubstr("if it ran in bf16, it is 0.988")));
}

TEST(Cost, OfKorthikantisLayerIsHis) {
  const auto result = cost({"--model", "gpt3-175b", "--length", "2048"});
  EXPECT_EQ(result["activations"]["bytes_per_layer"], 2'868'903'936);
  EXPECT_EQ(result["parameters"], 174'604'259'328);
}

TEST(Cost, SaysItsConventionsAndTheirSources) {
  const Outcome outcome =
      run({"cost", "--model", "mixtral-8x7b", "--device", "h100-sxm"}, kNoEngine);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr("46,702,792,704"), HasSubstr("12,879,925,248"), HasSubstr("--attention full"),
            HasSubstr("PaLM"), HasSubstr("--convention zero"), HasSubstr("Rajbhandari"),
            HasSubstr("predicted"), HasSubstr("does not fit"), HasSubstr("GB are 1e9")));
}

TEST(Cost, OfEightBitsInGeneratingIsHalf) {
  const auto bf16 = cost({"--model", "llama-3-8b", "--device", "h100-sxm"});
  const auto fp8 =
      cost({"--model", "llama-3-8b", "--device", "h100-sxm", "--inference-precision", "e4m3"});
  EXPECT_EQ(fp8["kv_cache_bytes_per_token"], 65'536);
  EXPECT_EQ(fp8["memory"], bf16["memory"]);
  for (const char* seconds : {"memory_seconds", "compute_seconds"})
    EXPECT_DOUBLE_EQ(2 * fp8["device"]["inference"][seconds].get<double>(),
                     bf16["device"]["inference"][seconds].get<double>());
}

TEST(Cost, OfTensorParallelDevicesRepeatsWhatCannotBeDivided) {
  const auto largest = [](const std::vector<std::string>& words) {
    return cost(words)["device"]["inference"]["largest_batch"].get<double>();
  };
  const std::vector<std::string> llama{"--model",  "llama-3-70b", "--device",  "h100-sxm",
                                       "--tensor", "16",          "--devices", "16"};
  // 80 GB without the weights, by 8 heads' cache of 4096 tokens on 16 devices: 424, and one less
  // by the projections to these heads, which are there twice.
  EXPECT_NEAR(largest(llama), 424, 2);
  const auto result = cost(llama);
  EXPECT_EQ(result["kv_cache_bytes"], 327'680 * 4096);
  EXPECT_EQ(result["kv_cache_bytes_per_device"], 327'680 * 4096 / 8);
  // All of the latent vectors on each device: 397, and 1.5 % less by the projections to them.
  const std::vector<std::string> deepseek{
      "--model", "deepseek-v3",           "--device", "h200", "--tensor", "8", "--devices",
      "8",       "--inference-precision", "e4m3"};
  EXPECT_NEAR(largest(deepseek), 394, 5);
  EXPECT_THAT(cost(deepseek)["notes"].dump(), HasSubstr("has no heads"));
}

TEST(Cost, FitsADeviceUpToItsLimit) {
  const std::vector<std::string> words{"--model",  "gpt2",      "--length",    "1024",
                                       "--device", "a100-40gb", "--precision", "mixed_bf16"};
  const auto limit = cost(words)["device"]["training"]["largest_micro_batch"].get<int>();
  for (const int batch : {limit, limit + 1}) {
    auto with = words;
    with.insert(with.end(), {"--batch", std::to_string(batch)});
    const auto result = cost(with);
    EXPECT_EQ(result["device"]["training"]["fits"], batch == limit);
    EXPECT_EQ(result["memory"]["total"].get<double>() <= 40e9, batch == limit);
  }
}

TEST(Cost, ReadsAConfigFile) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("config.json",
                   R"({"model_type": "qwen3", "hidden_size": 4096, "num_hidden_layers": 36,
          "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
          "intermediate_size": 12288, "vocab_size": 151936, "max_position_embeddings": 40960,
          "tie_word_embeddings": false, "use_sliding_window": false})");
  EXPECT_EQ(cost({"--model", path})["parameters"], 8'190'735'360);
  EXPECT_EQ(cost({"--model", folder.path()})["parameters"], 8'190'735'360);
  const std::string broken = folder.write("broken.json", R"({"model_type": "qwen3"})");
  EXPECT_THAT(refused({"--model", broken}),
              AllOf(HasSubstr(broken), HasSubstr("num_hidden_layers: the field is missing")));
}

TEST(Cost, OfARunIsThatOfItsPlan) {
  const std::vector<std::string> keys{"model.depth=3", "model.width=64", "batch=16",
                                      "data.kind=teacher", "optimizer.kind=adam"};
  const auto result = cost(keys);
  EXPECT_EQ(result["parameters"], 3 * 64 * 64 + 64);
  EXPECT_EQ(result["memory"]["parameters"], 4 * (3 * 64 * 64 + 64));
  EXPECT_EQ(result["rules"]["flops"], 6 * 16 * (3 * 64 * 64 + 64));
  EXPECT_EQ(result["flops"]["spared"], 2 * 16 * 64 * 64);
  std::vector<std::string> plan{"plan", "--json", "lab=training"};
  plan.insert(plan.end(), keys.begin(), keys.end());
  const auto total = run_json(plan, kNoEngine)["total"];
  EXPECT_EQ(result["memory"]["total"], total["bytes"]);
  EXPECT_EQ(result["flops"]["forward"], total["forward"]["flops"]);
  EXPECT_EQ(result["flops"]["backward"], total["backward"]["flops"]);
  std::vector<std::string> text{"cost"};
  text.insert(text.end(), keys.begin(), keys.end());
  EXPECT_THAT(run(text, kNoEngine).out, AllOf(HasSubstr("which nobody needs"), HasSubstr("total")));
}

TEST(Cost, OfAStepDoesNotCountWhatIsComputedAgain) {
  // As of --model: recomputation leaves the model's FLOPs, and adds to the device's.
  const std::vector<std::string> keys{"model.depth=4", "model.width=32", "data.kind=teacher"};
  auto again = keys;
  again.emplace_back("recompute=2");
  const auto without = cost(keys), with = cost(again);
  for (const char* part : {"forward", "backward", "step"})
    EXPECT_EQ(with["flops"][part], without["flops"][part]) << part;
  const auto recomputed = with["flops"]["recomputed"].get<std::int64_t>();
  EXPECT_GT(recomputed, 0);
  EXPECT_EQ(with["flops"]["hardware"], with["flops"]["step"].get<std::int64_t>() + recomputed);
  EXPECT_EQ(without["flops"]["hardware"], without["flops"]["step"]);
}

TEST(Cost, OfARunIsWhatTheRunTellsAtItsEnd) {
  for (const std::vector<std::string>& keys :
       {std::vector<std::string>{"model.norm=layernorm", "model.residual=true", "accumulation=2",
                                 "precision=mixed_bf16", "recompute=2"},
        {"precision=bf16", "model.norm=batchnorm", "optimizer.kind=lamb"},
        {"data.kind=digits", "optimizer.kind=adagrad", "model.bias=true"}}) {
    std::vector<std::string> words{"model.depth=4", "model.width=32", "batch=16",
                                   "data.kind=teacher"};
    words.insert(words.end(), keys.begin(), keys.end());
    const auto predicted = cost(words);
    words.insert(words.begin(), "train");
    words.insert(words.end(), {"steps=2", "--json"});
    const Outcome outcome = run(words);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto told = lines_of(outcome.out).back();
    EXPECT_EQ(predicted["memory"]["total"], told["memory"]["total"]);
    EXPECT_EQ(predicted["memory"]["parameters"], told["memory"]["parameter"]);
    EXPECT_EQ(predicted["memory"]["optimizer"], told["memory"]["optimizer_state"]);
    for (const char* part : {"forward", "backward", "step", "recomputed", "hardware"})
      EXPECT_EQ(predicted["flops"][part], told["flops"][part]) << part;
  }
}

TEST(Cost, RefusesWhatCannotBe) {
  EXPECT_THAT(refused({"--model", "llama-3-8"}), HasSubstr("did you mean llama-3-8b?"));
  EXPECT_THAT(refused({"--model", "gpt2", "--batch", "-1"}),
              HasSubstr("--batch: -1 is not allowed"));
  EXPECT_THAT(refused({"--model", "gpt2", "--length", "0"}),
              HasSubstr("--length: 0 is not allowed"));
  EXPECT_THAT(refused({"--model", "gpt2", "--length", "2048"}),
              HasSubstr("--length: 2048 is longer than the 1024 positions"));
  EXPECT_THAT(refused({"--model", "gpt2", "--devices", "13", "--pipeline", "13"}),
              HasSubstr("13 stages are more than the 12 layers"));
  for (const char* option : {"--devices", "--tensor", "--pipeline", "--context", "--expert"})
    for (const char* value : {"0", "-1", "100000001", "9223372036854775807"})
      EXPECT_THAT(refused({"--model", "gpt2", option, value}), HasSubstr(option));
  EXPECT_THAT(refused({"--model", "gpt2", "--devices", "100000000", "--tensor", "12", "--pipeline",
                       "12", "--context", "100000000"}),
              HasSubstr("--devices: 100000000 do not divide"));
  EXPECT_THAT(refused({"--model", "gpt2", "heads=7"}), HasSubstr("does not divide into 7 heads"));
  EXPECT_THAT(refused({"--model", "gpt2", "layer=7"}), HasSubstr("did you mean layers?"));
  EXPECT_THAT(refused({"--model", "gpt2", "explode"}), HasSubstr("explode"));
  EXPECT_THAT(refused({"--model", "gpt2", "--attention", "casual"}),
              HasSubstr("did you mean causal?"));
  EXPECT_THAT(refused({"--model", "gpt2", "--device", "h100-sxn"}),
              HasSubstr("did you mean h100-sxm?"));
  EXPECT_THAT(refused({"--model", "gpt2", "--device", "v100-16gb"}), HasSubstr("no peak of"));
  EXPECT_THAT(refused({"--model", "gpt2", "--batch", "6", "--accumulation", "4"}),
              HasSubstr("4 micro-batches do not divide"));
  EXPECT_THAT(refused({"--batch", "64"}), HasSubstr("is of --model"));
  EXPECT_THAT(refused({"--measure", "--model", "gpt2"}), HasSubstr("--measure"));
  EXPECT_THAT(refused({"model.depth=0"}), HasSubstr("model.depth"));
  EXPECT_THAT(refused({"--model", "gpt2", "--seconds", "1"}), HasSubstr("--device"));
}

TEST(Cost, ListsModelsAndDevices) {
  EXPECT_THAT(run({"cost", "models"}, kNoEngine).out,
              AllOf(HasSubstr("deepseek-v3"), HasSubstr("671,026,419,200")));
  const auto models = cost({"models"})["models"];
  EXPECT_EQ(models[0]["name"], "gpt2");
  EXPECT_EQ(models[0]["parameters"], 124'439'808);
  const auto devices = cost({"devices"})["devices"];
  const auto h100 = std::find_if(devices.begin(), devices.end(),
                                 [](const auto& one) { return one["name"] == "h100-sxm"; });
  ASSERT_NE(h100, devices.end());
  EXPECT_NEAR((*h100)["ridge_point"]["bf16"].get<double>(), 295.37, 5e-3);
  EXPECT_THAT(run({"cost", "devices"}, kNoEngine).out, HasSubstr("295.4"));
}

TEST(Cost, TakesDevicesOfAFileOfOnesOwn) {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "devices.json",
      R"([{"name": "toy", "title": "A toy", "flop_per_second": {"bf16": 1e12}, "bytes": 1e9,
           "bytes_per_second": 1e10, "source": "a test"}])");
  const RunOptions with{.environment = {"NANSCOPE_ENGINE=/nowhere", "NANSCOPE_DEVICES=" + path}};
  const auto result = run_json({"cost", "napkin", "--device", "toy", "--json"}, with);
  EXPECT_EQ(result["ridge_point"], 100);
  folder.write("devices.json", R"([{"name": "toy"}])");
  const Outcome broken = run({"cost", "devices"}, with);
  EXPECT_EQ(broken.status, 2);
  EXPECT_THAT(broken.err, AllOf(HasSubstr(path), HasSubstr("device 1")));
}

TEST(Napkin, CalculatesTheExamplesOfTheContract) {
  const auto days = cost({"napkin", "--parameters", "70e9", "--tokens", "15e12", "--devices",
                          "1024", "--device", "h100-sxm", "--mfu", "0.5"});
  EXPECT_NEAR(days["days"].get<double>(), 143.93, 5e-3);
  EXPECT_EQ(days["flops"].get<double>(), 6.3e24);
  EXPECT_EQ(days["formula"], "days = 6 * 70e9 * 15e12 / (1024 * 989.5e12 * 0.5 * 86400)");
  EXPECT_EQ(cost({"napkin", "--devices", "8", "--device", "h100-sxm", "--bytes-per-parameter",
                  "16"})["largest_parameters"],
            40'000'000'000);
  EXPECT_EQ(
      cost({"napkin", "--parameters", "7.5e9", "--devices", "64", "--device", "h100-sxm", "--zero",
            "1", "--precision", "mixed_fp16", "--optimizer", "adam"})["bytes_per_device"],
      31'406'250'000);
  EXPECT_EQ(cost({"napkin", "--matmul", "16384", "32768", "8192"})["flops"], 8'796'093'022'208);
  const auto cruncher = cost({"napkin", "--width", "4", "--layers", "2", "--batch", "2",
                              "--optimizer", "adagrad", "--precision", "fp32"});
  EXPECT_EQ(cruncher["bytes"], 496);
  EXPECT_EQ(cruncher["flops"], 432);
}

TEST(Cost, ReproducesTheReferenceTable) {
  // reference/accounting.md, line by line; the sources stand there.
  EXPECT_NEAR(cost({"napkin", "--parameters", "70e9", "--tokens", "15e12", "--devices", "1024",
                    "--peak", "989.5e12", "--mfu", "0.5"})["days"]
                  .get<double>(),
              143.93, 5e-3);
  const auto largest = [](const char* bytes) {
    return cost({"napkin", "--devices", "8", "--memory", "80e9", "--bytes-per-parameter",
                 bytes})["largest_parameters"]
        .get<double>();
  };
  EXPECT_EQ(largest("16"), 40e9);
  EXPECT_NEAR(largest("12"), 53.33e9, 5e6);
  EXPECT_NEAR(cost({"napkin", "--devices", "8", "--device", "h100-sxm", "--days", "14", "--mfu",
                    "1"})["flops"]
                      .get<double>() /
                  9.5752e21,
              1, 5e-6);
  EXPECT_NEAR(cost({"napkin", "--device", "h100-sxm"})["ridge_point"].get<double>(), 295.37, 5e-3);
  EXPECT_NEAR(cost({"napkin", "--device", "h200"})["ridge_point"].get<double>(), 206.1, 0.05);
  EXPECT_EQ(cost({"napkin", "--matmul", "16384", "32768", "8192"})["flops"], 8'796'093'022'208);
  const auto cruncher = cost({"napkin", "--batch", "2", "--width", "4", "--layers", "2",
                              "--optimizer", "adagrad", "--precision", "fp32"});
  EXPECT_EQ(cruncher["parameters"], 36);
  EXPECT_EQ(cruncher["activations"], 16);
  EXPECT_EQ(cruncher["bytes"], 496);
  EXPECT_EQ(cruncher["flops"], 432);
  const auto gpt3 = cost({"--model", "gpt3-175b", "bias=false"})["parameters_by_component"];
  EXPECT_EQ(gpt3["attention_input"].get<std::int64_t>() +
                gpt3["attention_output"].get<std::int64_t>() + gpt3["mlp"].get<std::int64_t>(),
            173'946'175'488);
  EXPECT_NEAR(cost({"napkin", "--model", "gpt3-175b", "--tokens", "300e9"})["flops"].get<double>(),
              3.143e23, 5e19);
  EXPECT_NEAR(cost({"napkin", "--parameters", "540.35e9", "--layers", "118", "--heads", "48",
                    "--head-dim", "256", "--length", "2048", "--tokens-per-second", "238.3e3",
                    "--devices", "6144", "--peak", "275e12"})["mfu"]
                  .get<double>(),
              0.4623, 5e-5);
  // The table says 1e12 parameters, rounded; the paper's model has 1.008e12.
  EXPECT_NEAR(cost({"napkin", "--parameters", "1.008e12", "--tokens", "450e9", "--devices", "3072",
                    "--peak", "163e12", "--mfu", "1", "--flops-per-parameter", "8"})["days"]
                  .get<double>(),
              83.9, 0.05);
  EXPECT_EQ(cost({"--model", "llama-2-7b"})["parameters"], 6'738'415'616);
  EXPECT_EQ(cost({"--model", "llama-2-7b"})["kv_cache_bytes_per_token"], 524'288);
  const double zero[] = {120e9, 31.4e9, 16.6e9, 1.9e9};
  for (int stage = 0; stage < 4; ++stage)
    EXPECT_NEAR(cost({"napkin", "--parameters", "7.5e9", "--devices", "64", "--zero",
                      std::to_string(stage)})["bytes_per_device"]
                    .get<double>(),
                zero[stage], 0.05e9);
}

TEST(Napkin, ItsPythonGivesTheSameNumbers) {
  const std::vector<std::string> words{"napkin",    "--model",       "mixtral-8x7b", "--tokens",
                                       "2e12",      "--devices",     "512",          "--device",
                                       "a100-80gb", "--mfu",         "0.4",          "--price",
                                       "1.79",      "--electricity", "0.2"};
  const auto result = cost(words);
  auto python = words;
  python.insert(python.begin(), "cost");
  python.emplace_back("--python");
  EXPECT_EQ(run(python, kNoEngine).out, result["python"]);
  const TemporaryFolder folder;
  const std::string script = folder.write("napkin.py", result["python"].get<std::string>()),
                    printed = folder.file("printed");
  ASSERT_EQ(std::system(("python3 " + script + " > " + printed).c_str()), 0);
  std::istringstream lines(file_bytes(printed));
  std::string key;
  double value = 0;
  std::size_t count = 0;
  while (lines >> key >> value) {
    // The same operations in the same order, and so to the last bit but for what is printed.
    EXPECT_DOUBLE_EQ(value, result[key].get<double>()) << key;
    ++count;
  }
  EXPECT_EQ(count, result["lines"].size());
  EXPECT_GE(count, 5u);
}

TEST(Napkin, ShowsEveryFormula) {
  const Outcome outcome = run({"cost", "napkin", "--parameters", "7.5e9", "--devices", "64",
                               "--device", "h100-sxm", "--zero", "1"},
                              kNoEngine);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("31.4 GB (29.2 GiB)"),
                    HasSubstr("parameters * (weights + gradients + optimizer / devices)"),
                    HasSubstr("7.5e9 * (2 + 2 + 12 / 64)")));
}

TEST(Napkin, RefusesWhatCannotBe) {
  EXPECT_THAT(refused({"napkin"}), HasSubstr("nothing follows from this"));
  EXPECT_THAT(refused({"napkin", "--parameters", "7e9", "--tokens", "-1"}),
              HasSubstr("--tokens: -1 is not allowed"));
  EXPECT_THAT(refused({"napkin", "--parameters", "7e9", "--tokens", "1e12", "--devices", "8",
                       "--device", "h100-sxm", "--mfu", "1.2"}),
              HasSubstr("--mfu: 1.2 is not allowed"));
  EXPECT_THAT(refused({"napkin", "--devices", "8", "--device", "h100"}),
              HasSubstr("--device: h100"));
  EXPECT_THAT(refused({"napkin", "--parameters", "many", "--tokens", "1"}),
              HasSubstr("--parameters"));
  EXPECT_THAT(refused({"napkin", "--model", "gpt2", "--parameters", "1e9", "--tokens", "1"}),
              HasSubstr("leave one out"));
}

TEST(Napkin, RefusesWhatHasNoEffectAndSaysWhatIsMissing) {
  const std::vector<std::string> days{"napkin", "--parameters", "70e9", "--tokens", "15e12"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), days.begin(), days.end());
    return refused(more);
  };
  EXPECT_THAT(
      with({"--devices", "1024", "--device", "h100-sxm"}),
      AllOf(HasSubstr("--devices: has no effect here"), HasSubstr("for days, --mfu is missing")));
  EXPECT_THAT(with({"--price", "2"}), HasSubstr("--price: has no effect here: for the price"));
  EXPECT_THAT(with({"--convention", "zero"}), HasSubstr("--convention: has no effect here"));
  EXPECT_THAT(refused({"napkin", "--device", "h100-sxm", "--seconds", "2"}),
              HasSubstr("for FLOP/s of a product, --matmul is missing"));
  EXPECT_THAT(refused({"napkin", "--matmul", "2", "3", "4", "--zero", "1"}),
              HasSubstr("--zero: has no effect here"));
  EXPECT_THAT(with({"--devices", "1024", "--device", "h100-sxm", "--days", "100", "--mfu", "0.4"}),
              HasSubstr("--mfu: has no effect here"));
}

TEST(Napkin, NamesItsConventions) {
  const std::vector<std::string> words{"napkin",   "--parameters", "7e9",         "--devices", "8",
                                       "--device", "h100-sxm",     "--precision", "fp16"};
  const auto given = cost(words)["given"];
  EXPECT_EQ(given["precision"], "fp16");
  EXPECT_EQ(given["convention"], "uniform");
  const auto days = cost({"napkin", "--parameters", "7e9", "--tokens", "1e12", "--devices", "8",
                          "--device", "h100-sxm", "--mfu", "0.4"});
  EXPECT_EQ(days["given"]["peak_of"], "bf16 of h100-sxm");
  EXPECT_FALSE(days["given"].contains("convention"));
  auto text = words;
  text.insert(text.begin(), "cost");
  EXPECT_THAT(run(text, kNoEngine).out, AllOf(HasSubstr("convention: uniform (every tensor in"),
                                              HasSubstr("precision: fp16")));
  text.back() = "e4m3";
  EXPECT_THAT(run(text, kNoEngine).out, HasSubstr("counted in fp8 alone"));
}

TEST(Napkin, OfAModelCountsItsAttention) {
  const auto result = cost({"napkin", "--model", "llama-3-8b", "--tokens-per-second", "8000",
                            "--devices", "1", "--peak", "989.5e12"});
  // Chowdhery et al. 2022, appendix B: 6 N + 12 L H Q T of 32 layers, 32 heads of 128, 4096 tokens.
  EXPECT_DOUBLE_EQ(result["mfu"].get<double>(),
                   8000 * (6 * 8'030'261'248.0 + 12 * 32.0 * 32 * 128 * 4096) / 989.5e12);
  EXPECT_EQ(result["notes"].size(), 0u);
  EXPECT_THAT(cost({"napkin", "--model", "llama-3-8b", "--tokens-per-second", "80000", "--devices",
                    "1", "--peak", "989.5e12"})["notes"]
                  .dump(),
              HasSubstr("an MFU above 1"));
  EXPECT_THAT(cost({"napkin", "--parameters", "70e9", "--tokens", "15e12", "--devices", "8",
                    "--device", "h100-sxm", "--days", "1"})["notes"]
                  .dump(),
              HasSubstr("cannot do this in that time"));
}

TEST(Napkin, WritesWholeNumbersOut) {
  EXPECT_THAT(run({"cost", "napkin", "--matmul", "16384", "32768", "8192"}, kNoEngine).out,
              HasSubstr("8,796,093,022,208 FLOPs"));
}

TEST(Napkin, SaysWhatANumberMayBe) {
  EXPECT_THAT(
      refused({"napkin", "--parameters", "70B", "--tokens", "1"}),
      AllOf(HasSubstr("--parameters"), HasSubstr("\"70B\" is not allowed; it takes a number "
                                                 "without a unit")));
  EXPECT_THAT(refused({"napkin", "--mfu", "50%"}), HasSubstr("as 70e9 or 0.5"));
  EXPECT_THAT(
      refused({"napkin", "--width", "2.5", "--layers", "2", "--batch", "2", "--precision", "fp32"}),
      HasSubstr("--width: 2.5 is not allowed; it takes a whole number"));
  EXPECT_THAT(refused({"napkin", "--model", ""}), HasSubstr("--model"));
}

TEST(Cost, TakesAPeakAloneForAUtilisation) {
  const std::vector<std::string> words{"--model", "gpt2", "--peak", "312e12", "--seconds", "1"};
  const auto result = cost(words);
  EXPECT_DOUBLE_EQ(result["utilisation"]["mfu"].get<double>(),
                   result["flops"]["step"].get<double>() / 312e12);
  EXPECT_TRUE(result["device"].is_null());
  EXPECT_THAT(refused({"--model", "gpt2", "--peak", "312e12"}), HasSubstr("--memory"));
}

TEST(Cost, NamesTheOptionThatIsWrong) {
  EXPECT_THAT(refused({"--model", "gpt2", "--accumulation", "0"}),
              HasSubstr("--micro-batches: 0 is not allowed"));
  EXPECT_THAT(refused({"--model", ""}), HasSubstr("--model"));
  EXPECT_THAT(refused({"--model", "/dev/null"}), HasSubstr("/dev/null"));
  EXPECT_THAT(refused({"--model", "gpt2", "--batch", "many"}), HasSubstr("as 8192 or 1e4"));
  EXPECT_EQ(cost({"--model", "llama-3-8b", "--length", "1e4"})["length"], 10'000);
}

TEST(Cost, AWidthThatTheHeadsDoNotDivideIsRefused) {
  EXPECT_THAT(refused({"--model", "gpt2", "width=800"}),
              HasSubstr("a width of 800 does not divide into 12 heads"));
  EXPECT_THAT(refused({"--model", "llama-3-8b", "width=4100"}), HasSubstr("4100"));
  // Behind it, a number of heads that divides.
  EXPECT_EQ(cost({"--model", "gpt2", "width=800", "heads=10"})["architecture"]["head_dim"], 80);
}

TEST(Napkin, ExplainsItself) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"cost", "--help"}, {"cost", "napkin", "--help"}}) {
    const Outcome outcome = run(words, kNoEngine);
    EXPECT_EQ(outcome.status, 0);
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
  }
}

}  // namespace
}  // namespace nanscope
