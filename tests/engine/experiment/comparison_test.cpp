#include "engine/experiment/comparison.h"

#include <gmock/gmock.h>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"

namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Comparison, IsAWithSomeSettingsChanged) {
  const auto a = with_key({}, "compare", "init.gain=2; precision=fp16");
  ASSERT_TRUE(a) << to_string(a.error());
  const auto b = compared_with(*a);
  ASSERT_TRUE(b);
  EXPECT_EQ(b->network.init.gain, 2);
  EXPECT_EQ(b->network.precision, Precision::fp16);
  EXPECT_THAT(differing_keys(*a, *b), ElementsAre("init.gain", "precision", "compare"));
  EXPECT_FALSE(compared_with({}));
  EXPECT_EQ(from_json(to_json(*a)).value(), *a);
}

TEST(Comparison, StaysWhileAChanges) {
  Experiment a = with_key({}, "compare", "same").value();
  Experiment next = a;
  next.network.model.depth = 7;
  a = keeping_other(a, next);
  EXPECT_EQ(comparison_text(a.compare), "model.depth=50");
  next = a;
  next.network.init.gain = 3;
  a = keeping_other(a, next);
  EXPECT_EQ(comparison_text(a.compare), "model.depth=50; init.gain=1");
  next = a;
  next.network = {};
  a = keeping_other(a, next);
  EXPECT_EQ(comparison_text(a.compare), "same");
  next.compare = {};
  EXPECT_FALSE(keeping_other(a, next).compare.on);
}

TEST(Comparison, ComesBackWhateverAPathHolds) {
  Experiment a, b;
  b.data.kind = DataKind::file;
  for (const char* path : {"a;b\\;c=\"d\".csv", " x.csv", "x.csv ", " ", "\\", "a\\ ", " \\;= "}) {
    b.data.path = path;
    a.compare = comparison_of(a, b);
    const auto read = from_json(to_json(a));
    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(compared_with(*read)->data, b.data) << path;
  }
}

TEST(Comparison, BlanksDoNotCount) {
  const auto a = with_key({}, "compare", "  init.gain = 2 ;precision= fp16;  ");
  ASSERT_TRUE(a) << to_string(a.error());
  EXPECT_EQ(comparison_text(a->compare), "init.gain=2; precision=fp16");
  EXPECT_EQ(comparison_text(with_key({}, "compare", " same ")->compare), "same");
  EXPECT_FALSE(with_key({}, "compare", "  ")->compare.on);
}

TEST(Comparison, RefusesWhatBCannotBe) {
  const auto error_of = [](const char* text) {
    const auto a = with_key({}, "compare", text);
    return a ? "no error" : to_string(a.error());
  };
  EXPECT_THAT(error_of("init.gain"), HasSubstr("as init.gain=2; precision=fp16"));
  for (const char* nothing : {"=", "=2", " = ", "init.gain=2;="})
    EXPECT_THAT(error_of(nothing), HasSubstr("as init.gain=2; precision=fp16")) << nothing;
  EXPECT_THAT(error_of("init.gian=2"),
              AllOf(HasSubstr("compare: B's init.gian: "), HasSubstr("init.gain?")));
  EXPECT_THAT(error_of("init.gain=x"), HasSubstr("compare: B's init.gain: x is not allowed"));
  EXPECT_THAT(error_of("init.gain=x"), HasSubstr("it takes a number"));
  EXPECT_THAT(error_of("init.gain="), HasSubstr("B's init.gain: an empty value"));
  EXPECT_THAT(error_of("numbers.view=bits"),
              AllOf(HasSubstr("B's numbers.view is A's, too"), HasSubstr("init.gain")));
  const auto wrong = with_key({}, "compare", "data.kind=file");
  ASSERT_TRUE(wrong);
  const auto errors = validate(*wrong);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(to_string(errors.front()),
              AllOf(HasSubstr("compare: B has"), HasSubstr("data.path")));
}

TEST(TrainingKeys, AreThoseOfTrainingThatWereChanged) {
  Experiment experiment;
  EXPECT_THAT(changed_training_keys(experiment), IsEmpty());
  experiment.training.steps = 3;
  experiment.training.optimizer.lr = 1;
  experiment.network.seed = 2;
  EXPECT_THAT(changed_training_keys(experiment), ElementsAre("optimizer.lr", "steps"));
}

}  // namespace
}  // namespace nanscope
