#include "ui/text/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/synthetic/synthetic_snapshot.h"
#include "tests/ui/has_text.h"
#include "ui/labs/describe.h"
#include "ui/labs/signal/no_band_words.h"
#include "ui/labs/signal/words.h"

namespace nanscope {
namespace {

TEST(CountText, OneIsNotSeveral) {
  const auto sentence = [](int count) {
    return count_text("numbers.sentence.exact", count, fmt::arg("input", "0.5"),
                      fmt::arg("format", "fp16"));
  };
  EXPECT_EQ(sentence(1), "0.5 is exact in fp16.");
  EXPECT_EQ(sentence(2), "0.5 is exact in all 2 formats.");
}

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(NumberText, ThreeDigitsAtMostNineCharacters) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(1), "1");
  EXPECT_EQ(number_text(0.12345), "0.123");
  EXPECT_EQ(number_text(999.4), "999");
  EXPECT_EQ(number_text(999.6), "1000");
  EXPECT_EQ(number_text(65504), "65504");
  EXPECT_EQ(number_text(99999.6), "1.00e+05");
  EXPECT_EQ(number_text(1.234e12), "1.23e+12");
  EXPECT_EQ(number_text(0.001), "0.001");
  EXPECT_EQ(number_text(0.0009), "9.00e-04");
  EXPECT_EQ(number_text(INFINITY), "inf");
  EXPECT_EQ(number_text(-INFINITY), "-inf");
  EXPECT_EQ(number_text(NAN), "nan");
  for (double value = 1e-300; value < 1e300; value *= 3.7)
    for (double sign : {1.0, -1.0}) {
      const std::string words = number_text(sign * value);
      EXPECT_LE(words.size(), 9u) << words;
      // Two digits are the least that is shown: half a unit of the second is 5 %.
      EXPECT_NEAR(std::stod(words), sign * value, 0.05 * value) << words;
    }
}

TEST(BytesText, PowersOfTwo) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(640 * 1024), "640 KiB");
  EXPECT_EQ(bytes_text(1024.0 * 1024 - 1), "1 MiB");
  EXPECT_EQ(bytes_text(1.5 * (1 << 30)), "1.5 GiB");
}

TEST(SecondsText, UnitsByMagnitude) {
  EXPECT_EQ(seconds_text(0.0123), "12.3 ms");
  EXPECT_EQ(seconds_text(85e-6), "85 us");
  EXPECT_EQ(seconds_text(1.2), "1.2 s");
  EXPECT_EQ(seconds_text(0.99951), "1 s");
  EXPECT_EQ(seconds_text(0), "0 ns");
}

Experiment experiment_of(InitScheme scheme, double gain, Precision precision) {
  Experiment experiment;
  experiment.network.init.scheme = scheme;
  experiment.network.init.gain = gain;
  experiment.network.precision = precision;
  return experiment;
}

std::string sentence_of(InitScheme scheme, double gain, Precision precision) {
  return sentence(synthetic_snapshot(experiment_of(scheme, gain, precision)));
}

TEST(Sentence, SaysThatItWaits) { EXPECT_EQ(sentence({}), "Waiting for the first pass."); }

TEST(Sentence, NamesTheGrowthAndWhereTheFormatEnds) {
  const std::string words = sentence_of(InitScheme::normal, 1, Precision::fp16);
  EXPECT_THAT(words, StartsWith("Variance grows 2"));  // 512/2 within the wiggle of the snapshot
  EXPECT_THAT(words, HasSubstr("x a layer; fp16 overflows at linear 4"));
  EXPECT_THAT(words, EndsWith("."));
}

TEST(Sentence, TellsSlowGrowthByItsTotal) {
  // A residual stream that takes on the same amount in every layer: 1, 2, ..., 50.
  SignalSnapshot snapshot =
      synthetic_snapshot(experiment_of(InitScheme::kaiming, 1, Precision::fp32));
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i)
    snapshot.layers[i].statistics[static_cast<int>(SignalTensor::activation)].variance =
        double(i + 1);
  EXPECT_THAT(sentence(snapshot), StartsWith("Variance grows only 50x over 50 layers"));
}

TEST(Sentence, SaysHowMuchIsLeft) {
  // 2^-50 is 9e-16; the snapshot's wiggle makes 2e-15 of it.
  EXPECT_EQ(sentence_of(InitScheme::inv_sqrt, 1, Precision::fp32),
            "Variance halves every layer; 2e-15 of it is left after 50 layers.");
}

TEST(Sentence, SaysOfEveryLayerOnlyWhatEveryLayerDoes) {
  SignalSnapshot snapshot =
      synthetic_snapshot(experiment_of(InitScheme::inv_sqrt, 1, Precision::fp32));
  double variance = 1;
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i)
    snapshot.layers[i].statistics[static_cast<int>(SignalTensor::activation)].variance = variance *=
        i % 2 == 0 ? 1 : 0.25;
  EXPECT_EQ(sentence(snapshot),
            "Variance shrinks 2.0x a layer; 9e-16 of it is left after 50 layers.");
}

