#include <gmock/gmock.h>

#include <algorithm>

#include "chains.h"

// Sliders over the numbers of a chain: everything that LibTorch takes, and why no more.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ParametersTest : public ChainTest {
 protected:
  ParametersTest() { request_.parameters = true; }

  /// The last parameter of this name; every choice of it is carried out once more.
  TensorParameter parameter(const std::string& expression, const std::string& name) {
    const TensorChain chain = run(expression);
    EXPECT_FALSE(chain.error) << expression << ": " << chain.error->message();
    const auto found = std::find_if(chain.parameters.rbegin(), chain.parameters.rend(),
                                    [&](const TensorParameter& one) { return one.name == name; });
    EXPECT_NE(found, chain.parameters.rend()) << expression << " has no " << name;
    if (found == chain.parameters.rend()) return {};
    request_.parameters = false;
    for (const TensorParameter::Choice& choice : found->choices)
      EXPECT_FALSE(run(choice.expression).error) << choice.expression;
    request_.parameters = true;
    return *found;
  }
  static std::vector<std::int64_t> values(const TensorParameter& parameter) {
    std::vector<std::int64_t> all;
    for (const TensorParameter::Choice& choice : parameter.choices) all.push_back(choice.value);
    return all;
  }
};

TEST_F(ParametersTest, DimensionsEndWhereTheTensorDoes) {
  const TensorParameter dim = parameter("arange(12).view(3,4).transpose(0,1)", "dim1");
  EXPECT_THAT(values(dim), ElementsAre(-2, -1, 0, 1));
  EXPECT_THAT(dim.low_reason, HasSubstr("Dimension out of range"));
  EXPECT_THAT(dim.high_reason, HasSubstr("Dimension out of range"));
}

TEST_F(ParametersTest, SizesThatFitAreFoundAcrossThoseThatDoNot) {
  const TensorParameter size = parameter("arange(12).view(3,4)", "size");
  EXPECT_THAT(values(size), ElementsAre(-1, 1, 2, 3, 4, 6, 12));
  EXPECT_THAT(size.high_reason, HasSubstr("invalid for input of size 12"));
  // Divisors far from the present value, too.
  EXPECT_EQ(parameter("arange(4096).view(2,2048)", "size").choices.back().value, 4096);
  EXPECT_THAT(values(parameter("rearrange(arange(48).view(2,24), 'a (b c) -> a b c', b=2)", "b")),
              ElementsAre(1, 2, 3, 4, 6, 8, 12, 24));
}

TEST_F(ParametersTest, LongIntervalsEndAtTheExactEdge) {
  const TensorParameter start = parameter("arange(4096).narrow(0,1000,2000)", "start");
  EXPECT_EQ(start.choices.front().value, 0) << "from -1 on it would not be long enough";
  EXPECT_EQ(start.choices.back().value, 2096);
  EXPECT_THAT(start.high_reason, HasSubstr("exceeds dimension size"));
}

TEST_F(ParametersTest, WhereLibTorchHasNoEndTheReachHas) {
  const TensorParameter diagonal = parameter("ones(8,8).triu(1)", "diagonal");
  EXPECT_EQ(diagonal.low_reason, "");
  EXPECT_EQ(diagonal.high_reason, "");
  EXPECT_LE(diagonal.choices.front().value, -8);
  EXPECT_GE(diagonal.choices.back().value, 8);
}

TEST_F(ParametersTest, ANumberThatCannotMoveSaysWhy) {
  const TensorParameter end = parameter("arange(24).view(2,3,4)", "end");
  EXPECT_THAT(values(end), ElementsAre(24));
  EXPECT_THAT(end.low_reason, HasSubstr("invalid for input of size 23"));
  EXPECT_THAT(end.high_reason, HasSubstr("invalid for input of size 25"));
}

TEST_F(ParametersTest, ChainsWhoseShapesDependOnValuesHaveSliders) {
  // Three elements are left: the shape is known only once the mask is computed.
  const TensorParameter length = parameter("x = arange(12); x[x > 8].narrow(0,0,2)", "length");
  EXPECT_THAT(values(length), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(length.high_reason, HasSubstr("exceeds dimension size"));
  EXPECT_THAT(run("x = zeros(2**22); x[x > 8].narrow(0,0,0)").parameters, IsEmpty())
      << "too large to be carried out hundreds of times";
}

TEST_F(ParametersTest, LargeChainsHaveSlidersWhateverIsComputed) {
  // 2 MiB: nothing is carried out hundreds of times, only shapes are.
  const TensorParameter dim =
      parameter("randn(8,256,256).abs().std(0).var(1).isnan().max()", "dim");
  EXPECT_THAT(values(dim), ElementsAre(-2, -1, 0, 1));
  EXPECT_THAT(dim.high_reason, HasSubstr("Dimension out of range"));
}

TEST_F(ParametersTest, IndicesByValuesStopWhereTheTensorDoes) {
  EXPECT_EQ(values(parameter("arange(12)[[0,9]]", "end")).front(), 10);
  EXPECT_EQ(values(parameter("arange(12).take(tensor([9]))", "end")).front(), 10);
  EXPECT_EQ(values(parameter("arange(12).gather(0,tensor([9]))", "end")).front(), 10);
}

TEST_F(ParametersTest, NumbersBeyondReasonHaveNone) {
  EXPECT_FALSE(run("ones(2,2).triu(9223372036854775807)").error);
}

}  // namespace
}  // namespace nanscope
