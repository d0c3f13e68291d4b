#include "engine/tensors/chain_job.h"

#include <gmock/gmock.h>

#include "chains.h"
#include "engine/tensor_language/chain_json.h"

// Chains as the session runs them: in slices, with progress, and only as long as they may.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ChainJobTest : public ChainTest {
 protected:
  /// Runs the chain with a turn for others wherever it allows one; counts the slices.
  Result<JobResult> run_in_slices(const std::string& expression, Consent consent = {}) {
    request_.expression = expression;
    JobContext context(
        {}, [this](const Message& what, double) { progress_.push_back(what.text()); },
        JobContext::Clock::duration::zero(), std::move(consent));
    ChainJob job(request_, lab_);
    slices_ = 0;
    while (true) {
      ++slices_;
      Result<JobResult> result = job.advance(context);
      if (!result || *result) return result;
      context.begin_slice();
      if (between_slices_) between_slices_();
    }
  }

  int slices_ = 0;
  std::vector<std::string> progress_;
  std::function<void()> between_slices_;
};

TEST_F(ChainJobTest, EveryOperationIsASliceAndTheAnswerIsTheSame) {
  for (const char* expression :
       {"rand(3,4).t().contiguous().softmax(-1)[1:, 0]",
        "x = arange(6).view(2,3); y = x.t(); y[0, 1] = 9; x += 1; y",
        "a, b = rand(4,2).chunk(2); torch.cat([b, a]) @ ones(2,2)",
        "arange(12).view(3,4).t().view(12)", "rand(2,3).sum((", "rand(2)[rand(2) > 0.5] * 2"}) {
    const TensorChain whole = run(expression);
    const Result<JobResult> sliced = run_in_slices(expression);
    ASSERT_TRUE(sliced) << expression;
    TensorChain chain = *sliced->as<TensorChain>();
    ASSERT_EQ(chain.steps.size(), whole.steps.size());
    for (std::size_t i = 0; i < chain.steps.size(); ++i)
      chain.steps[i].cost.seconds = whole.steps[i].cost.seconds;
    EXPECT_EQ(to_json(chain, 2), to_json(whole, 2)) << expression;
    EXPECT_GE(slices_, static_cast<int>(whole.steps.size())) << expression;
  }
}

TEST_F(ChainJobTest, TriesOfNumbersAreSlicesAndDoNotRunTheChainAgain) {
  const std::string expression = "rand(24).view(4,6).narrow(1,2,3)";
  ASSERT_TRUE(run_in_slices(expression));
  const TensorChain first = *lab_.kept([&] {
    TensorRequest again = request_;
    again.parameters = true;
    return again;
  }());
  request_.parameters = true;
  const Result<JobResult> tried = run_in_slices(expression);
  ASSERT_TRUE(tried);
  const TensorChain& chain = *tried->as<TensorChain>();
  EXPECT_EQ(chain.parameters.size(), 6u);
  EXPECT_GT(slices_, 50);
  // The seconds are those of the first run.
  EXPECT_EQ(chain.steps[0].cost.seconds, first.steps[0].cost.seconds);
}

TEST_F(ChainJobTest, WhoStopsItWaitsForNoMoreThanAnOperation) {
  std::stop_source stop;
  request_.expression = "rand(8).sort()";
  request_.parameters = true;
  JobContext context(stop.get_token(), {}, JobContext::Clock::duration::zero());
  ChainJob job(request_, lab_);
  ASSERT_TRUE(job.advance(context));
  stop.request_stop();
  const Result<JobResult> stopped = job.advance(context);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, Error::Kind::cancelled);
}

TEST_F(ChainJobTest, WhatTakesLongAsksBeforeItBegins) {
  request_.largest_bytes = std::int64_t{1} << 45;
  double asked = 0;
  const Result<JobResult> refused =
      run_in_slices("x = ones(3); y = rand(60000, 40000); y.sort()[0].sum()", [&](double s) {
        asked = s;
        return s <= kLongWork;
      });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Error::Kind::cancelled);
  EXPECT_GT(asked, kLongWork);
  EXPECT_LT(asked, 3600);
  EXPECT_LT(slices_, 10);
}

TEST_F(ChainJobTest, WhatIsQuickAsksNobody) {
  int asked = 0;
  const Consent consent = [&](double) {
    ++asked;
    return false;
  };
  EXPECT_TRUE(run_in_slices("rand(200,300) @ ones(300,400)", consent));
  EXPECT_EQ(asked, 0);
}

TEST_F(ChainJobTest, LongWorkSaysWhichOperationIsCarriedOut) {
  between_slices_ = [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); };
  ASSERT_TRUE(run_in_slices("rand(8).sort()[0].cumsum(0) * 2"));
  ASSERT_FALSE(progress_.empty());
  EXPECT_THAT(progress_.back(), AllOf(HasSubstr("step "), HasSubstr(" * 2")));
}

TEST(OperationPaceTest, LearnsFromWhatOperationsTook) {
  OperationPace pace;
  const Prediction work{.bytes = 4'000'000, .elements = 1'000'000};
  const Prediction larger{.bytes = 400'000'000, .elements = 100'000'000};
  const double before = pace.seconds("sort", larger);
  EXPECT_NEAR(before, 100 * pace.seconds("sort", work), 1e-6 * before);
  for (int i = 0; i < 20; ++i) pace.learn("sort", work, 0.5);
  EXPECT_NEAR(pace.seconds("sort", larger), 50, 1);
  // A machine on which one operation takes longer takes longer for others, too.
  EXPECT_GT(pace.seconds("exp", larger), OperationPace().seconds("exp", larger));
  // An operation that makes views only takes no time.
  EXPECT_EQ(pace.seconds("view", {}), 0);
}

}  // namespace
}  // namespace nanscope