TEST(Sentence, SaysWhereASignalDies) {
  EXPECT_THAT(sentence_of(InitScheme::inv_sqrt, 0.1, Precision::fp16),
              HasSubstr("fp16 underflows to zero at linear"));
}

TEST(Sentence, SaysThatNothingMoves) {
  Experiment experiment = experiment_of(InitScheme::inv_sqrt, 1, Precision::fp32);
  experiment.network.model.activation = Activation::identity;
  experiment.network.model.depth = 8;
  SignalSnapshot snapshot = synthetic_snapshot(experiment);
  for (LayerSignal& layer : snapshot.layers) {
    layer.statistics[static_cast<int>(SignalTensor::activation)].variance = 1;
    layer.statistics[static_cast<int>(SignalTensor::activation_grad)].variance = 1;
  }
  snapshot.layers[3].statistics[static_cast<int>(SignalTensor::activation)].variance = 1.04;
  EXPECT_EQ(sentence(snapshot), "Variance stays between 1 and 1.04 over 8 layers.");
}

TEST(Sentence, SaysWhatACutTakesAway) {
  Experiment experiment = experiment_of(InitScheme::truncated, 1, Precision::fp32);
  experiment.network.model.width = 1024;  // a standard deviation of 1/32
  experiment.network.init.cut_reading = CutReading::absolute;
  EXPECT_THAT(sentence(synthetic_snapshot(experiment)),
              HasSubstr("; the cut at 96 sigma takes away no weight"));
  experiment.network.init.cut = 1;
  experiment.network.init.cut_reading = CutReading::standard_deviations;
  EXPECT_THAT(sentence(synthetic_snapshot(experiment)),
              HasSubstr("; the cut at 1 sigma takes away 32 % of the draws"));
}

TEST(Sentence, OneLayerIsComparedWithTheInput) {
  Experiment experiment;
  experiment.network.model.depth = 1;
  SignalSnapshot snapshot = synthetic_snapshot(experiment);
  snapshot.layers[0].statistics[static_cast<int>(SignalTensor::activation)].variance = 173;
  EXPECT_EQ(sentence(snapshot), "One layer: variance 1 becomes 173.");
}

TEST(Sentence, SaysWhenNothingIsFinite) {
  SignalSnapshot snapshot = synthetic_snapshot({});
  for (LayerSignal& layer : snapshot.layers)
    for (Statistics& statistics : layer.statistics) {
      statistics.variance = std::nan("");
      statistics.nans = statistics.count;
    }
  snapshot.first_nonfinite = FirstNonfinite{false, 0, "linear 1", SignalTensor::weight, "nan"};
  EXPECT_EQ(sentence(snapshot), "No layer's variance is finite; linear 1 holds the first NaN.");
}

TEST(Bands, WordsSayWhyThereIsNone) {
  SignalSnapshot snapshot = synthetic_snapshot({});
  LayerSignal& layer = snapshot.layers[4];
  EXPECT_TRUE(no_band_words(snapshot, layer).empty());
  LayerPrediction& predicted = layer.predicted;
  predicted.weight_grad_variance.missing = NoBand::spread;
  EXPECT_EQ(no_band_words(snapshot, layer),
            std::vector<std::string>{
                "No 95 % band for dL/dW: theory's own errors may be as large as the band."});
  for (Band* band : {&predicted.preactivation_variance, &predicted.activation_variance,
                     &predicted.activation_grad_variance, &predicted.weight_grad_variance})
    band->missing = NoBand::format;
  EXPECT_EQ(
      no_band_words(snapshot, layer),
      std::vector<std::string>{"No 95 % band: fp32 rounds coarsely, overflows or underflows."});
  for (const auto& [reason, name] : Names<NoBand>::all)
    EXPECT_TRUE(has_text("no_band." + std::string(name))) << name;
}

TEST(Describe, SaysEveryChoice) {
  Experiment experiment;
  experiment.network.model.norm = Norm::layernorm;
  experiment.network.model.residual = experiment.network.model.bias = true;
  experiment.network.init.scheme = InitScheme::truncated;
  experiment.network.precision = Precision::mixed_fp16;
  const std::string words = describe(experiment);
  for (const char* part : {"50 layers of 512 units", "ReLU", "LayerNorm", "residual", "bias", "cut",
                           "3 standard deviations", "gain 1", "batch 64", "mixed fp16"})
    EXPECT_THAT(words, HasSubstr(part));
  experiment.network.init.cut_reading = CutReading::absolute;
  EXPECT_THAT(describe(experiment), HasSubstr("an absolute value"));
}

}  // namespace
}  // namespace nanscope
