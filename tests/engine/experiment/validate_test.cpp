#include "engine/experiment/validate.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "engine/base/nearest_name.h"
#include "engine/experiment/json.h"
#include "samples.h"

namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string only_error(const Experiment& experiment) {
  const std::vector<Error> errors = validate(experiment);
  return errors.size() == 1 ? to_string(errors.front()) : std::to_string(errors.size()) + " errors";
}

TEST(Validate, TakesTheDefaults) { EXPECT_THAT(validate(Experiment{}), IsEmpty()); }

TEST(Validate, TakesWhateverIsInRange) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i)
    EXPECT_THAT(validate(testing::random_experiment(random)), IsEmpty());
}

TEST(Validate, TakesBothEndsOfEveryRangeAndNothingBeyond) {
  for (const Key& key : key_table()) {
    const KeyRange* range = key_range(key.name);
    if (!range) continue;
    EXPECT_EQ(range->integer, key.type == KeyType::whole_number);
    for (const double end : {range->low, range->high}) {
      // The seed takes everything that 64 bits hold.
      if (range->integer && end >= 0x1p63) continue;
      const double way = end == range->low ? -1 : 1, inside = end;
      const double outside = range->integer ? end + way : std::nextafter(end, way * INFINITY);
      Experiment experiment;
      const KeyValue value =
          range->integer ? KeyValue(static_cast<std::uint64_t>(inside)) : KeyValue(inside);
      key.set(experiment, value);
      EXPECT_THAT(validate(experiment), IsEmpty()) << key.name << " " << inside;
      EXPECT_FALSE(accept(key, outside, "x")) << key.name << " " << outside;
    }
  }
}

TEST(Validate, ABatchNormTakesABatch) {
  Experiment experiment;
  experiment.network.model.norm = Norm::batchnorm;
  EXPECT_THAT(validate(experiment), IsEmpty());
  experiment.data.batch = 1;
  EXPECT_THAT(only_error(experiment), AllOf(HasSubstr("batch: is 1, and model.norm=batchnorm"),
                                            HasSubstr("it takes 2 at least")));
}

TEST(Validate, SaysWhatIsWrongAndWhatIsAllowed) {
  Experiment experiment;
  experiment.network.model.depth = 0;
  EXPECT_EQ(only_error(experiment),
            "model.depth: 0 is not allowed; it takes a whole number from 1 to 200.");
  experiment.network.model.depth = -5;
  EXPECT_EQ(only_error(experiment),
            "model.depth: -5 is not allowed; it takes a whole number from 1 to 200.");
  experiment.network.model.depth = std::numeric_limits<int>::max();
  EXPECT_THAT(only_error(experiment), HasSubstr("2147483647 is not allowed"));
}

TEST(Validate, RefusesWhatIsNotFinite) {
  for (const double bad : {NAN, INFINITY, -INFINITY}) {
    Experiment experiment;
    experiment.network.init.gain = bad;
    EXPECT_THAT(only_error(experiment), HasSubstr("init.gain: "));
    experiment.network.init.gain = 1;
    experiment.network.init.bias_std = bad;
    EXPECT_THAT(only_error(experiment), HasSubstr("init.bias_std: "));
  }
}

TEST(Validate, ReportsEveryWrongKey) {
  Experiment experiment;
  experiment.network.model.width = 7;
  experiment.data.batch = 0;
  experiment.network.init.cut = 0;
  EXPECT_THAT(validate(experiment), SizeIs(3));
}

TEST(Validate, WantsAPathForAFile) {
  Experiment experiment;
  experiment.data.kind = DataKind::file;
  EXPECT_THAT(only_error(experiment), HasSubstr("data.path: is empty"));
  experiment.data.path = "x.csv";
  EXPECT_THAT(validate(experiment), IsEmpty());
}

TEST(Validate, RefusesAPathThatJsonWouldNotGiveBack) {
  Experiment experiment;
  experiment.data = {.kind = DataKind::file, .path = "caf\xe9/x.csv"};  // Latin-1
  EXPECT_THAT(only_error(experiment), HasSubstr("caf\\xe9/x.csv is not UTF-8"));
  EXPECT_THAT(only_error(experiment), HasSubstr("rename the file"));
  experiment.data.path = "caf\xc3\xa9/x.csv";
  EXPECT_THAT(validate(experiment), IsEmpty());
}

