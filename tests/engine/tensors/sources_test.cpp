#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "chains.h"
#include "engine/tensor_language/element_sources.h"
#include "every_operation.h"

// What an element was computed from: multiplied and summed again by hand, it gives the element.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Index = std::vector<std::int64_t>;

double value_at(const TensorStep& step, const Index& index) {
  std::int64_t flat = 0;
  for (std::size_t d = 0; d < index.size(); ++d) flat = flat * step.shape[d] + index[d];
  return step.cells.values.at(static_cast<std::size_t>(flat));
}

Index index_of(std::size_t flat, const Index& shape) {
  Index index(shape.size());
  auto rest = static_cast<std::int64_t>(flat);
  for (std::size_t d = shape.size(); d-- > 0; rest /= shape[d]) index[d] = rest % shape[d];
  return index;
}

bool next(Index& index, const Index& shape) {
  for (std::size_t d = index.size(); d-- > 0;) {
    if (++index[d] < shape[d]) return true;
    index[d] = 0;
  }
  return false;
}

class SourcesTest : public ChainTest {
 protected:
  /// Sums the products of the sources of every element of the last step.
  void expect_sums(const std::string& expression) {
    const TensorChain chain = run(expression);
    ASSERT_FALSE(chain.error) << expression << ": " << chain.error->message();
    const TensorStep& step = chain.steps.back();
    ASSERT_FALSE(step.sources.operands.empty()) << expression;
    Index index(step.shape.size(), 0);
    do {
      std::vector<double> terms;
      for (const SourceElements& input : sources(chain, index)) {
        terms.resize(input.elements.size(), 1);
        const TensorStep& from = chain.steps[static_cast<std::size_t>(input.step)];
        for (std::size_t i = 0; i < terms.size(); ++i)
          terms[i] *= value_at(from, input.elements.at(i));
      }
      double sum = 0;
      for (const double term : terms) sum += term;
      // Small whole numbers: exact in every order.
      ASSERT_EQ(value_at(step, index), sum) << expression;
    } while (next(index, step.shape));
  }

  static std::vector<SourceElements> sources(const TensorChain& chain, const Index& index) {
    return source_elements(chain, static_cast<int>(chain.steps.size()) - 1, index, 1 << 20);
  }
};

TEST_F(SourcesTest, ProductsAreSumsOverTheInnerDimension) {
  for (const char* expression :
       {"arange(6).view(2,3) @ arange(12).view(3,4)",
        "arange(6).view(2,3).matmul(arange(3))",
        "arange(3) @ arange(12).view(3,4)",
        "arange(3) @ arange(3)",
        "arange(3).dot(arange(3))",
        "arange(12).view(2,2,3) @ arange(12).view(3,4)",
        "arange(12).view(2,2,3) @ arange(24).view(2,3,4)",
        "arange(6).view(1,2,3) @ arange(48).view(2,2,3,4)",
        "arange(6).view(2,3).mm(arange(12).view(3,4))",
        "arange(6).view(2,3).mv(arange(3))",
        "arange(12).view(2,2,3).bmm(arange(24).view(2,3,4))",
        "arange(3).outer(arange(4))",
        "einsum('ij,jk->ik', arange(6).view(2,3), arange(12).view(3,4))",
        "einsum('ij,jk', arange(6).view(2,3), arange(12).view(3,4))",
        "einsum('...i,i->...', arange(12).view(2,2,3), arange(3))",
        "einsum('bij,bkj->bik', arange(12).view(2,2,3), arange(24).view(2,4,3))",
        "einsum('i,i,i->', arange(3), arange(3), arange(3))",
        "arange(3).kron(arange(4))",
        "arange(6).view(2,3).kron(arange(2))",
        "arange(6).view(2,3).kron(arange(24).view(2,3,4))",
        "einsum(arange(6).view(2,3), arange(12).view(3,4), 'row k, k column -> row column')"}) {
    expect_sums(expression);
    EXPECT_TRUE(last(expression).sources.products) << expression;
  }
}

TEST_F(SourcesTest, WhatIsAddedToAProductIsASourceToo) {
  for (const char* added :
       {"arange(2)", "arange(4).view(2,2)", "tensor(1)", "arange(2).view(2,1)"}) {
    const std::string expression =
        fmt::format("addmm({}, arange(6).view(2,3), arange(6).view(3,2))", added);
    const TensorChain chain = run(expression);
    const std::vector<SourceElements> inputs = sources(chain, {1, 0});
    ASSERT_EQ(inputs.size(), 3u) << expression;
    EXPECT_EQ(std::set(inputs[0].elements.begin(), inputs[0].elements.end()).size(), 1u)
        << expression;
    EXPECT_THAT(inputs[1].elements, ElementsAre(Index{1, 0}, Index{1, 1}, Index{1, 2}));
    EXPECT_THAT(inputs[2].elements, ElementsAre(Index{0, 0}, Index{1, 0}, Index{2, 0}));
    EXPECT_FALSE(chain.steps.back().sources.products) << "there is more than products in the sum";
  }
}

