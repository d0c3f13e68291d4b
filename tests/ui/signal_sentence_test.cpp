// Every claim of the sentence above the Signal lab's plots, computed once more from the pass's own
// numbers, over random settings and their extremes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/experiment/json.h"
#include "engine/numbers/format.h"
#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"
#include "engine/theory/weights.h"
#include "tests/ui/random_signal.h"
#include "ui/labs/signal/words.h"

namespace nanscope {
namespace {

using Words = std::smatch;
constexpr SignalTensor kForward[] = {SignalTensor::weight, SignalTensor::preactivation,
                                     SignalTensor::activation};

/// A pass's numbers, asked in the ways in which a sentence claims something of them.
class Facts {
 public:
  explicit Facts(const SignalSnapshot& pass) : pass_(pass) {
    for (const LayerSignal& layer : pass.layers)
      forward_.push_back(layer.of(SignalTensor::activation).variance);
  }

  const SignalSnapshot& pass() const { return pass_; }
  int layers() const { return static_cast<int>(pass_.layers.size()); }
  const std::vector<double>& variances() const { return forward_; }
  Activation activation() const { return effective_activation(pass_.experiment.network.model); }

  int index_of(const std::string& name) const {
    for (int i = 0; i < layers(); ++i)
      if (pass_.layers[i].name == name) return i;
    return -1;
  }
  const Statistics& of(int layer, SignalTensor tensor) const {
    return pass_.layers[layer].of(tensor);
  }
  bool all_zero(int layer, SignalTensor tensor) const {
    const Statistics& s = of(layer, tensor);
    return s.count > 0 && s.zeros == s.count;
  }
  bool finite_before(int layer) const {
    for (int i = 0; i < layer; ++i)
      for (const SignalTensor tensor : kForward)
        if (!of(i, tensor).finite()) return false;
    return true;
  }

  /// The variances from the pass's first layer on that its format leaves alone, as far as fp64 has
  /// the square of what they measure.
  std::vector<double> run(SignalTensor tensor, bool backward) const {
    const NumberFormat& format = *find_format(pass_.activation_format);
    std::vector<double> run;
    for (int i = 0; i < layers(); ++i) {
      const Statistics& s = of(backward ? layers() - 1 - i : i, tensor);
      const bool clipped = !format.has_infinity && s.absmax >= format.largest;
      const bool squared = std::isfinite(s.variance) && s.variance > 0;
      if (!squared || !s.finite() || clipped || s.subnormals * 10 > s.count) break;
      run.push_back(s.variance);
    }
    return run;
  }
  std::vector<double> forward_run() const { return run(SignalTensor::activation, false); }
  std::vector<double> backward_run() const { return run(SignalTensor::activation_grad, true); }

