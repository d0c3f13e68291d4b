#include <cmath>
#include <numbers>
#include <random>
#include <utility>

#include "engine/data/table.h"

namespace nanscope {
namespace {

/// N(0,1) by Box and Muller from torch.rand() with a generator of seed 0.
class PlaneNoise {
 public:
  /// For a point's x and y.
  std::pair<double, double> next() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

 private:
  /// The low 24 bits of a draw, as PyTorch makes a float of them.
  double uniform() { return static_cast<double>(generator_() & 0xffffff) * 0x1p-24; }

  std::mt19937 generator_{0};
};

/// One point of a class, `along` 0..1 of its curve.
std::pair<double, double> plane_point(PlaneSet set, int label, double along) {
  const double turn = std::numbers::pi * along;
  switch (set) {
    case PlaneSet::spiral: {
      const double angle = 4 * (label + along);
      return {along * std::sin(angle), along * std::cos(angle)};
    }
    case PlaneSet::circles: {
      const double radius = label == 0 ? 1 : 0.5;
      return {radius * std::cos(2 * turn), radius * std::sin(2 * turn)};
    }
    case PlaneSet::moons:
      break;
  }
  if (label == 0) return {std::cos(turn), std::sin(turn)};
  return {1 - std::cos(turn), 0.5 - std::sin(turn)};
}

}  // namespace

Table plane_set(PlaneSet set, bool fp64) {
  constexpr double kNoise = 0.05;
  const int classes = set == PlaneSet::spiral ? 3 : 2, of_class = kPlanePoints / classes;
  Table table{.rows = kPlanePoints, .columns = 2, .values = {}, .fp64 = fp64, .classes = classes};
  PlaneNoise noise;
  for (int i = 0; i < kPlanePoints; ++i) {
    const int label = i / of_class;
    const auto [x, y] = plane_point(set, label, double(i % of_class) / (of_class - 1));
    const auto [dx, dy] = noise.next();
    for (const double value : {x + kNoise * dx, y + kNoise * dy})
      table.values.push_back(fp64 ? value : static_cast<double>(static_cast<float>(value)));
    table.targets.push_back(label);
  }
  return table;
}

}  // namespace nanscope
