#include "engine/optimizers/surfaces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/numbers/format.h"

namespace nanscope {
namespace {

constexpr std::size_t kMostNames = 5;  // of a surface's equations: gx, gy, x, y, condition

constexpr Pair kOrigin[]{{0, 0}};
constexpr Pair kOfRosenbrock[]{{1, 1}};
constexpr Pair kOfBeale[]{{3, 0.5}};
constexpr Pair kOfSaddle[]{{0, 1}, {0, -1}};

constexpr SurfaceText kSurfaces[] = {
    // Its curvatures are 1 and the condition number.
    {SurfaceKind::quadratic,
     "f = (x^2 + condition y^2) / 2",
     "gx = x; gy = condition y",
     {-5, 5, -2, 2},
     kOrigin},
    // Rosenbrock 1960.
    {SurfaceKind::rosenbrock,
     "f = (1 - x)^2 + 100 (y - x^2)^2",
     "gx = 400 x (x^2 - y) - 2 (1 - x); gy = 200 (y - x^2)",
     {-2, 2, -1, 3},
     kOfRosenbrock},
    // Beale 1958: products that should come to 1.5, 2.25 and 2.625.
    {SurfaceKind::beale,
     "f = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
     "gx = 2 (1.5 - x + x y) (y - 1) + 2 (2.25 - x + x y^2) (y^2 - 1) + "
     "2 (2.625 - x + x y^3) (y^3 - 1); "
     "gy = 2 (1.5 - x + x y) x + 4 (2.25 - x + x y^2) x y + 6 (2.625 - x + x y^3) x y^2",
     {-4.5, 4.5, -4, 4},
     kOfBeale},
    // Two valleys and the pass between them, where the gradient is 0.
    {SurfaceKind::saddle,
     "f = x^2 / 2 + (y^2 - 1)^2 / 4",
     "gx = x; gy = y^3 - y",
     {-2.5, 2.5, -1.6, 1.6},
     kOfSaddle},
};

}  // namespace

std::span<const SurfaceText> surface_texts() { return kSurfaces; }

const SurfaceText& surface_text(SurfaceKind kind) {
  return *std::ranges::find(kSurfaces, kind, &SurfaceText::kind);
}

Surface::Surface(SurfaceKind kind, double condition)
    : text_(surface_text(kind)), condition_(condition), value_(text_.value), slope_(text_.slope) {}

void Surface::place(const Equation& equation, const Pair& at, std::span<Operand> operands) const {
  const auto put = [&](std::string_view name, double value, bool is_tensor) {
    if (const int place = equation.place(name); place >= 0)
      operands[static_cast<std::size_t>(place)] = {{value, value}, is_tensor};
  };
  put("x", at[0], true);
  put("y", at[1], true);
  put("condition", condition_, false);
}

double Surface::value(const Pair& at) const {
  static const NumberFormat fp64 = *find_format("fp64");
  Rounder exact(fp64, Rounding::nearest_even, std::nullopt);
  std::array<Operand, kMostNames> operands;
  place(value_, at, operands);
  value_.run(exact, operands);
  return operands[static_cast<std::size_t>(value_.place("f"))].elements[0];
}

Pair Surface::gradient(Rounder& rounder, const Pair& at,
                       std::vector<StepOperation>* operations) const {
  std::array<Operand, kMostNames> operands;
  place(slope_, at, operands);
  slope_.run(rounder, operands, operations);
  const auto slope = [&](std::string_view name) {
    return operands[static_cast<std::size_t>(slope_.place(name))].elements[0];
  };
  return {slope("gx"), slope("gy")};
}

double Surface::distance_to_minimum(const Pair& at) const {
  double least = std::numeric_limits<double>::infinity();
  for (const Pair& minimum : text_.minima)
    least = std::min(least, std::hypot(at[0] - minimum[0], at[1] - minimum[1]));
  return least;
}

}  // namespace nanscope
