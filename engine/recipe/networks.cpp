#include "engine/recipe/networks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nanscope {
namespace {

/// One number of each.
template <class Parts, class Number>
std::vector<double> numbers_of(const Parts& parts, const Number& number) {
  std::vector<double> each;
  for (const auto& part : parts) each.push_back(number(part));
  return each;
}

}  // namespace

Experiment network_of(const Experiment& experiment, int network) {
  Experiment one = experiment;
  one.network.networks = 1;
  one.network.seed += static_cast<std::uint64_t>(network);
  return one;
}

double median_of(std::vector<double> each) {
  const auto before = [](double a, double b) { return std::isnan(a) < std::isnan(b) || a < b; };
  const auto middle = each.begin() + std::ssize(each) / 2;
  std::ranges::nth_element(each, middle, before);
  if (each.size() % 2 == 1) return *middle;
  const double below = *std::max_element(each.begin(), middle, before);
  // The mean of two numbers whose sum may be more than fp64 has.
  return below == *middle ? below : std::midpoint(below, *middle);
}

OfNetworks of_networks(std::vector<double> each) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  OfNetworks all{.low = kNone, .high = kNone, .each = std::move(each)};
  for (const double value : all.each) {
    if (!std::isfinite(value)) continue;
    all.low = std::fmin(all.low, value);
    all.high = std::fmax(all.high, value);
  }
  return all;
}

RunStep together(std::span<const RunStep> steps) {
  RunStep all = steps.front();
  all.losses = of_networks(numbers_of(steps, [](const RunStep& one) { return one.loss; }));
  all.grad_norms = of_networks(numbers_of(steps, [](const RunStep& one) { return one.grad_norm; }));
  all.loss = median_of(all.losses->each);
  all.grad_norm = median_of(all.grad_norms->each);
  if (all.loss_scale) {
    all.loss_scales =
        of_networks(numbers_of(steps, [](const RunStep& one) { return *one.loss_scale; }));
    all.loss_scale = median_of(all.loss_scales->each);
    for (const RunStep& one : steps) all.skips.push_back(one.skipped);
    all.skipped = std::ranges::any_of(steps, &RunStep::skipped);
  }
  for (const RunStep& one : steps.subspan(1))
    if (!one.layers.empty()) all.others.push_back({one.layers, one.gradients});
  if (!all.held_out) return all;
  std::vector<HeldOut> looks;
  for (const RunStep& one : steps) looks.push_back(*one.held_out);
  all.held_out = together(looks);
  return all;
}

HeldOut together(std::span<const HeldOut> looks) {
  HeldOut all{.loss = 0};
  all.losses = of_networks(numbers_of(looks, [](const HeldOut& one) { return one.loss; }));
  all.loss = median_of(all.losses->each);
  if (!looks.front().accuracy) return all;
  all.accuracies = of_networks(numbers_of(looks, [](const HeldOut& one) { return *one.accuracy; }));
  all.accuracy = median_of(all.accuracies->each);
  return all;
}

}  // namespace nanscope
