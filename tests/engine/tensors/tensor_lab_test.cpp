#include "engine/tensors/tensor_lab.h"

#include <gmock/gmock.h>

#include "chains.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Shape = std::vector<std::int64_t>;

using TensorLabTest = ChainTest;

TEST_F(TensorLabTest, EveryStepSaysWhatItIs) {
  const TensorChain chain = run("arange(24).view(2,3,4).transpose(1,2)[:, 1:3]");
  ASSERT_EQ(chain.steps.size(), 4u);
  EXPECT_EQ(chain.steps[1].expr, "arange(24).view(2,3,4)");
  EXPECT_EQ(chain.steps[3].operation, "[:, 1:3]");
  EXPECT_EQ(chain.steps[3].shape, (Shape{2, 2, 3}));
  EXPECT_EQ(chain.steps[3].stride, (Shape{12, 1, 4}));
  EXPECT_EQ(chain.steps[3].offset, 1);
  EXPECT_THAT(chain.steps[3].shared_with, ElementsAre(0, 1, 2));
  EXPECT_THAT(chain.steps[3].cells.values, ElementsAre(1, 5, 9, 2, 6, 10, 13, 17, 21, 14, 18, 22));
  EXPECT_EQ(chain.storages.size(), 1u);
  EXPECT_EQ(chain.memory.storage_bytes, 24 * 8);
}

TEST_F(TensorLabTest, ViewsCopiesAndResultsAreToldApart) {
  EXPECT_EQ(last("arange(6)").kind, StepKind::created);
  EXPECT_EQ(last("arange(6).view(2,3)").kind, StepKind::view);
  EXPECT_EQ(last("arange(6).contiguous()").kind, StepKind::same);
  EXPECT_EQ(last("arange(6) + 1").kind, StepKind::computed);
  const TensorStep copy = last("arange(6).view(2,3).t().reshape(6)");
  EXPECT_EQ(copy.kind, StepKind::copy);
  EXPECT_EQ(copy.copied_bytes, 6 * 8);
  EXPECT_EQ(last("arange(6)[[0, 2]]").copied_bytes, 2 * 8);
  EXPECT_EQ(last("arange(6)[0:2]").copied_bytes, 0);
}

TEST_F(TensorLabTest, WhyATensorIsNotContiguous) {
  const TensorStep transposed = last("ones(2,3).t()");
  EXPECT_EQ(transposed.contiguity.gap, Gap::permuted);
  EXPECT_EQ(transposed.contiguity.dimension, 1);
  EXPECT_EQ(transposed.contiguity.stride, 3);
  EXPECT_EQ(transposed.contiguity.expected, 1);
  EXPECT_EQ(last("ones(2,6)[:, ::2]").contiguity.gap, Gap::skipped);
  EXPECT_EQ(last("ones(1,3).expand(2,3)").contiguity.gap, Gap::expanded);
  EXPECT_EQ(last("arange(6).unfold(0,3,1)").contiguity.gap, Gap::overlapping);
}

TEST_F(TensorLabTest, AWriteShowsWhoElseChanges) {
  const TensorChain chain =
      run("x = arange(12); y = x.view(3,4).t(); z = y.contiguous(); y[0,1] = 100");
  const TensorStep& write = chain.steps.back();
  EXPECT_EQ(write.kind, StepKind::written);
  ASSERT_EQ(write.written.size(), 1u);
  EXPECT_EQ(write.written[0].cell, 4);
  EXPECT_EQ(write.written[0].before, 4);
  EXPECT_EQ(write.written[0].after, 100);
  std::vector<int> changed;
  for (const ChangedStep& step : write.changed) changed.push_back(step.step);
  EXPECT_THAT(changed, ElementsAre(0, 1, 2)) << "x, its view and y, but not the copy z";
  EXPECT_EQ(chain.storages[0].cells[4], 100);
}

TEST_F(TensorLabTest, AddingInPlaceWritesTheSameStorage) {
  const TensorChain chain = run("x = zeros(3); y = x[1:]; y += 2");
  EXPECT_EQ(chain.steps.back().written_count, 2);
  EXPECT_THAT(chain.storages[0].cells, ElementsAre(0, 2, 2));
}

