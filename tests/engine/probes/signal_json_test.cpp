#include "engine/probes/signal_json.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/experiment/json.h"
#include "snapshots.h"
#include "tests/engine/special_values.h"

namespace nanscope {
namespace {

using nlohmann::json;
using ::testing::SizeIs;

SignalSnapshot sample() {
  SignalSnapshot snapshot = testing::geometric(2, 0.1, 3);
  snapshot.device = "cpu";
  snapshot.device_name = "A \"fast\" processor";
  snapshot.threads = 2;
  Statistics& activation = snapshot.layers[1].statistics[int(SignalTensor::activation)];
  activation.mean = -kInfinity;
  activation.variance = kNan;
  activation.absmax = kInfinity;
  activation.positive_infs = 2;
  activation.negative_infs = 3;
  activation.nans = 4;
  activation.zeros = 5;
  activation.subnormals = 6;
  snapshot.layers[0].predicted.activation_variance = {0.05, 0.1, 0.2};
  snapshot.first_nonfinite = FirstNonfinite{false, 1, "linear 2", SignalTensor::activation, "inf"};
  snapshot.precision = {{"linear", "fp16", "fp32", "fp16", true}};
  return snapshot;
}

TEST(SignalJson, HasTheKeysOfTheDesign) {
  const SignalSnapshot snapshot = sample();
  const json object = json::parse(signal_to_json(snapshot));
  EXPECT_EQ(object["schema"], "nanscope.signal/1");
  EXPECT_EQ(object["device"], "cpu");
  EXPECT_EQ(from_json(object["experiment"].dump()).value(), snapshot.experiment);
  ASSERT_THAT(object["layers"], SizeIs(2));
  const json& layer = object["layers"][0];
  EXPECT_EQ(layer["name"], "linear 1");
  EXPECT_EQ(layer["shape"], json({64, 256}));
  for (const char* tensor :
       {"preactivation", "activation", "activation_grad", "weight", "weight_grad"})
    for (const char* key :
         {"mean", "var", "rms", "absmax", "zeros", "subnormals", "infs", "nans", "count"})
      EXPECT_TRUE(layer[tensor].contains(key)) << tensor << "." << key;
  EXPECT_EQ(layer["predicted"]["activation_var"], 0.1);
  EXPECT_EQ(layer["predicted"]["activation_var_low"], 0.05);
  EXPECT_EQ(layer["predicted"]["activation_var_high"], 0.2);
  EXPECT_TRUE(layer["predicted"].contains("activation_grad_var"));
  EXPECT_EQ(object["first_nonfinite"], json({{"pass", "forward"},
                                             {"layer", "linear 2"},
                                             {"tensor", "activation"},
                                             {"value", "inf"}}));
  EXPECT_EQ(object["emulated"], true);
}

TEST(SignalJson, AMissingBandIsNullAndSaysWhy) {
  SignalSnapshot snapshot = sample();
  snapshot.layers[1].predicted.activation_variance = {kNan, 0.1, kNan, NoBand::format};
  const json layers = json::parse(signal_to_json(snapshot))["layers"];
  const json& predicted = layers[1]["predicted"];
  EXPECT_EQ(predicted["activation_var"], 0.1);
  EXPECT_TRUE(predicted["activation_var_low"].is_null());
  EXPECT_TRUE(predicted["activation_var_high"].is_null());
  EXPECT_EQ(predicted["activation_var_no_band"], "format");
  EXPECT_TRUE(layers[0]["predicted"]["activation_var_no_band"].is_null());
}

TEST(SignalCsv, AMissingBandIsAnEmptyField) {
  SignalSnapshot snapshot = sample();
  const auto field = [&] {
    std::istringstream lines(signal_to_csv(snapshot));
    std::string head, row, name, value;
    std::getline(lines, head);
    std::getline(lines, row);
    std::istringstream names(head), values(row);
    while (std::getline(names, name, ',') && std::getline(values, value, ','))
      if (name == "predicted.activation_var_low") return value;
    return std::string("no such column");
  };
  EXPECT_EQ(field(), "0.05");
  snapshot.layers[0].predicted.activation_variance = {kNan, 0.1, kNan, NoBand::deep};
  EXPECT_EQ(field(), "");
}

TEST(SignalJson, WritesWhatIsNotFiniteAsStrings) {
  const json activation = json::parse(signal_to_json(sample()))["layers"][1]["activation"];
  EXPECT_EQ(activation["mean"], "-inf");
  EXPECT_EQ(activation["var"], "nan");
  EXPECT_EQ(activation["absmax"], "inf");
  EXPECT_EQ(activation["infs"], 5);
  EXPECT_EQ(activation["nans"], 4);
}

TEST(SignalJson, KeepsEveryBitOfADouble) {
  SignalSnapshot snapshot = testing::geometric(1, 1, 1);
  Statistics& statistics = snapshot.layers[0].statistics[int(SignalTensor::weight)];
  for (const double value :
       {0.1 + 0.2, 1.0 / 3, 5e-324, 1.7976931348623157e308, 0x1.921fb54442d18p1}) {
    statistics.variance = value;
    const json object = json::parse(signal_to_json(snapshot));
    EXPECT_EQ(object["layers"][0]["weight"]["var"].get<double>(), value);
  }
}

TEST(SignalJson, SaysNullWhenAllIsFinite) {
  const json object = json::parse(signal_to_json(testing::geometric(1, 1, 1)));
  EXPECT_TRUE(object["first_nonfinite"].is_null());
  EXPECT_FALSE(object.contains("seeds"));
  EXPECT_FALSE(object["layers"][0].contains("histogram"));
}

TEST(SignalJson, TakesHistogramAndSeedsAlong) {
  SignalSnapshot snapshot = testing::geometric(1, 1, 1);
  snapshot.layers[0].histogram = {-3, {1, 2}, {3, 4}};
  snapshot.histogram_tensor = SignalTensor::weight;
  snapshot.experiment.network.networks = 2;
  snapshot.seeds.activation = {{1.5, kInfinity}};
  snapshot.seeds.activation_grad = {{2.5, 3.5}};
  const json object = json::parse(signal_to_json(snapshot));
  EXPECT_EQ(object["layers"][0]["histogram"], json({{"tensor", "weight"},
                                                    {"first_exponent", -3},
                                                    {"positive", {1, 2}},
                                                    {"negative", {3, 4}}}));
  EXPECT_EQ(object["seeds"]["activation_var"], json::parse("[[1.5,\"inf\"]]"));
  EXPECT_EQ(object["seeds"]["activation_grad_var"], json::parse("[[2.5,3.5]]"));
}

TEST(SignalJson, IsOneLineUnlessAsked) {
  EXPECT_EQ(signal_to_json(sample()).find('\n'), std::string::npos);
  EXPECT_NE(signal_to_json(sample(), 2).find('\n'), std::string::npos);
}

std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

TEST(SignalCsv, HasOneRowALayerAndTheValuesOfTheJson) {
  const SignalSnapshot snapshot = sample();
  const json object = json::parse(signal_to_json(snapshot));
  const auto rows = rows_of(signal_to_csv(snapshot));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0][0], "layer");
  EXPECT_EQ(rows[1][0], "linear 1");
  EXPECT_EQ(rows[1][1], "64x256");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    ASSERT_EQ(rows[row].size(), rows[0].size());
    for (std::size_t column = 2; column < rows[0].size(); ++column) {
      const std::string& name = rows[0][column];
      const auto dot = name.find('.');
      const json& value = object["layers"][row - 1][name.substr(0, dot)][name.substr(dot + 1)];
      if (value.is_null())
        EXPECT_EQ(rows[row][column], "");
      else
        EXPECT_EQ(rows[row][column], value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

TEST(SignalCsv, HasItsHeaderEvenWithoutLayers) {
  const auto rows = rows_of(signal_to_csv(SignalSnapshot()));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0], rows_of(signal_to_csv(sample()))[0]);
}

}  // namespace
}  // namespace nanscope
