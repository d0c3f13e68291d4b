#pragma once

namespace nanscope {

/// Two numbers: relative fluctuations of a variance and of a mean, or weights on them.
struct Vector2 {
  double variance = 0;
  double mean = 0;
};

constexpr Vector2 operator+(Vector2 a, Vector2 b) {
  return {a.variance + b.variance, a.mean + b.mean};
}
constexpr Vector2 operator*(double s, Vector2 v) { return {s * v.variance, s * v.mean}; }
constexpr double dot(Vector2 a, Vector2 b) { return a.variance * b.variance + a.mean * b.mean; }

/// A covariance of two numbers.
struct Covariance2 {
  double variance = 0;  ///< of the first
  double cross = 0;
  double mean = 0;  ///< variance of the second
};

constexpr Covariance2 operator+(Covariance2 a, Covariance2 b) {
  return {a.variance + b.variance, a.cross + b.cross, a.mean + b.mean};
}

constexpr Covariance2 operator*(double s, Covariance2 a) {
  return {s * a.variance, s * a.cross, s * a.mean};
}

/// w' P w: the variance of a weighted sum.
constexpr double quadratic_form(Vector2 w, Covariance2 p) {
  return w.variance * w.variance * p.variance + 2 * w.variance * w.mean * p.cross +
         w.mean * w.mean * p.mean;
}

/// A linear map with rows `variance` and `mean`.
struct Matrix2 {
  Vector2 variance;
  Vector2 mean;
};

constexpr Vector2 operator*(const Matrix2& m, Vector2 v) {
  return {dot(m.variance, v), dot(m.mean, v)};
}
constexpr Vector2 transposed_times(const Matrix2& m, Vector2 w) {
  return w.variance * m.variance + w.mean * m.mean;
}

/// M P M'.
constexpr Covariance2 propagated(const Matrix2& m, Covariance2 p) {
  const Vector2 sum = m.variance + m.mean;
  const double variance = quadratic_form(m.variance, p), mean = quadratic_form(m.mean, p);
  return {variance, 0.5 * (quadratic_form(sum, p) - variance - mean), mean};
}

}  // namespace nanscope