TEST_F(SourcesTest, CumulativeSumsRunAlongWhatIsBefore) {
  for (const char* expression : {"arange(6).view(2,3).cumsum(1)", "arange(6).view(2,3).cumsum(0)",
                                 "arange(24).view(2,3,4).cumsum(dim=-2)", "tensor(3).cumsum(0)"})
    expect_sums(expression);
}

TEST_F(SourcesTest, ReductionsRunAlongWhatTheyTakeAway) {
  for (const char* expression :
       {"arange(24).view(2,3,4).sum(1)", "arange(24).view(2,3,4).sum(-1, keepdim=True)",
        "arange(24).view(2,3,4).sum()", "tensor(3).sum()", "arange(12).view(3,4).trace()",
        "arange(24).view(2,1,1,3,1,1,4,1,1,1).sum(3)", "arange(24).view(2,1,3,2,2).sum(2)",
        "arange(24).view(2,3,4).sum((0,2))", "einsum('ii->', arange(9).view(3,3))",
        "einsum('ij->j', arange(6).view(2,3))",
        "reduce(arange(24).view(2,3,4), 'a b c -> b', 'sum')",
        "reduce(arange(24).view(4,6), '(h 2) (w 3) -> h w', 'sum')",
        "reduce(arange(24).view(2,3,4), 'a ... -> a', 'sum')"})
    expect_sums(expression);
  for (const char* reduction : {"mean", "var", "std", "prod", "max", "min", "amax", "amin",
                                "argmax", "argmin", "all", "any", "logsumexp"}) {
    const std::string expression = fmt::format("arange(24.).view(2,3,4).{}(1)", reduction);
    const TensorChain chain = run(expression);
    ASSERT_FALSE(chain.error) << expression;
    const std::vector<SourceElements> inputs = sources(chain, {0, 0});
    ASSERT_EQ(inputs.size(), 1u) << expression;
    EXPECT_EQ(inputs.front().elements.size(), 3u) << expression;
  }
}

TEST_F(SourcesTest, TensorsOfAnyRankAreReduced) {
  std::string expression = "ones(2)";
  for (int rank = 2; rank <= 40; ++rank) {
    expression += ".unsqueeze(0)";
    EXPECT_FALSE(run(expression + ".sum(0)").error) << rank;
  }
}

TEST_F(SourcesTest, ElementwiseOperationsReadTheSamePlaceAndBroadcast) {
  for (const char* expression :
       {"arange(6).view(2,3) * arange(3)", "arange(3).view(3,1) * arange(4)",
        "arange(6).view(2,3).mul(arange(2).view(2,1))", "arange(6).clone()",
        "arange(6).view(2,3).t().contiguous()", "arange(6).to(float32)", "arange(6).abs()",
        "arange(6).relu()"})
    expect_sums(expression);
  for (const char* expression : {"rand(2,3).softmax(-1)", "rand(2,3).argsort()"})
    EXPECT_THAT(sources(run(expression), {1, 2}).at(0).elements,
                ElementsAre(Index{1, 0}, Index{1, 1}, Index{1, 2}));
}

TEST_F(SourcesTest, EinopsCopiesFollowTheirAxes) {
  for (const char* expression : {"rearrange(arange(24).view(2,3,4), 'a b c -> c (b a)')",
                                 "rearrange(arange(24).view(2,12), 'a (b c) -> (c a) b', b=3)",
                                 "repeat(arange(6).view(2,3), 'a b -> a (r b)', r=2)",
                                 "rearrange(arange(24).view(2,3,4), 'a ... -> (... a)')"})
    expect_sums(expression);
}

TEST_F(SourcesTest, MovedElementsAreFoundWhereTheyWere) {
  for (const char* expression :
       {"arange(6)[[0,2]]",
        "arange(12).view(3,4)[[2,0],1:]",
        "arange(12).view(3,4)[:,[3,-1,0]]",
        "x = arange(12); x[x > 4]",
        "i = tensor([[2,0],[1,1]]); arange(9).view(3,3)[i]",
        "arange(12).view(3,4).t().reshape(12)",
        "arange(6).flip(0)",
        "arange(6).view(2,3).roll(1,1)",
        "arange(6).repeat(2,3)",
        "arange(6).view(2,3).repeat_interleave(2,1)",
        "cat([arange(3), arange(3,7)])",
        "x = arange(4); cat([x, x])",
        "stack([arange(3), arange(3)], 1)",
        "arange(16).view(4,4).triu(1)",
        "arange(16).view(4,4).diag()",
        "arange(3).diag_embed()",
        "arange(6).view(2,3).gather(1, tensor([[2,0],[1,1]]))",
        "arange(6).take(tensor([5,0]))",
        "tensor([3,1,2]).sort()[0]",
        "tensor([[3,1,2],[4,6,5]]).topk(2)[0]",
        "tensor([[3,1,2],[4,6,5]]).sort(dim=0,descending=True)[0]",
        "tensor(3).sort()[0]",
        "rearrange([arange(6).view(2,3), arange(6).view(2,3)], 'n h w -> w (n h)')",
        "expand = ones(3,1).expand(3,2)\nexpand.contiguous()"})
    expect_sums(expression);
}

