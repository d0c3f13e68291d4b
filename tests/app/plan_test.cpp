// nanscope plan lists a network's operations, as text and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(PlanCommand, ListsWhatEachOperationComputesThereAndBack) {
  const Outcome outcome = run({"plan", "model.depth=3", "model.width=64", "batch=16"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("z1 = X W1^T"), HasSubstr("dW1 = dz1^T X"),
                                 HasSubstr("h2 = max(z, 0) with z = z2"), HasSubstr("1.31e+05"),
                                 HasSubstr("total, 6 operations"), HasSubstr("parameter")));
}

TEST(PlanCommand, FoldsLayersThatRepeat) {
  const Outcome folded = run({"plan", "model.depth=50", "model.width=64"});
  EXPECT_THAT(folded.out, AllOf(HasSubstr("48 more layers like it, up to linear 50"),
                                Not(HasSubstr("z20 = h19 W20^T"))));
  EXPECT_THAT(run({"plan", "model.depth=50", "model.width=64", "--all"}).out,
              HasSubstr("z20 = h19 W20^T"));
}

TEST(PlanCommand, NeedsNoEngine) {
  const Outcome outcome = run({"plan"}, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(PlanCommand, JsonHasTheKeysOfTheContract) {
  const auto plan = run_json({"plan", "model.depth=2", "model.norm=layernorm", "--json"});
  EXPECT_EQ(plan["schema"], "nanscope.plan/1");
  const auto& linear = plan["operations"][1];
  EXPECT_EQ(linear["kind"], "linear");
  EXPECT_EQ(linear["layer"], "linear 1");
  EXPECT_EQ(linear["inputs"], nlohmann::json({"u1", "W1"}));
  EXPECT_EQ(linear["outputs"], nlohmann::json({"z1"}));
  EXPECT_EQ(linear["saved"], nlohmann::json({"u1", "W1"}));
  EXPECT_EQ(linear["equation"], "z1 = u1 W1^T");
  EXPECT_EQ(linear["forward"]["flops"], 2 * 64 * 512 * 512);
  std::map<std::string, std::string> roles;
  for (const auto& value : plan["values"])
    roles[value["name"].get<std::string>()] = value["role"].get<std::string>();
  EXPECT_EQ(roles["X"], "input");
  EXPECT_EQ(roles["W1"], "parameter");
  EXPECT_EQ(roles["dW1"], "gradient");
  EXPECT_EQ(roles["rstd2"], "saved");
}

TEST(PlanCommand, ListsTheBytesThatAPassHolds) {
  // A pass holds the plan, the drawn weights, the input and the upstream gradient.
  const std::vector<std::string> keys{"model.depth=4",       "model.width=48", "model.norm=rmsnorm",
                                      "model.residual=true", "batch=16",       "device=cpu"};
  std::vector<std::string> plan{"plan", "--json"}, signal{"signal", "--json"};
  plan.insert(plan.end(), keys.begin(), keys.end());
  signal.insert(signal.end(), keys.begin(), keys.end());
  const std::int64_t drawn = 4 * (4 * 48 * 48 + 2 * 16 * 48);
  EXPECT_EQ(run_json(signal)["cost"]["bytes"].get<std::int64_t>(),
            run_json(plan)["total"]["bytes"].get<std::int64_t>() + drawn);
}

TEST(PlanCommand, NamesThePartsOfMemoryAsAPassDoes) {
  for (const std::string precision : {"fp32", "bf16"}) {
    std::vector<std::string> keys{"model.depth=3", "model.width=40", "model.bias=true",
                                  "batch=16",      "device=cpu",     "precision=" + precision,
                                  "networks=2"};
    if (precision == "bf16") keys.emplace_back("execution=native");
    std::vector<std::string> plan{"plan", "--json"}, signal{"signal", "--json"};
    plan.insert(plan.end(), keys.begin(), keys.end());
    signal.insert(signal.end(), keys.begin(), keys.end());
    const auto predicted = run_json(plan)["total"], measured = run_json(signal)["cost"];
    const auto& parts = measured["memory"];
    for (const char* part : {"plan", "draws", "input"})
      EXPECT_EQ(predicted["memory"][part], parts[part]) << part;
    EXPECT_EQ(predicted["bytes"], parts["plan"]);
    EXPECT_EQ(parts["draws"], 2 * 4 * 3 * (40 * 40 + 40));
    EXPECT_EQ(parts["input"], 2 * 4 * 2 * 16 * 40);
    // Of 16 bits, weights are scaled in fp32 first.
    EXPECT_EQ(parts["scratch"], precision == "fp32" ? 0 : 2 * 4 * 40 * 40);
    EXPECT_EQ(parts["total"], measured["bytes"]);
    EXPECT_EQ(parts["total"].get<int>(), parts["plan"].get<int>() + parts["draws"].get<int>() +
                                             parts["input"].get<int>() +
                                             parts["scratch"].get<int>());
    plan[1] = signal[1] = "--all";
    EXPECT_THAT(run(plan).out, HasSubstr("beside these buffers"));
    EXPECT_THAT(run(signal).out, AllOf(HasSubstr("held: plan "), HasSubstr(", draws ")));
  }
}

TEST(PlanCommand, RefusesWhatIsWrong) {
  EXPECT_EQ(run({"plan", "model.depth=0"}).status, 2);
  const Outcome outcome = run({"plan", "--gradients", "owed"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("owned"));
  EXPECT_EQ(run({"plan", "data.kind=file", "data.path=/nowhere/x.csv"}).status, 2);
}

}  // namespace
}  // namespace nanscope