TEST_F(TensorLabTest, RefusalsAreLibTorchsOwnAndTheirRepairsWork) {
  const TensorError refused = error("arange(12).view(3,4).t().view(12)");
  EXPECT_EQ(refused.kind, TensorErrorKind::libtorch);
  EXPECT_EQ(refused.step, 3);
  EXPECT_THAT(refused.message(), HasSubstr("view size is not compatible"));
  ASSERT_EQ(refused.repairs.size(), 2u);
  EXPECT_EQ(refused.repairs[0].expression, "arange(12).view(3,4).t().reshape(12)");
  EXPECT_EQ(refused.repairs[1].expression, "arange(12).view(3,4).t().contiguous().view(12)");
  for (const TensorRepair& repair : refused.repairs) EXPECT_FALSE(run(repair.expression).error);
  EXPECT_EQ(error("zeros(1).expand(4).add_(1)").repairs.front().insert, ".clone()");
  EXPECT_THAT(error("arange(12).view(5,-1)").repairs, IsEmpty());
  EXPECT_EQ(error("arange(12).veiw(3,4)").repairs.front().expression, "arange(12).view(3,4)");
}

TEST_F(TensorLabTest, ArgumentsThatAnOperationDoesNotTakeAreExplained) {
  const TensorError wrong = error("arange(6).transpose(0)");
  EXPECT_EQ(wrong.kind, TensorErrorKind::arguments);
  EXPECT_THAT(wrong.message(), HasSubstr("got (int), but expected (int dim0, int dim1)"));
  EXPECT_EQ(error("arange(6).view('a')").kind, TensorErrorKind::arguments);
  EXPECT_EQ(error("(3).view(2)").kind, TensorErrorKind::arguments);
  EXPECT_EQ(error("tensor([[1], [2, 3]])").message(),
            "expected sequence of length 1 at dim 1 (got 2)");
}

TEST_F(TensorLabTest, MemoryIsCheckedBeforeItIsTaken) {
  for (const char* huge :
       {"zeros(2**40)", "zeros(1).expand(2**40).clone()", "ones(2**20, 1) @ ones(1, 2**20)",
        "zeros(1).expand(2**40).contiguous()", "zeros(2).repeat(2**40)",
        "zeros(1).long().expand(2**40)[zeros(1).long().expand(2**40)]",
        "rearrange(zeros(1, 1), 'a b -> (a b)') + zeros(2**40)",
        "einsum('i,j->ij', zeros(1).expand(2**20), zeros(1).expand(2**20))"}) {
    const TensorError refused = error(huge);
    EXPECT_EQ(refused.kind, TensorErrorKind::too_large) << huge;
    EXPECT_THAT(refused.message(), HasSubstr("make it smaller")) << huge;
  }
  EXPECT_THAT(error("zeros(2**40)").message(), HasSubstr("4096 GiB"));
  EXPECT_THAT(error("zeros(1).expand(2**40).sum()").message(), HasSubstr("1099511627776 elements"));
  EXPECT_FALSE(run("zeros(1).expand(2**40)").error) << "a view takes no memory";
  request_.largest_bytes = 1000;
  EXPECT_FALSE(run("zeros(200)").error);
  EXPECT_EQ(error("zeros(200) + 1").kind, TensorErrorKind::too_large);
}

TEST_F(TensorLabTest, ABoolIsTrueIfItsByteIsNotZero) {
  // view(bool) of arbitrary bytes: 2 and 255 are true, wherever they go.
  const std::string bytes = "tensor([0, 1, 2, 255], dtype=uint8).view(bool)";
  for (const std::string& expression : {bytes, bytes + ".clone()", bytes + ".view(2,2).t()",
                                        bytes + ".diag()[[0,1,2,3],[0,1,2,3]]"})
    for (const double value : last(expression).cells.values)
      EXPECT_TRUE(value == 0 || value == 1) << expression;
  EXPECT_THAT(last(bytes).cells.values, ElementsAre(0, 1, 1, 1));
}

TEST_F(TensorLabTest, RepairsAreFoundWhereShapesDependOnValues) {
  const TensorError refused = error("x = arange(12); x[x > 3].view(2,4).t().view(8)");
  ASSERT_EQ(refused.repairs.size(), 2u);
  for (const TensorRepair& repair : refused.repairs) EXPECT_FALSE(run(repair.expression).error);
}

TEST_F(TensorLabTest, OneSeedIsOneDraw) {
  const std::vector<double> first = last("rand(4)").cells.values;
  EXPECT_EQ(last("rand(4)").cells.values, first);
  request_.seed = 2;
  EXPECT_NE(last("rand(4)").cells.values, first);
}

TEST_F(TensorLabTest, LargeTensorsAreAWindowAndASummary) {
  request_.windows = {{.step = 1, .begin = {3, 200, 990}, .storage_begin = 5000}};
  const TensorStep step = last("arange(4*300*1000).view(4, 300, 1000)");
  EXPECT_FALSE(step.cells.complete);
  EXPECT_EQ(step.cells.size, (Shape{1, kWindowSide, kWindowSide}));
  EXPECT_EQ(step.cells.begin, (Shape{3, 300 - kWindowSide, 1000 - kWindowSide})) << "clamped";
  EXPECT_EQ(step.cells.values.front(), 3 * 300000 + 172 * 1000 + 872);
  ASSERT_TRUE(step.summary);
  EXPECT_EQ(step.summary->maximum, 1199999);
  EXPECT_EQ(step.summary->zeros, 1);
}

