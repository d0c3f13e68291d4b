#include "tests/engine/plan/toy_operation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_line/plan_text.h"
#include "engine/plan/plan_json.h"
#include "engine/pytorch/script_parts.h"
#include "ui/labs/signal/layer_equation.h"

// What is said of an operation that somebody adds: in the plan's text and JSON, in the script, in
// the cost and in the inspector, without a line of theirs.
namespace nanscope {
namespace {

using testing::HasSubstr;

TEST(ToyOperation, ShowsInPlanScriptCostAndInspector) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, false);
  const PlanDescription plan = toy_plan(row);

  EXPECT_THAT(plan_to_text(Experiment(), plan, true), HasSubstr("t1 = 2 * z1"));
  EXPECT_THAT(plan_to_json(Experiment(), plan, 2), HasSubstr("\"dz1 = 2 dt1\""));

  const std::string script = layer_text(plan, 0, precision_text(row), /*has_input_layer=*/false);
  EXPECT_THAT(script, HasSubstr("    \"\"\"relu(2 * h W^T)."));
  EXPECT_THAT(script, HasSubstr("    z = F.linear(h, weight)\n    t = 2 * z\n    a = F.relu(t)\n"
                                "    return z, a, a\n"));

  constexpr std::int64_t bytes = 4 * 4 * 8;
  const std::int64_t linear = bytes + 4 * 8 * 8 + bytes;  // x, W and z
  EXPECT_EQ(plan.forward_cost().bytes_read + plan.forward_cost().bytes_written,
            linear + 2 * bytes + 2 * bytes);

  const std::vector<OperationLines> lines = layer_operations(plan, 0);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].kind, "toy");
  EXPECT_EQ(lines[1].equation, "t1 = 2 * z1");
  ASSERT_EQ(lines[1].cost.size(), 1u);
  EXPECT_EQ(lines[1].cost.front().shown, "256 B");
  EXPECT_EQ(lines[1].backward_equation, "dz1 = 2 dt1");
  EXPECT_EQ(lines[1].pytorch, "t1 = 2 * z1");
}

}  // namespace
}  // namespace nanscope
