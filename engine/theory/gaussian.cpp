#include "engine/theory/gaussian.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

constexpr int kPanelNodes = 16;
constexpr double kLongestPanel = 1.5;  // relative errors stay below 1e-12 (tests/engine/theory)
constexpr double kLargest = 10;

}  // namespace

GaussianQuadrature::GaussianQuadrature()
    : legendre_node_(kPanelNodes), legendre_weight_(kPanelNodes) {
  for (int i = 0; i < kPanelNodes; ++i) {
    // Newton's method on the Legendre polynomial from the usual cosine guess.
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
    legendre_node_[i] = x;
    legendre_weight_[i] = 2 / ((1 - x * x) * derivative * derivative);
  }
}

void GaussianQuadrature::fill(double sigma, GaussianNodes& nodes) const {
  const double scale = std::max(sigma, 1.0);
  const double end = std::asinh(kLargest * scale);
  const int panels = static_cast<int>(std::ceil(end / kLongestPanel));
  const double half_panel = 0.5 * end / panels;
  nodes.t.clear();
  nodes.weight.clear();
  for (int panel = 0; panel < panels; ++panel) {
    for (int i = 0; i < kPanelNodes; ++i) {
      const double u = half_panel * (2 * panel + 1 + legendre_node_[i]);
      const double t = std::sinh(u) / scale;
      const double density = std::exp(-0.5 * t * t) / std::sqrt(2 * std::numbers::pi);
      const double weight = half_panel * legendre_weight_[i] * density * std::cosh(u) / scale;
      nodes.t.insert(nodes.t.end(), {t, -t});
      nodes.weight.insert(nodes.weight.end(), {weight, weight});
    }
  }
}

}  // namespace nanscope