TEST(Validate, KeepsTheLastSeedWithin64Bits) {
  Experiment experiment;
  experiment.network.seed = std::numeric_limits<std::uint64_t>::max() - 1;
  experiment.network.networks = 2;
  EXPECT_THAT(validate(experiment), IsEmpty());
  experiment.network.networks = 3;
  EXPECT_THAT(only_error(experiment),
              HasSubstr("seed: 18446744073709551614 is not allowed with 3"));
}

TEST(Validate, RefusesWhatNoMachineCanHold) {
  Experiment experiment;
  experiment.network.model.depth = 200;
  experiment.network.model.width = 4096;
  experiment.data.batch = 65536;
  EXPECT_THAT(validate(experiment), IsEmpty());  // 6e10 numbers: the engine asks the machine
  experiment.network.networks = 256;
  EXPECT_THAT(only_error(experiment),
              AllOf(HasSubstr("networks: is too large"), HasSubstr("Fewer networks")));
}

TEST(Validate, TakesADeepLinearModelWithAnyActivation) {
  Experiment experiment;
  experiment.network.model.kind = ModelKind::deep_linear;
  experiment.network.model.activation = Activation::tanh;
  EXPECT_THAT(validate(experiment), IsEmpty());
  EXPECT_EQ(effective_activation(experiment.network.model), Activation::identity);
}

TEST(KeyRange, IsThereForNumbersOnly) {
  ASSERT_TRUE(key_range("model.depth"));
  EXPECT_EQ(key_range("model.depth")->high, 200);
  EXPECT_FALSE(key_range("model.kind"));
  EXPECT_FALSE(key_range("model.residual"));
  EXPECT_FALSE(key_range("nosuch"));
}

TEST(NearestName, FindsMisspeltNames) {
  const std::vector<std::string> names{"model.depth", "model.width", "init.scheme", "kaiming",
                                       "kaiming_repairs"};
  EXPECT_EQ(nearest_name("model.dpeth", names), "model.depth");
  EXPECT_EQ(nearest_name("modeldepth", names), "model.depth");
  EXPECT_EQ(nearest_name("MODEL.DEPTH", names), "model.depth");
  EXPECT_EQ(nearest_name("z", {"x", "lab.y"}), "") << "which have no letter in common";
  EXPECT_EQ(nearest_name("depth", names), "model.depth");
  EXPECT_EQ(nearest_name("widht", names), "model.width");
  EXPECT_EQ(nearest_name("kaimng", names), "kaiming");
  EXPECT_EQ(nearest_name("kaiming-repair", names), "kaiming_repairs");
}

TEST(NearestName, FindsABeginning) {
  EXPECT_EQ(nearest_name("layernorm", {"explode", "layernorm_residual_rescue"}),
            "layernorm_residual_rescue");
  EXPECT_EQ(nearest_name("la", {"layernorm_residual_rescue"}), "");  // could mean anything
}

TEST(NearestName, HasNoHintForWhatIsFar) {
  EXPECT_EQ(nearest_name("zzz", {"model.depth", "seed"}), "");
  EXPECT_EQ(nearest_name("", {"a"}), "");
  EXPECT_EQ(nearest_name("x", {}), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'x'), {"seed"}), "");
}

TEST(Validate, RefusesTextsThatAreNotUtf8) {
  for (const char* key : {"tensors.expression", "numbers.path", "data.target"}) {
    const auto experiment = with_key({}, key, "a\xff");
    ASSERT_TRUE(experiment) << key;
    const auto errors = validate(*experiment);
    ASSERT_FALSE(errors.empty()) << key;
    EXPECT_EQ(errors[0].where, key);
    EXPECT_NE(errors[0].message().find("a\\xff is not UTF-8"), std::string::npos)
        << errors[0].message();
  }
}

}  // namespace
}  // namespace nanscope
