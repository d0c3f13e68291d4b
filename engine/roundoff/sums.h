#pragma once

#include <cstddef>
#include <span>

#include "engine/roundoff/rounder.h"

// Ways to add numbers up. Every operation is rounded by the Rounder; bounds are relative to the sum
// of magnitudes, u the unit roundoff. Higham, "Accuracy and Stability of Numerical Algorithms",
// 2nd ed., chapter 4.
namespace nanscope {

/// Terms one after another: (n-1) u.
double sum_in_order(std::span<const double> terms, Rounder& round);
/// Halves, each summed in the same way: u log2(n).
double sum_pairwise(std::span<const double> terms, Rounder& round);

/// Kahan's sum, which carries what each addition lost into the next one: 2 u + O(n u^2).
class KahanSum {
 public:
  explicit KahanSum(double start) : sum_(start) {}
  void add(double term, Rounder& round) {
    const double corrected = round.subtract(term, lost_);
    const double next = round.add(sum_, corrected);
    lost_ = round.subtract(round.subtract(next, sum_), corrected);
    sum_ = next;
  }
  double value() const { return sum_; }
  bool operator==(const KahanSum&) const = default;

 private:
  double sum_;
  double lost_ = 0;
};
double sum_kahan(std::span<const double> terms, Rounder& round);

/// A sum in twice fp64's precision, the exact value that others are compared with: its error is
/// n^2 2^-106 of the sum of magnitudes. Ogita, Rump, Oishi, "Accurate sum and dot product", 2005.
class ExactSum {
 public:
  void add(double term) {
    const double sum = high_ + term;
    const double part = sum - high_;
    low_ += (high_ - (sum - part)) + (term - part);
    high_ = sum;
  }
  void add_product(double a, double b) {
    const double product = a * b;
    add(product);
    low_ += std::fma(a, b, -product);
  }
  double value() const { return high_ + low_; }
  /// value() - other, without losing what fp64 cannot hold of the sum.
  double minus(double other) const { return (high_ - other) + low_; }

 private:
  double high_ = 0;
  double low_ = 0;
};

/// gamma_n = n u / (1 - n u), the bound on n roundings in a row; infinity from n u = 1 on, where it
/// says nothing. Higham, lemma 3.1.
double gamma_bound(double n, double unit_roundoff);

}  // namespace nanscope