 private:
  const SignalSnapshot& pass_;
  std::vector<double> forward_;
};

/// Two or three digits stand for a value.
bool is_about(const std::string& words, double value, double digits = 0.006) {
  const double said = std::stod(words);
  return std::abs(said - value) <= digits * std::abs(value);
}

bool is_between(const std::vector<double>& values, const std::string& low,
                const std::string& high) {
  return !values.empty() && is_about(low, std::ranges::min(values)) &&
         is_about(high, std::ranges::max(values));
}

/// What a layer multiplies by: exp of the covariance of ln(variance) with the layer's number over
/// the latter's variance.
double fitted_factor(const std::vector<double>& variances) {
  const auto n = static_cast<double>(variances.size());
  double product = 0, square = 0, mean = 0;
  for (const double variance : variances) mean += std::log(variance) / n;
  for (std::size_t i = 0; i < variances.size(); ++i) {
    const double apart = static_cast<double>(i) - (n - 1) / 2;
    product += apart * (std::log(variances[i]) - mean);
    square += apart * apart;
  }
  return std::exp(product / square);
}

/// A factor of at least 10 is a whole number, a smaller one has two digits: 0.5 of 10 is 5 %.
bool grows_by(const std::vector<double>& run, const std::string& factor) {
  return run.size() > 1 && run.back() > run.front() &&
         (factor == "inf" || is_about(factor, fitted_factor(run), 0.051));
}
bool shrinks_by(std::vector<double> run, const std::string& factor) {
  std::ranges::reverse(run);
  return grows_by(run, factor);
}
bool every_step(const std::vector<double>& run, double factor) {
  for (std::size_t i = 1; i < run.size(); ++i)
    if (std::abs(std::log(run[i] / run[i - 1] / factor)) > 0.4) return false;
  return run.size() > 1;
}

/// "over N layers" is all of them, "over the first N layers" fewer: those of the run.
bool are_layers_of_run(const Facts& facts, const std::string& words, std::size_t run) {
  Words said;
  const bool first = words.starts_with("over the first ") || words == "in the first layer";
  if (words == "in the only layer" || words == "in the first layer")
    return run == 1 && first == (facts.layers() > 1);
  if (!std::regex_match(words, said, std::regex("over (?:the first )?(\\d+) layers"))) return false;
  return std::stoul(said[1]) == run && run > 1 && first == (static_cast<int>(run) < facts.layers());
}

std::vector<double> finite(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  return values;
}

bool stays_between(const Facts& facts, const std::string& low, const std::string& high,
                   const std::string& layers) {
  if (layers.find("where it is finite") != std::string::npos) {
    const std::vector<double> all = finite(facts.variances());
    const std::string count =
        all.size() == 1 ? "one layer" : std::to_string(all.size()) + " layers";
    return layers == "in the " + count + " where it is finite" && is_between(all, low, high) &&
           static_cast<int>(all.size()) < facts.layers();
  }
  const std::vector<double> run = facts.forward_run();
  if (!run.empty())
    return is_between(run, low, high) && are_layers_of_run(facts, layers, run.size());
  const std::vector<double>& all = facts.variances();
  return finite(all).size() == all.size() && is_between(all, low, high) &&
         are_layers_of_run(facts, layers, all.size());
}

/// Of "over 3 layers", not of "in the first layer".
bool is_of_several(const std::string& layers) { return layers.find("layers") != std::string::npos; }

/// The same, by more or by less than a hundredfold, but for what is rounded.
bool lies_between(const Facts& facts, const Words& said, const std::string& low,
                  const std::string& high, bool far_apart) {
  return is_of_several(said[3]) && stays_between(facts, low, high, said[3]) &&
         (far_apart ? std::stod(high) > 99 * std::stod(low)
                    : !(std::stod(high) > 101 * std::stod(low)));
}

bool is_percent(const std::string& words, double share) {
  if (words == "more than 99") return share > 0.99 && share < 1;
  return is_about(words, 100 * share, 0.051);
}

double saturated_share(const Facts& facts) {
  double part = 0, count = 0;
  for (int i = 0; i < facts.layers(); ++i) {
    part += static_cast<double>(facts.of(i, SignalTensor::activation).saturated);
    count += static_cast<double>(facts.of(i, SignalTensor::activation).count);
  }
  return part / count;
}

double largest_subnormal_share(const Facts& facts) {
  double largest = 0;
  for (int i = 0; i < facts.layers(); ++i)
    for (const SignalTensor tensor : {SignalTensor::activation, SignalTensor::activation_grad}) {
      const Statistics& s = facts.of(i, tensor);
      largest = std::max(largest, static_cast<double>(s.subnormals) / static_cast<double>(s.count));
    }
  return largest;
}

double input_variance(const Facts& facts) {
  const InputMoments& input = facts.pass().input;
  return input.second_moment - input.mean * input.mean;
}

bool overflows_at(const Facts& facts, const std::string& name) {
  const int layer = facts.index_of(name);
  return layer >= 0 && facts.finite_before(layer) &&
         std::ranges::any_of(
             kForward, [&](SignalTensor tensor) { return facts.of(layer, tensor).infs() > 0; });
}

bool first_dead(const Facts& facts, int layer) {
  for (int i = 0; i < layer; ++i)
    if (facts.all_zero(i, SignalTensor::activation)) return false;
  return layer >= 0 && facts.all_zero(layer, SignalTensor::activation);
}

/// Whether pre-activations are nothing but zeros and numbers below the smallest normal one.
bool is_below_normal(const Facts& facts, int layer) {
  return facts.of(layer, SignalTensor::preactivation).absmax <
         find_format(facts.pass().activation_format)->smallest_normal;
}

bool underflows_at(const Facts& facts, int layer) {
  if (!first_dead(facts, layer)) return false;
  // A negative pre-activation becomes 0 in a ReLU, whatever the format.
  if (!facts.all_zero(layer, SignalTensor::preactivation))
    return facts.activation() == Activation::relu ? is_below_normal(facts, layer)
                                                  : facts.activation() != Activation::identity;
  return !facts.all_zero(layer, SignalTensor::weight) &&
         (layer > 0 || facts.pass().input.second_moment > 0);
}

bool gradients_dead_from(const Facts& facts, int layer) {
  for (int i = 0; i < facts.layers(); ++i)
    if (facts.all_zero(i, SignalTensor::activation_grad) != (i <= layer) && i <= layer + 1)
      return false;
  return layer >= 0;
}

bool gradients_overflow_at(const Facts& facts, int layer) {
  if (layer < 0 || !facts.finite_before(facts.layers())) return false;
  for (int i = facts.layers() - 1; i > layer; --i)
    if (!facts.of(i, SignalTensor::activation_grad).finite()) return false;
  return facts.of(layer, SignalTensor::activation_grad).infs() > 0 ||
         facts.of(layer, SignalTensor::weight_grad).infs() > 0;
}

/// The share of the draws that the cut takes, and its smallest distance in deviations.
bool cut_is(const Facts& facts, const std::string& where, double share, bool nothing) {
  const NetworkSpec& network = facts.pass().experiment.network;
  double least = INFINITY, taken = 0, all = 0;
  for (int i = 0; i < facts.layers(); ++i) {
    const auto count = static_cast<double>(facts.of(i, SignalTensor::weight).count);
    const double at =
        cut_in_deviations(network.init, i == 0 ? facts.pass().input.features : network.model.width);
    least = std::min(least, at);
    taken += share_beyond(at) * count;
    all += count;
  }
  if (network.init.scheme != InitScheme::truncated || !is_about(where, least)) return false;
  return nothing ? taken < 0.01 : is_percent(std::to_string(share), taken / all);
}

struct SignalClaim {
  const char* pattern;
  std::function<bool(const Words&, const Facts&)> holds;
};

const std::vector<SignalClaim>& signal_claims() {
  static const std::vector<SignalClaim> all{
      {"Variance grows ([\\d.e+]+|inf)x a layer",
       [](const Words& said, const Facts& facts) {
         return grows_by(facts.forward_run(), said[1]);
       }},
      {"Variance shrinks ([\\d.e+]+|inf)x a layer",
       [](const Words& said, const Facts& facts) {
         return shrinks_by(facts.forward_run(), said[1]);
       }},
      {"Variance doubles every layer",
       [](const Words&, const Facts& facts) { return every_step(facts.forward_run(), 2); }},
      {"Variance halves every layer",
       [](const Words&, const Facts& facts) { return every_step(facts.forward_run(), 0.5); }},
      {"Variance grows only (\\S+)x (.+)",
       [](const Words& said, const Facts& facts) {
         const std::vector<double> run = facts.forward_run();
         return run.size() > 1 && run.back() > run.front() && run.back() < 110 * run.front() &&
                is_about(said[1], run.back() / run.front(), 0.051) &&
                are_layers_of_run(facts, said[2], run.size());
       }},
      {"Variance stays between (\\S+) and (\\S+) (.+)",
       [](const Words& said, const Facts& facts) {
         return lies_between(facts, said, said[1], said[2], false);
       }},
      {"Variance lies between (\\S+) and (\\S+) (.+)",
       [](const Words& said, const Facts& facts) {
         return lies_between(facts, said, said[1], said[2], true);
       }},
      {"Variance vanishes from (\\S+) to (\\S+) (.+)",
       [](const Words& said, const Facts& facts) {
         return lies_between(facts, said, said[2], said[1], true) && std::stod(said[2]) < 1.1e-6;
       }},
      {"Variance stays at (\\S+) (.+)",
       [](const Words& said, const Facts& facts) {
         return is_of_several(said[2]) && stays_between(facts, said[1], said[1], said[2]);
       }},
      {"Variance is (\\S+) (.+)",
       [](const Words& said, const Facts& facts) {
         return !is_of_several(said[2]) && stays_between(facts, said[1], said[1], said[2]);
       }},
      {"One layer: variance (\\S+) becomes (\\S+)",
       [](const Words& said, const Facts& facts) {
         return facts.layers() == 1 && is_about(said[1], input_variance(facts)) &&
                is_about(said[2], facts.variances()[0]);
       }},
      {"No layer's variance is finite",
       [](const Words&, const Facts& facts) { return finite(facts.variances()).empty(); }},
      {"(\\S+) overflows at (.+)",
       [](const Words& said, const Facts& facts) {
         return find_format(said[1].str()) && overflows_at(facts, said[2]);
       }},
      {"(.+) holds the first NaN",
       [](const Words& said, const Facts& facts) {
         const int layer = facts.index_of(said[1]);
         return layer >= 0 && facts.finite_before(layer) &&
                std::ranges::any_of(Names<SignalTensor>::all, [&](const auto& tensor) {
                  const Statistics& s = facts.of(layer, tensor.first);
                  return s.nans > 0 && s.infs() == 0;
                });
       }},
      {"gradients overflow (\\S+) at (.+)",
       [](const Words& said, const Facts& facts) {
         return gradients_overflow_at(facts, facts.index_of(said[2]));
       }},
      {"(\\S+) underflows to zero at (.+)",
       [](const Words& said, const Facts& facts) {
         return said[1] == facts.pass().activation_format &&
                underflows_at(facts, facts.index_of(said[2]));
       }},
      {"no ReLU of (.+) is active",
       [](const Words& said, const Facts& facts) {
         const int layer = facts.index_of(said[1]);
         return first_dead(facts, layer) && facts.activation() == Activation::relu &&
                !is_below_normal(facts, layer);
       }},
      {"all weights of (.+) underflow to zero in (\\S+)",
       [](const Words& said, const Facts& facts) {
         const int layer = facts.index_of(said[1]);
         return first_dead(facts, layer) && facts.all_zero(layer, SignalTensor::weight);
       }},
      {"every activation of (.+) is 0",
       [](const Words& said, const Facts& facts) {
         return first_dead(facts, facts.index_of(said[1]));
       }},
      {"every input is 0",
       [](const Words&, const Facts& facts) { return facts.pass().input.second_moment == 0; }},
      {"gradient variance grows (\\S+)x a layer towards the input",
       [](const Words& said, const Facts& facts) {
         return grows_by(facts.backward_run(), said[1]);
       }},
      {"gradient variance shrinks (\\S+)x a layer towards the input",
       [](const Words& said, const Facts& facts) {
         return shrinks_by(facts.backward_run(), said[1]);
       }},
      {"gradient variance stays between (\\S+) and (\\S+)",
       [](const Words& said, const Facts& facts) {
         return is_between(facts.backward_run(), said[1], said[2]);
       }},
      {"gradient variance stays at (\\S+)",
       [](const Words& said, const Facts& facts) {
         return is_between(facts.backward_run(), said[1], said[1]);
       }},
      {"gradients are zero from (.+) down",
       [](const Words& said, const Facts& facts) {
         return gradients_dead_from(facts, facts.index_of(said[1]));
       }},
      {"the cut at (\\S+) sigma(?: or more)? takes away no weight",
       [](const Words& said, const Facts& facts) { return cut_is(facts, said[1], 0, true); }},
      {"the cut at (\\S+) sigma(?: or more)? takes away (\\S+) % of the draws",
       [](const Words& said, const Facts& facts) {
         return cut_is(facts, said[1], std::stod(said[2]), false);
       }},
      {"(.+) % of the units saturate",
       [](const Words& said, const Facts& facts) {
         return (facts.activation() == Activation::tanh ||
                 facts.activation() == Activation::sigmoid) &&
                is_percent(said[1], saturated_share(facts));
       }},
      {"(.+) % of the values are (\\S+)'s largest",
       [](const Words& said, const Facts& facts) {
         return said[2] == facts.pass().activation_format &&
                !find_format(said[2].str())->has_infinity &&
                is_percent(said[1], saturated_share(facts));
       }},
      {"up to (.+) % of a tensor is subnormal in (\\S+)",
       [](const Words& said, const Facts& facts) {
         return said[2] == facts.pass().activation_format &&
                is_percent(said[1], largest_subnormal_share(facts));
       }},
      {"(\\S+) of it is left after (\\d+) layers",
       [](const Words& said, const Facts& facts) {
         const double left = facts.variances().back() / input_variance(facts);
         // A power of ten has one digit: half of 1 is 50 %.
         return left < 1 && is_about(said[1], left, left < 1e-3 ? 0.34 : 0.006) &&
                std::stoi(said[2]) == facts.layers();
       }},
  };
  return all;
}

std::vector<std::string> clauses_of(std::string sentence) {
  std::vector<std::string> clauses;
  sentence.pop_back();  // the full stop
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 2) {
    end = sentence.find("; ", begin);
    clauses.push_back(sentence.substr(begin, end - begin));
  }
  return clauses;
}

class SignalSentence : public testing::Test {
 protected:
  void SetUp() override {
    auto engine = load_engine();
    ASSERT_TRUE(engine) << to_string(engine.error());
    engine_ = std::move(*engine);
    std::ofstream(zeros_) << "0,0,0,0,0,0,0,0\n0,0,0,0,0,0,0,0\n0,0,0,0,0,0,0,0\n";
  }
  void TearDown() override { std::filesystem::remove(zeros_); }

