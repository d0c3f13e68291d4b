#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

constexpr int kSystems = 3;
constexpr int kHighestPower = 16;

/// A square matrix, row-major.
struct Matrix {
  int size = 0;
  std::vector<double> values;
  explicit Matrix(int n) : size(n), values(static_cast<std::size_t>(n) * n) {}
  double& at(int row, int column) { return values[static_cast<std::size_t>(row) * size + column]; }
  double at(int row, int column) const {
    return values[static_cast<std::size_t>(row) * size + column];
  }
};

/// A random orthogonal matrix: Gaussian rows made orthonormal by Gram and Schmidt, twice for fp64's
/// full accuracy.
Matrix draw_orthogonal(int size, RandomNumbers& random) {
  Matrix q(size);
  for (double& value : q.values) value = random.normal();
  for (int row = 0; row < size; ++row) {
    double* const current = &q.at(row, 0);
    for (int pass = 0; pass < 2; ++pass)
      for (int before = 0; before < row; ++before) {
        const double* const other = &q.at(before, 0);
        const double product = std::inner_product(current, current + size, other, 0.0);
        for (int i = 0; i < size; ++i) current[i] -= product * other[i];
      }
    const double norm = std::sqrt(std::inner_product(current, current + size, current, 0.0));
    for (int i = 0; i < size; ++i) current[i] /= norm;
  }
  return q;
}

/// A system A x = b whose solution is known.
struct System {
  Matrix u, v;
  std::vector<double> x;
};

System draw_system(int size, RandomNumbers& random) {
  System system{draw_orthogonal(size, random), draw_orthogonal(size, random), {}};
  for (int i = 0; i < size; ++i) system.x.push_back(random.normal());
  return system;
}

/// A = U diag(s) V with s from 1 down to 1 / condition in equal ratios.
Matrix with_condition(const System& system, double condition) {
  const int n = system.u.size;
  Matrix a(n);
  for (int k = 0; k < n; ++k) {
    const double s = std::pow(condition, -static_cast<double>(k) / (n - 1));
    for (int row = 0; row < n; ++row)
      for (int column = 0; column < n; ++column)
        a.at(row, column) += system.u.at(row, k) * s * system.v.at(k, column);
  }
  return a;
}

std::vector<double> times(const Matrix& a, const std::vector<double>& x) {
  std::vector<double> b;
  for (int row = 0; row < a.size; ++row)
    b.push_back(std::inner_product(x.begin(), x.end(),
                                   &a.values[static_cast<std::size_t>(row) * a.size], 0.0));
  return b;
}

/// Solves A x = b by Gaussian elimination with row pivots, each operation rounded.
std::vector<double> solve(Matrix a, std::vector<double> b, Rounder& round) {
  const int n = a.size;
  for (double& value : a.values) value = round(value);
  for (double& value : b) value = round(value);
  for (int k = 0; k < n; ++k) {
    int pivot = k;
    for (int row = k + 1; row < n; ++row)
      if (std::abs(a.at(row, k)) > std::abs(a.at(pivot, k))) pivot = row;
    for (int column = k; column < n; ++column) std::swap(a.at(k, column), a.at(pivot, column));
    std::swap(b[static_cast<std::size_t>(k)], b[static_cast<std::size_t>(pivot)]);
    for (int row = k + 1; row < n; ++row) {
      const double factor = round.divide(a.at(row, k), a.at(k, k));
      for (int column = k + 1; column < n; ++column)
        a.at(row, column) =
            round.subtract(a.at(row, column), round.multiply(factor, a.at(k, column)));
      double& right = b[static_cast<std::size_t>(row)];
      right = round.subtract(right, round.multiply(factor, b[static_cast<std::size_t>(k)]));
    }
  }
  for (int row = n - 1; row >= 0; --row) {
    double& value = b[static_cast<std::size_t>(row)];
    for (int column = row + 1; column < n; ++column)
      value = round.subtract(
          value, round.multiply(a.at(row, column), b[static_cast<std::size_t>(column)]));
    value = round.divide(value, a.at(row, row));
  }
  return b;
}

/// |x computed - x| / |x|, the geometric mean over the systems; not finite if one is not.
double forward_error(const std::vector<System>& systems, double condition, Rounder& round) {
  double sum_of_logs = 0;
  for (const System& system : systems) {
    const Matrix a = with_condition(system, condition);
    const std::vector<double> solution = solve(a, times(a, system.x), round);
    double error = 0, norm = 0;
    for (std::size_t i = 0; i < solution.size(); ++i) {
      error += (solution[i] - system.x[i]) * (solution[i] - system.x[i]);
      norm += system.x[i] * system.x[i];
    }
    sum_of_logs += std::log(error / norm) / 2;
  }
  return std::exp(sum_of_logs / static_cast<double>(systems.size()));
}

}  // namespace

Result<RoundoffChart> run_condition(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("condition", chart_axis("condition", 10), chart_axis("relative_error", 10));
  set_columns(
      chart,
      {{"format"}, {"unit_roundoff"}, {"relative_error"}, {"predicted_error"}, {"digits_left"}});
  const double condition = task.settings.condition;
  RandomNumbers random(task.settings.seed);
  std::vector<System> systems;
  for (int i = 0; i < kSystems; ++i) systems.push_back(draw_system(task.settings.length, random));
  for (const NumberFormat& format : task.formats) {
    Rounder round = task.rounder(format);
    const double u = round.unit_roundoff();
    ChartCurve error = task.curve(format, "forward_error");
    ChartCurve predicted = predicted_curve(format.name, "forward_error", "condition u");
    for (int power = 0; power <= kHighestPower; ++power) {
      if (task.stop.stop_requested()) return roundoff_cancelled();
      const double at = std::pow(10.0, power);
      error.add(at, forward_error(systems, at, round));
      // From 1 on no digit is left to lose.
      if (at * u <= 10) predicted.add(at, at * u);
    }
    chart.curves.push_back(std::move(error));
    chart.curves.push_back(std::move(predicted));
    const double measured = forward_error(systems, condition, round);
    const double digits = std::max(0.0, -std::log10(measured));
    add_row(chart, {format.name, u, measured, condition * u, digits});
    if (chart.headline.key.empty())
      chart.headline = {roundoff_key("condition.digits"),
                        {{"format", format.name},
                         {"condition", condition},
                         {"error", measured},
                         {"predicted", condition * u},
                         {"digits", digits}}};
  }
  chart.marks.push_back({ChartMark::Axis::x, condition, "", roundoff_key("condition")});
  return chart;
}

}  // namespace nanscope
