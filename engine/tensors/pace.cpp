#include "engine/tensors/pace.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nanscope {
namespace {

/// An operation that should take less says nothing about large ones.
constexpr double kTrifle = 1e-3;
/// The latest so many seconds of work count as much as all before them.
constexpr double kRemembered = 2;

/// Nanoseconds for each element that is read and each four bytes that are made, as one thread of an
/// EPYC (Zen 4) took them, page faults of new memory included.
constexpr double kNanoseconds = 0.6;
/// Operations that take longer. Random draws come one after the other from one generator; sorting
/// takes a logarithm, which is about the same for all sizes that take long.
constexpr auto kSlow = std::to_array<std::pair<std::string_view, double>>({
    {"rand", 4},         {"randint", 4},    {"randn", 7},     {"normal", 7},   {"bernoulli", 6},
    {"rand_like", 4},    {"randn_like", 7}, {"randperm", 20}, {"uniform_", 4}, {"normal_", 7},
    {"multinomial", 20}, {"sort", 25},      {"argsort", 25},  {"msort", 25},   {"unique", 60},
    {"topk", 10},        {"median", 10},    {"kthvalue", 10}, {"mode", 40},    {"histc", 5},
    {"quantile", 25},    {"cumsum", 1.5},   {"cumprod", 1.5}, {"gelu", 1.5},   {"exp", 1.2},
    {"log", 1.2},        {"sin", 1.5},      {"cos", 1.5},     {"tanh", 1.5},   {"softmax", 1.5},
    {"pow", 2},          {"nonzero", 3},    {"index", 4},     {"gather", 3},   {"scatter", 3},
});
/// Multiply-adds count as two; of matrices that are large.
constexpr double kFlopsASecond = 4e10;

double nominal_seconds(std::string_view name, const Prediction& prediction) {
  const auto found = std::ranges::find(kSlow, name, &std::pair<std::string_view, double>::first);
  const double nanoseconds = found == kSlow.end() ? kNanoseconds : found->second;
  const double elements =
      static_cast<double>(prediction.elements) + static_cast<double>(prediction.bytes) / 4;
  return 1e-9 * nanoseconds * elements + prediction.flops / kFlopsASecond;
}

}  // namespace

void OperationPace::Ratio::take(double ratio, double from_seconds) {
  const double kept = std::min(seconds, kRemembered);
  value = (value * kept + ratio * from_seconds) / (kept + from_seconds);
  seconds = kept + from_seconds;
}

double OperationPace::seconds(std::string_view name, const Prediction& prediction) const {
  const auto known = by_name_.find(name);
  return nominal_seconds(name, prediction) *
         (known == by_name_.end() ? all_.value : known->second.value);
}

void OperationPace::learn(std::string_view name, const Prediction& prediction, double seconds) {
  const double nominal = nominal_seconds(name, prediction);
  if (nominal < kTrifle) return;
  all_.take(seconds / nominal, seconds);
  by_name_[std::string(name)].take(seconds / nominal, seconds);
}

}  // namespace nanscope
