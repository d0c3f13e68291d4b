#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/experiment/json.h"
#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"

extern "C" nanscope::Engine* nanscope_make_engine(std::string* reason);

// The engine against what PyTorch 2.15 printed when it ran the scripts of `nanscope pytorch`:
// signal.json, written by check_pytorch.py --write.
namespace nanscope {
namespace {

using Json = nlohmann::json;

Json read_references() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/signal.json");
  return Json::parse(file);
}

double number(const Json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// As in compare_signal.py: 1e-6 where sums run in another order; in narrower formats a reordered
/// sum may move a value by one unit in the last place, of which an average keeps a fraction.
double tolerance_of(Precision precision) {
  switch (precision) {
    case Precision::fp64:
    case Precision::fp32:
      return 1e-6;
    case Precision::tf32:
      return 2e-4;
    case Precision::bf16:
    case Precision::mixed_bf16:
      return 2e-3;
    case Precision::fp16:
    case Precision::mixed_fp16:
      return 3e-4;
    case Precision::e4m3:
      return 2e-2;
    case Precision::e5m2:
      return 4e-2;
  }
  return 0;
}

/// Weights have PyTorch's bits, and their sums run in double. LAPACK's QR alone takes other
/// instructions on other processors.
double weight_tolerance(InitScheme scheme) {
  return scheme == InitScheme::orthogonal ? 1e-6 : 1e-12;
}

void expect_close(double ours, double theirs, double scale, double tolerance, const char* what) {
  if (ours == theirs || (std::isnan(ours) && std::isnan(theirs))) return;
  EXPECT_LE(std::abs(ours - theirs) / std::max(scale, 1e-300), tolerance)
      << what << ": ours " << ours << ", PyTorch " << theirs;
}

/// `theirs` lists the statistics in the order of `nanscope signal --json`.
void expect_statistics(const Statistics& ours, const Json& theirs, double tolerance) {
  const auto at = [&](std::size_t index) { return number(theirs[index]); };
  // A mean is a sum of values that cancel: it is as exact as they are.
  expect_close(ours.mean, at(0), at(2), tolerance, "mean");
  expect_close(ours.variance, at(1), at(1), tolerance, "var");
  expect_close(ours.rms, at(2), at(2), tolerance, "rms");
  // The largest value is one value, not an average: it may move by a whole unit.
  expect_close(ours.absmax, at(3), at(3), 8 * tolerance, "absmax");
  const auto count = theirs[11].get<std::int64_t>();
  ASSERT_EQ(ours.count, count);
  const std::pair<const char*, std::int64_t> counts[] = {{"zeros", ours.zeros},
                                                         {"subnormals", ours.subnormals},
                                                         {"infs", ours.infs()},
                                                         {"positive_infs", ours.positive_infs},
                                                         {"negative_infs", ours.negative_infs},
                                                         {"nans", ours.nans},
                                                         {"saturated", ours.saturated}};
  for (std::size_t i = 0; i < std::size(counts); ++i)
    EXPECT_LE(std::abs(static_cast<double>(counts[i].second) - at(4 + i)),
              tolerance * static_cast<double>(count))
        << counts[i].first;
}

void expect_same_first_nonfinite(const std::optional<FirstNonfinite>& ours, const Json& theirs) {
  ASSERT_EQ(ours.has_value(), !theirs.is_null());
  if (!ours) return;
  EXPECT_EQ(Json(ours->backward ? "backward" : "forward"), theirs.at("pass"));
  EXPECT_EQ(Json(ours->layer_name), theirs.at("layer"));
  EXPECT_EQ(Json(name_of(ours->tensor)), theirs.at("tensor"));
  EXPECT_EQ(Json(ours->value), theirs.at("value"));
}

TEST(SignalReference, EveryExperimentHasPyTorchsNumbers) {
  std::string reason;
  const std::unique_ptr<Engine> engine(nanscope_make_engine(&reason));
  ASSERT_NE(engine, nullptr) << reason;
  const Json references = read_references();
  ASSERT_FALSE(references.empty());
  for (const Json& reference : references) {
    SCOPED_TRACE(reference.at("name").get<std::string>());
    auto experiment = from_json(reference.at("experiment").dump());
    ASSERT_TRUE(experiment.has_value()) << to_string(experiment.error());
    experiment->network.device = DeviceKind::cpu;
    const auto snapshot = answer(*engine, SignalRequest{*experiment, std::nullopt});
    ASSERT_TRUE(snapshot.has_value()) << to_string(snapshot.error());

    const Json& layers = reference.at("layers");
    ASSERT_EQ(snapshot->layers.size(), layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
      SCOPED_TRACE(layers[i].at("name").get<std::string>());
      EXPECT_EQ(Json(snapshot->layers[i].name), layers[i].at("name"));
      EXPECT_EQ(Json(snapshot->layers[i].shape), layers[i].at("shape"));
      for (const auto& [tensor, name] : Names<SignalTensor>::all) {
        SCOPED_TRACE(name);
        expect_statistics(snapshot->layers[i].of(tensor), layers[i].at(std::string(name)),
                          tensor == SignalTensor::weight
                              ? weight_tolerance(experiment->network.init.scheme)
                              : tolerance_of(experiment->network.precision));
      }
    }
    expect_same_first_nonfinite(snapshot->first_nonfinite, reference.at("first_nonfinite"));
  }
}

}  // namespace
}  // namespace nanscope