  void check(const Experiment& experiment) {
    SCOPED_TRACE(to_json(experiment));
    const auto pass = answer(*engine_, SignalRequest{experiment, std::nullopt});
    ASSERT_TRUE(pass) << to_string(pass.error());
    const std::string said = sentence(*pass);
    const Facts facts(*pass);
    const std::vector<std::string> clauses = clauses_of(said);
    EXPECT_LE(clauses.size(), 3U) << said;
    for (const std::string& clause : clauses) {
      int matched = 0, held = 0;
      for (const SignalClaim& claim : signal_claims()) {
        Words words;
        if (!std::regex_match(clause, words, std::regex(claim.pattern))) continue;
        ++matched;
        held += claim.holds(words, facts);
        ++met_[claim.pattern];
      }
      EXPECT_TRUE(matched == 1 && held == 1) << clause << "\n  in: " << said;
    }
  }

  std::unique_ptr<Engine> engine_;
  std::map<std::string, int> met_;  ///< patterns of claims, and how often they were made
  std::string zeros_ = testing::TempDir() + std::to_string(std::random_device()()) + ".csv";
};

TEST_F(SignalSentence, SaysNothingThatIsNotTrueOfRandomSettings) {
  std::mt19937 random(31);
  for (int i = 0; i < 500; ++i) check(random_signal(random, zeros_));
  // The search reaches nearly all that can be said.
  int made = 0;
  for (const SignalClaim& claim : signal_claims()) made += met_.contains(claim.pattern);
  EXPECT_GE(made, static_cast<int>(signal_claims().size()) - 6);
}

TEST_F(SignalSentence, NamesReLUsThatDieNotAnUnderflow) {
  Experiment experiment;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.model.depth = 200;
  experiment.network.model.width = 8;
  experiment.network.precision = Precision::fp64;
  experiment.network.device = DeviceKind::cpu;
  check(experiment);
  const auto pass = answer(*engine_, SignalRequest{experiment, std::nullopt});
  ASSERT_TRUE(pass);
  EXPECT_NE(sentence(*pass).find("no ReLU of linear "), std::string::npos) << sentence(*pass);
  EXPECT_EQ(sentence(*pass).find("underflows"), std::string::npos) << sentence(*pass);
}

}  // namespace
}  // namespace nanscope
