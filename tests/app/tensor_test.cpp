// nanscope tensor, from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(TensorCommand, PrintsATableOfTheSteps) {
  const Outcome outcome = run({"tensor", "arange(12).view(3,4).t()"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(".view(3,4)"));
  EXPECT_THAT(outcome.out, HasSubstr("tensor([[ 0,  4,  8],\n        [ 1,  5,  9],\n"));
  EXPECT_THAT(outcome.out, HasSubstr("permuted, stride(1) is 4, not 1"));
}

TEST(TensorCommand, AListKeepsItsBrackets) {
  EXPECT_THAT(run({"tensor", "[7]"}).out, HasSubstr("[7]\n"));
  EXPECT_THAT(run({"tensor", "[[1,2],(3,4)]"}).out, HasSubstr("[[1, 2], (3, 4)]\n"));
  EXPECT_THAT(run({"tensor", "[]"}).out, HasSubstr("[]\n"));
}

TEST(TensorCommand, AProgramMayBeginWithAMinusSign) {
  EXPECT_THAT(run({"tensor", "-tensor([1.])"}).out, HasSubstr("tensor([-1.])\n"));
  EXPECT_EQ(run({"tensor", "-2**2"}).out, "-4\n");
  EXPECT_EQ(run({"tensor", "--seed", "-5", "-pi < 0"}).out, "True\n");
  EXPECT_THAT(run({"tensor", "-tensor([1.)"}).err, HasSubstr("character 12"));
  EXPECT_THAT(run({"tensor", "-x"}).err, HasSubstr("There is no variable x"));
  EXPECT_THAT(run({"tensor", "-h"}).out, HasSubstr("EXPR"));
  EXPECT_THAT(run({"tensor", "--jsno", "1"}).err, HasSubstr("did you mean --json"));
}

TEST(TensorCommand, AStepOfSeveralLinesIsARow) {
  const Outcome outcome =
      run({"tensor", "x = (arange(6)\n  .view(2,\n  3))\ny = x \\\n + 1\ny.max(0)"});
  EXPECT_THAT(outcome.out, HasSubstr(" 1 .view(2, 3) "));
  EXPECT_THAT(outcome.out, HasSubstr(" 2 x + 1 "));
  EXPECT_THAT(outcome.out, HasSubstr("\ntorch.return_types.max(\nvalues=tensor([4, 5, 6]),\n"
                                     "indices=tensor([1, 1, 1]))\n"));
}

TEST(TensorCommand, WorkOfMinutesSaysSoBeforeItBegins) {
  Running program({"tensor", "x = rand(9000, 9000); x @ x"}, {});  // 1.5e12 FLOPs
  while (program.err().empty() && !program.ended())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(program.ended());
  EXPECT_THAT(program.err(), HasSubstr("This will take about"));
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().out, "");
}

TEST(TensorCommand, JsonHasTheContractsKeys) {
  const auto result =
      run_json({"tensor", "arange(24).view(2,3,4).transpose(1,2)[:, 1:3]", "--json"});
  EXPECT_EQ(result["schema"], "nanscope.tensor/1");
  ASSERT_EQ(result["steps"].size(), 4u);
  EXPECT_EQ(result["steps"][0]["expr"], "arange(24)");
  const auto& last = result["steps"][3];
  EXPECT_EQ(last["shape"], nlohmann::json({2, 2, 3}));
  EXPECT_EQ(last["stride"], nlohmann::json({12, 1, 4}));
  EXPECT_EQ(last["offset"], 1);
  EXPECT_EQ(last["contiguous"], false);
  EXPECT_EQ(last["storage"], 0);
  EXPECT_EQ(last["copied_bytes"], 0);
  EXPECT_TRUE(result["error"].is_null());
}

TEST(TensorCommand, ARefusalHasStatusOneAndIsPartOfTheJson) {
  const Outcome outcome = run({"tensor", "arange(12).view(3,4).t().view(12)", "--json"});
  EXPECT_EQ(outcome.status, 1);
  const auto result = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(result["error"]["step"], 3);
  EXPECT_THAT(result["error"]["message"].get<std::string>(),
              HasSubstr("view size is not compatible with input tensor's size and stride"));
  EXPECT_EQ(result["error"]["repairs"][0]["kind"], "reshape");
  const Outcome text = run({"tensor", "arange(12).view(3,4).t().view(12)"});
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(text.out, HasSubstr("This works: arange(12).view(3,4).t().reshape(12)"));
}

TEST(TensorCommand, TextThatIsNoExpressionHasStatusTwo) {
  const Outcome outcome = run({"tensor", "arange(12).veiw(3,4)", "--json"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("character 12: A tensor has no veiw; did you mean view?"));
  // In the same words wherever the chain comes from; of an experiment the key is named.
  const std::string of_key =
      "nanscope: tensors.expression: " + outcome.err.substr(std::string("nanscope: ").size());
  const std::string chain = "tensors.expression=arange(12).veiw(3,4)";
  const Outcome picture = run({"plot", "tensors", chain, "-o", "never_written.png"});
  EXPECT_EQ(picture.status, 2);
  EXPECT_EQ(picture.err, of_key);
  const Outcome opened = run({"open", "lab=tensors", chain},
                             {.environment = {"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"}});
  EXPECT_EQ(opened.status, 2);
  EXPECT_EQ(opened.out, "");
  EXPECT_THAT(opened.err, EndsWith(of_key));
  EXPECT_EQ(run({"tensor"}).status, 2);
  EXPECT_EQ(run({"tensor", "ones(2)", "ones(3)"}).status, 2);
}

TEST(TensorCommand, HugeTensorsAreRefusedWithTheirSize) {
  const Outcome outcome = run({"tensor", "zeros(2**40)"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("4096 GiB"));
}

TEST(TensorCommand, CsvHasARowAStep) {
  const Outcome outcome = run({"tensor", "arange(6).view(2,3)", "--csv"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out,
              HasSubstr("\n1,\"arange(6).view(2,3)\",\"2,3\",\"3,1\",0,int64,true,view"));
}

TEST(Tensor, JsonHasWholeNumbersAndTruthsAsSuch) {
  const auto last = [](const std::string& chain) {
    return run_json({"tensor", chain, "--json"})["steps"].back();
  };
  EXPECT_EQ(last("arange(3)")["cells"]["values"].dump(), "[0,1,2]");
  EXPECT_EQ(last("arange(3).float()")["cells"]["values"].dump(), "[0.0,1.0,2.0]");
  EXPECT_EQ(last("arange(3) > 1")["cells"]["values"].dump(), "[false,false,true]");
  EXPECT_EQ(last("arange(100000) % 3")["summary"]["maximum"].dump(), "2");
  EXPECT_EQ(last("x=arange(3);x[1]=7")["written"]["cells"][0]["after"].dump(), "7");
  const auto storages = run_json({"tensor", "arange(2)", "--json"})["storages"];
  EXPECT_EQ(storages[0]["cells"].dump(), "[0,1]");
}

}  // namespace
}  // namespace nanscope
