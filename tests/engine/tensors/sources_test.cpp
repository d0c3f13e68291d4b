#include <fmt/format.h>
#include <gmock/gmock.h>

#include "chains.h"
#include "engine/tensor_language/element_sources.h"

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
    ASSERT_FALSE(chain.error) << expression << ": " << chain.error->message;
    const TensorStep& step = chain.steps.back();
    const ElementSources& sources = step.sources;
    ASSERT_FALSE(sources.operands.empty()) << expression;
    Index index(step.shape.size(), 0);
    do {
      std::vector<double> terms(static_cast<std::size_t>(source_count(sources)), 1);
      for (const ElementSources::Operand& operand : sources.operands) {
        const auto elements = source_elements(sources, operand, index, 1 << 20);
        ASSERT_EQ(elements.size(), terms.size());
        const TensorStep& input = chain.steps[static_cast<std::size_t>(operand.step)];
        for (std::size_t i = 0; i < terms.size(); ++i) terms[i] *= value_at(input, elements[i]);
      }
      double sum = 0;
      for (const double term : terms) sum += term;
      // Small whole numbers: exact in every order.
      ASSERT_EQ(value_at(step, index), sum) << expression;
    } while (next(index, step.shape));
  }
};

TEST_F(SourcesTest, ProductsAreSumsOverTheInnerDimension) {
  for (const char* expression :
       {"arange(6).view(2,3) @ arange(12).view(3,4)", "arange(6).view(2,3).matmul(arange(3))",
        "arange(3) @ arange(12).view(3,4)", "arange(3) @ arange(3)", "arange(3).dot(arange(3))",
        "arange(12).view(2,2,3) @ arange(12).view(3,4)",
        "arange(12).view(2,2,3) @ arange(24).view(2,3,4)",
        "arange(6).view(1,2,3) @ arange(48).view(2,2,3,4)",
        "arange(6).view(2,3).mm(arange(12).view(3,4))", "arange(6).view(2,3).mv(arange(3))",
        "arange(12).view(2,2,3).bmm(arange(24).view(2,3,4))", "arange(3).outer(arange(4))",
        "einsum('ij,jk->ik', arange(6).view(2,3), arange(12).view(3,4))",
        "einsum('ij,jk', arange(6).view(2,3), arange(12).view(3,4))",
        "einsum('...i,i->...', arange(12).view(2,2,3), arange(3))",
        "einsum('bij,bkj->bik', arange(12).view(2,2,3), arange(24).view(2,4,3))",
        "einsum('i,i,i->', arange(3), arange(3), arange(3))",
        "einsum(arange(6).view(2,3), arange(12).view(3,4), 'row inner, inner column -> row "
        "column')"}) {
    expect_sums(expression);
    EXPECT_TRUE(last(expression).sources.products) << expression;
  }
}

TEST_F(SourcesTest, ReductionsRunAlongWhatTheyTakeAway) {
  for (const char* expression :
       {"arange(24).view(2,3,4).sum(1)", "arange(24).view(2,3,4).sum(-1, keepdim=True)",
        "arange(24).view(2,3,4).sum()", "tensor(3).sum()",
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
    EXPECT_EQ(source_count(chain.steps[2].sources), 3) << expression;
    EXPECT_EQ(chain.steps[2].sources.operands.size(), 1u) << expression;
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
  const TensorStep step = last("rand(2,3).softmax(-1)");
  EXPECT_THAT(source_elements(step.sources, step.sources.operands[0], Index{1, 2}, 9),
              ElementsAre(Index{1, 0}, Index{1, 1}, Index{1, 2}));
}

TEST_F(SourcesTest, EinopsCopiesFollowTheirAxes) {
  for (const char* expression : {"rearrange(arange(24).view(2,3,4), 'a b c -> c (b a)')",
                                 "rearrange(arange(24).view(2,12), 'a (b c) -> (c a) b', b=3)",
                                 "repeat(arange(6).view(2,3), 'a b -> a (r b)', r=2)",
                                 "rearrange(arange(24).view(2,3,4), 'a ... -> (... a)')"})
    expect_sums(expression);
}

TEST_F(SourcesTest, ViewsAndWhatIsNotKnownHaveNone) {
  for (const char* expression :
       {"arange(6).view(2,3)", "rearrange(arange(6).view(2,3), 'a b -> b a')", "arange(6)[[0,2]]",
        "arange(6).cumsum(0)", "rand(4).argsort()"})
    EXPECT_THAT(last(expression).sources.operands, IsEmpty()) << expression;
}

}  // namespace
}  // namespace nanscope
