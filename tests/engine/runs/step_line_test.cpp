#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "engine/base/strict_json.h"
#include "engine/recipe/run_json.h"
#include "engine/recipe/run_record.h"

// A step's line is written without a tree of it: the same line.
namespace nanscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

RunStep plain_step() { return {.step = 12, .loss = 0.1, .lr = 1e-3, .grad_norm = 3}; }

/// What a tree of the line dumps.
std::string from_tree(const std::string& line) { return Json::parse(line).dump(); }

TEST(StepLine, SaysWhatAStepHas) {
  EXPECT_EQ(step_to_json(plain_step()), R"({"step":12,"loss":0.1,"lr":0.001,"grad_norm":3.0})");
  RunStep step = plain_step();
  step.loss = std::nan("");
  step.grad_norm = -kInfinity;
  step.loss_scale = 65536;
  step.skipped = true;
  step.held_out = {.loss = kInfinity, .accuracy = 0.5, .nan_rows = 2};
  EXPECT_EQ(step_to_json(step),
            R"({"step":12,"loss":"nan","lr":0.001,"grad_norm":"-inf","loss_scale":65536.0,)"
            R"("skipped":true,"held_out_loss":"inf","accuracy":0.5,"nan_rows":2})");
}

TEST(StepLine, IsWhatATreeOfItDumps) {
  RunStep step = plain_step();
  step.loss_scale = 0.5;
  step.held_out = {.loss = 1.5};
  step.losses = OfNetworks{.low = 1, .high = kInfinity, .each = {1, kInfinity}};
  step.grad_norms = OfNetworks{.low = 1e-300, .high = 2, .each = {2, 1e-300}};
  step.skips = {true, false};
  step.gradients = {.step = 12,
                    .format = "fp16",
                    .first_exponent = -3,
                    .counts = {1, 0, 7},
                    .zeros = 2,
                    .total = 10,
                    .layers = {{"linear 1", {.first_exponent = -3, .counts = {1, 0, 7}}},
                               {"a \"quoted\" one", {.zeros = 2, .nonfinite = 1}}}};
  step.layers = {{.name = "linear 1",
                  .tensors = {{"weight", {.mean = 0.25, .variance = kInfinity, .count = 4}}},
                  .update_ratio = 1e-5},
                 {.name = "head", .tensors = {}}};
  const std::string line = step_to_json(step);
  EXPECT_EQ(line, from_tree(line));
  const Json tree = Json::parse(line);
  EXPECT_EQ(tree.at("gradients").at("layers").at(1).at("layer"), "a \"quoted\" one");
  EXPECT_EQ(tree.at("gradients").at("layers").at(0).at("counts").dump(), "[1,0,7]");
  EXPECT_EQ(tree.at("gradients").at("layers").at(1).at("counts").dump(), "[]");
  EXPECT_EQ(tree.at("networks").at("skipped").dump(), "[true,false]");
  EXPECT_EQ(tree.at("layers").at(0).at("update_ratio"), 1e-5);
  EXPECT_FALSE(tree.at("skipped").get<bool>());
}

}  // namespace
}  // namespace nanscope
