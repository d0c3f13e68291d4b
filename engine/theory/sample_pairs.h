#pragma once

#include <array>

// Samples of a batch are exchangeable: what one sample does and what two samples share is all that
// a batch average needs.
namespace nanscope {

/// A variance within one sample and the covariance of two different samples.
template <class T>
struct SamplePair {
  T same{};
  T other{};

  /// The variance of the mean over a batch.
  T of_batch_mean(int batch) const { return (1.0 / batch) * same + (1 - 1.0 / batch) * other; }
};

template <class T>
SamplePair<T> operator+(const SamplePair<T>& a, const SamplePair<T>& b) {
  return {a.same + b.same, a.other + b.other};
}
template <class T>
SamplePair<T> operator*(double factor, const SamplePair<T>& a) {
  return {factor * a.same, factor * a.other};
}

/// The correlations c of pairs of different samples: points with a probability each that have the
/// wanted mean and variance and lie within [-1, 1].
struct PairCorrelation {
  std::array<double, 3> c{};
  std::array<double, 3> probability{0, 1, 0};

  /// Two points, one standard deviation to each side; or c = +-1 and one point, if that is out.
  static PairCorrelation with(double mean, double variance);
  /// Three points, those of Gauss-Hermite quadrature, the outer ones at most at +-1: for averages
  /// in which the pairs that are still uncorrelated count.
  static PairCorrelation widely(double mean, double variance);

  double mean() const {
    return average([](double x) { return x; });
  }
  double mean_square() const {
    return average([](double x) { return x * x; });
  }

  double variance() const { return mean_square() - mean() * mean(); }

  template <class Function>
  double average(Function function) const {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += probability[i] * function(c[i]);
    return sum;
  }

  /// The points share * c + offset.
  PairCorrelation affine(double share, double offset) const;
};

}  // namespace nanscope
