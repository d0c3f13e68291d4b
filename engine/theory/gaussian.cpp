#include "engine/theory/gaussian.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

constexpr double kLargest = 10;
constexpr double kStep = 0.18;  // relative errors stay below 1e-9 (tests/engine/theory)
constexpr int kPanels = 4;
constexpr int kPanelNodes = 16;

double density(double t) { return std::exp(-0.5 * t * t) / std::sqrt(2 * std::numbers::pi); }

struct LegendreNode {
  double x = 0, weight = 0;
};

/// On [-1, 1], by Newton's method on the Legendre polynomial from the usual cosine guess.
LegendreNode legendre_node(int i) {
  double x = std::cos(std::numbers::pi * (i + 0.75) / (kPanelNodes + 0.5));
  double derivative = 1;
  for (int step = 0; step < 8; ++step) {
    double previous = 1, current = x;
    for (int n = 2; n <= kPanelNodes; ++n) {
      const double next = ((2 * n - 1) * x * current - (n - 1) * previous) / n;
      previous = current;
      current = next;
    }
    derivative = kPanelNodes * (x * current - previous) / (x * x - 1);
    x -= current / derivative;
  }
  return {x, 2 / ((1 - x * x) * derivative * derivative)};
}

}  // namespace

void fill_smooth_nodes(double sigma, GaussianNodes& nodes) {
  const double scale = std::max(sigma, 1.0);
  const int last = static_cast<int>(std::ceil(std::asinh(kLargest * scale) / kStep));
  nodes.t.clear();
  nodes.weight.clear();
  for (int k = 0; k <= last; ++k) {
    const double grow = std::exp(k * kStep);
    const double t = 0.5 * (grow - 1 / grow) / scale;
    const double weight = kStep * density(t) * 0.5 * (grow + 1 / grow) / scale;
    nodes.t.push_back(t);
    nodes.weight.push_back(weight);
    if (k == 0) continue;
    nodes.t.push_back(-t);
    nodes.weight.push_back(weight);
  }
}

GaussianNodes kinked_nodes() {
  GaussianNodes nodes;
  constexpr double kHalfPanel = 0.5 * kLargest / kPanels;
  for (int i = 0; i < kPanelNodes; ++i) {
    const LegendreNode node = legendre_node(i);
    for (int panel = 0; panel < kPanels; ++panel) {
      const double t = kHalfPanel * (2 * panel + 1 + node.x);
      const double weight = kHalfPanel * node.weight * density(t);
      nodes.t.insert(nodes.t.end(), {t, -t});
      nodes.weight.insert(nodes.weight.end(), {weight, weight});
    }
  }
  return nodes;
}

}  // namespace nanscope
