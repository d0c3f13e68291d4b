#pragma once

#include <vector>

namespace nanscope {

/// A normal distribution of a logarithm.
struct LogNormal {
  double mean = 0;      ///< E[log]
  double variance = 0;  ///< Var[log]
};

/// Samples of a batch add vectors whose squares are what a mean over the batch shows: the products
/// of different samples make the sum a chi-squared variable of k degrees of freedom, with the
/// relative variance `cross` (1 - 1/B) = 2 / k. E[log] = psi(k/2) - log(k/2), Var = psi'(k/2).
LogNormal cross_terms(double cross, int batch);

/// The distribution of log((1/B) sum_b exp(s x_b - s^2 / 2)), x_b ~ N(0,1): the mean of B
/// log-normal values with mean 1. Where samples part ways (gradients in chaotic networks, with
/// LayerNorm) a few dominate the batch, and the mean's median sinks far below 1.
class BatchMean {
 public:
  /// Prepares for 0 <= s^2 <= largest.
  BatchMean(int batch, double largest);
  LogNormal at(double sample_variance) const;

 private:
  LogNormal integrate(double sample_variance) const;

  int batch_;
  double step_;  ///< of the table, in s^2
  std::vector<LogNormal> table_;
};

}  // namespace nanscope