TEST_F(TensorLabTest, NamesOfDimensionsAreCarriedAlong) {
  using Names = std::vector<std::string>;
  const std::string x = "x: \"batch seq hidden\" = rand(2,3,4); ";
  EXPECT_EQ(last(x + "x.transpose(1,2)").dimension_names, (Names{"batch", "hidden", "seq"}));
  EXPECT_EQ(last(x + "x[:, None, 0]").dimension_names, (Names{"batch", "", "hidden"}));
  EXPECT_EQ(last(x + "x[..., 0]").dimension_names, (Names{"batch", "seq"}));
  EXPECT_EQ(last(x + "x.sum(1)").dimension_names, (Names{"batch", "hidden"}));
  EXPECT_EQ(last(x + "x @ x.mT").dimension_names, (Names{"batch", "seq", "seq"}));
  EXPECT_EQ(last(x + "x.flatten(1)").dimension_names, (Names{"batch", "(seq hidden)"}));
  EXPECT_EQ(last(x + "rearrange(x, 'b s h -> b (s h)')").dimension_names, (Names{"b", "(s h)"}));
  EXPECT_THAT(last(x + "x.view(6,4)").dimension_names, IsEmpty());
  EXPECT_EQ(error(x + "y: \"seq\" = ones(5)").kind, TensorErrorKind::names);
  EXPECT_THAT(error("x: \"a b\" = ones(5)").message(), HasSubstr("names 2 dimensions"));
}

TEST_F(TensorLabTest, SeveralResultsAreStepsEach) {
  EXPECT_EQ(run("arange(6).chunk(3)").steps.size(), 4u);
  const TensorChain one = run("arange(6).chunk(3)[1]");
  ASSERT_EQ(one.steps.size(), 2u);
  EXPECT_EQ(one.steps[1].offset, 2);
  const TensorChain both = run("a, b = arange(6).split(4); b");
  EXPECT_EQ(both.steps.back().shape, (Shape{2}));
  EXPECT_EQ(both.steps[1].variable, "a");
}

TEST_F(TensorLabTest, PlainValuesAreShownAsPythonPrintsThem) {
  EXPECT_EQ(run("ones(2,3).shape").value, "torch.Size([2, 3])");
  EXPECT_EQ(run("ones(2,3).stride()").value, "(3, 1)");
  EXPECT_EQ(run("7 // -2 + 2**10 % 7").value, "-2");
  EXPECT_EQ(run("ones(2,3).t().is_contiguous()").value, "False");
  EXPECT_EQ(run("ones(2).half().dtype").value, "torch.float16");
  EXPECT_EQ(error("1 // 0").message(), "division by zero");
  EXPECT_EQ(run("4 / 2").value, "2.0");
  EXPECT_EQ(run("[1e-5, inf, -inf, nan]").value, "[1e-05, inf, -inf, nan]");
  EXPECT_EQ(run("2 ** 64").value, "18446744073709551616");
  EXPECT_THAT(error("10 ** 5000").message(), HasSubstr("4300 digits"));
  EXPECT_THAT(error("ones(2) + 2 ** 64").message(), HasSubstr("int too big to convert"));
}

TEST_F(TensorLabTest, CostsCountBytesAndFlops) {
  const TensorStep product = last("ones(2,3) @ ones(3,4)");
  EXPECT_EQ(product.cost.flops, 2 * 2 * 3 * 4);
  EXPECT_EQ(product.cost.bytes_read, (6 + 12) * 4);
  EXPECT_EQ(product.cost.bytes_written, 8 * 4);
  EXPECT_EQ(last("ones(2,3).t()").cost.bytes_read, 0);
}

TEST_F(TensorLabTest, AStopIsReported) {
  std::stop_source stop;
  stop.request_stop();
  request_.expression = "arange(6).view(2,3)";
  const Result<TensorChain> chain = lab_.run(request_, stop.get_token());
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().kind, Error::Kind::cancelled);
}

TEST_F(TensorLabTest, LongProgramsEndWithAnErrorNotWithTheMachine) {
  std::string program = "x = ones(2)";
  for (int i = 0; i < 300; ++i) program += "; x = x + 1";
  EXPECT_THAT(error(program).message(), HasSubstr("more than 256 steps"));
}

}  // namespace
}  // namespace nanscope