TEST_F(SourcesTest, LargeTensorsAreFollowedInTheirWindow) {
  request_.windows = {{.step = 2, .begin = {300, 200}}};
  const TensorChain chain = run("arange(2**18).view(512,512).flip(0)");
  EXPECT_THAT(sources(chain, {301, 202}).at(0).elements, ElementsAre(Index{210, 202}));
  EXPECT_THAT(sources(chain, {0, 0}), IsEmpty()) << "not in the window";
  EXPECT_THAT(last("arange(2**19).flip(0)").sources.operands, IsEmpty()) << "this would be felt";
}

TEST_F(SourcesTest, ViewsHaveNone) {
  for (const char* expression :
       {"arange(6).view(2,3)", "rearrange(arange(6).view(2,3), 'a b -> b a')", "arange(6)[1:3]"})
    EXPECT_THAT(last(expression).sources.operands, IsEmpty()) << expression;
}

/// Every operation that there is, on x and y.
class EveryOperationTest : public SourcesTest {
 protected:
  static constexpr std::size_t kCount = 16;

  TensorChain run_on(const OperationExample& example, const std::vector<double>& x) {
    std::vector<double> y(kCount);
    for (std::size_t i = 0; i < kCount; ++i)
      y[i] = example.whole ? 3 * static_cast<double>(i) : 1.3 + 0.17 * static_cast<double>(i);
    return run(fmt::format("x = {}\ny = {}\n{}", literal_tensor(x, example),
                           literal_tensor(y, example), example.expression));
  }

  /// All different, and in no order.
  static std::vector<double> numbers(const OperationExample& example) {
    std::vector<double> x;
    for (std::size_t i = 0; i < kCount; ++i) {
      const auto mixed = static_cast<double>(7 * i % kCount);
      x.push_back(example.whole ? mixed : 0.3 + 0.71 * mixed);
    }
    return x;
  }

  /// Of `step`: that every element that differs between the chains has `element` among its sources.
  static void expect_marked(const TensorChain& chain, const TensorChain& other, int step,
                            const SourceElements& element) {
    const TensorStep& one = chain.steps[static_cast<std::size_t>(step)];
    const TensorStep& two = other.steps.at(static_cast<std::size_t>(step));
    ASSERT_EQ(one.shape, two.shape);
    if (one.numel() == 0) return;
    Index index(one.shape.size(), 0);
    do {
      const double a = value_at(one, index), b = value_at(two, index);
      if (a == b || (std::isnan(a) && std::isnan(b))) continue;
      const auto inputs = source_elements(chain, step, index, 1 << 20);
      EXPECT_TRUE(std::ranges::any_of(
          inputs,
          [&](const SourceElements& input) {
            return input.step == element.step &&
                   std::ranges::find(input.elements, element.elements[0]) != input.elements.end();
          }))
          << chain.expression << "\n"
          << fmt::format("{} does not mark {}", index, element.elements[0]);
    } while (next(index, one.shape));
  }
};

TEST_F(EveryOperationTest, MarksWhatItsElementsAreComputedFrom) {
  for (const TensorOperation& operation : operations()) {
    const OperationExample example = example_of(operation);
    const TensorChain chain = run_on(example, numbers(example));
    ASSERT_FALSE(chain.error) << example.expression << ": " << chain.error->message();
    for (const TensorStep& step : chain.steps) {
      // From nothing nothing is computed, a view is the same memory, and a write shows itself.
      const bool made = step.kind == StepKind::copy || step.kind == StepKind::computed;
      EXPECT_EQ(step.sources.operands.empty(), !made) << example.expression << step.operation;
    }
  }
}

/// One element of x is changed a little; whatever changes with it was computed from it.
TEST_F(EveryOperationTest, MarksEveryElementThatMatters) {
  for (const TensorOperation& operation : operations()) {
    const OperationExample example = example_of(operation);
    const std::vector<double> x = numbers(example);
    const TensorChain chain = run_on(example, x);
    const auto named = std::ranges::find(chain.steps, std::string("x"), &TensorStep::variable) -
                       chain.steps.begin();
    for (std::size_t i = 0; i < kCount; ++i) {
      std::vector<double> changed = x;
      // Too little to change an order, or which elements are larger than 2.
      changed[i] += example.whole ? 1 : 0.001;
      const TensorChain other = run_on(example, changed);
      for (std::size_t step = 0; step < chain.steps.size(); ++step) {
        const TensorStep& one = chain.steps[step];
        if (one.sources.operands.empty() ||
            std::ranges::find(one.inputs, named) == one.inputs.end())
          continue;
        expect_marked(chain, other, static_cast<int>(step),
                      {static_cast<int>(named), {index_of(i, chain.steps[named].shape)}});
      }
    }
  }
}

}  // namespace
}  // namespace nanscope
