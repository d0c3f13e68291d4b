#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "engine/experiment/optimizers.h"
#include "engine/optimizers/equation.h"

// Losses f(x, y) of a parameter of two elements, by equations. All are 0 where they are least.
namespace nanscope {

struct SurfaceText {
  SurfaceKind kind;
  std::string_view value;      ///< "f = ..."
  std::string_view slope;      ///< "gx = ...; gy = ...": its derivatives
  std::array<double, 4> view;  ///< what is looked at: from x to x, from y to y
  std::span<const Pair> minima;
};

/// All of them.
std::span<const SurfaceText> surface_texts();
/// Of a kind that is an equation's: not a run's plane.
const SurfaceText& surface_text(SurfaceKind kind);

/// One of them, of a condition number.
class Surface {
 public:
  Surface(SurfaceKind kind, double condition);

  const SurfaceText& text() const { return text_; }
  double value(const Pair& at) const;  ///< in fp64
  /// Its gradient in the rounder's format.
  Pair gradient(Rounder& rounder, const Pair& at,
                std::vector<StepOperation>* operations = nullptr) const;
  double distance_to_minimum(const Pair& at) const;  ///< the nearest one

 private:
  void place(const Equation& equation, const Pair& at, std::span<Operand> operands) const;

  const SurfaceText& text_;
  double condition_;
  Equation value_, slope_;
};

}  // namespace nanscope
