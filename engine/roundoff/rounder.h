#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

#include "engine/numbers/conversion.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/random.h"

namespace nanscope {

/// The arithmetic of a number format: operations on values of the format, computed in fp64 and
/// rounded, bit for bit what a processor with the format would return. round_to() with what depends
/// on the format alone prepared, for loops.
///
/// To nearest, rounding fp64's result once more is exact for formats of up to 25 bits (Figueroa,
/// "When is double rounding innocuous?", 1995). Other modes round fp64's result to odd first, which
/// keeps every direction and tie apart (Boldo and Melquiond, 2008). fp64 itself always rounds to
/// nearest: it is the processor's.
class Rounder {
 public:
  Rounder(const NumberFormat& format, Rounding rounding, std::optional<Overflow> overflow,
          std::uint64_t seed = 0);

  const NumberFormat& format() const { return format_; }
  /// Largest relative error of an operation without over- or underflow: half the distance from 1
  /// to the next number to nearest, the whole of it in other modes.
  double unit_roundoff() const { return unit_roundoff_; }

  /// The value of the format that stands for `value`.
  double operator()(double value) {
    if (path_ == Path::exact) return value;
    return path_ == Path::nearest ? nearest(value) : other(value);
  }
  double add(double a, double b) {
    const double sum = a + b;
    if (path_ != Path::other) return (*this)(sum);
    const double part = sum - a;  // Knuth's TwoSum: what the sum has lost
    return other(to_odd(sum, (a - (sum - part)) + (b - part)));
  }
  double subtract(double a, double b) { return add(a, -b); }
  double multiply(double a, double b) {
    const double product = a * b;
    // Two mantissas of up to 26 bits, the leading one counted, fit fp64 together.
    if (path_ != Path::other || format_.mantissa_bits <= 25) return (*this)(product);
    return other(to_odd(product, std::fma(a, b, -product)));
  }
  double divide(double a, double b) {
    const double quotient = a / b;
    if (path_ != Path::other) return (*this)(quotient);
    const double remainder = std::fma(-quotient, b, a);
    return other(to_odd(quotient, std::signbit(b) ? -remainder : remainder));
  }

 private:
  enum class Path { exact, nearest, other };
  static constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

  double nearest(double value) const {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = bits & ~kSign;
    if (!(std::bit_cast<double>(magnitude) <= largest_)) return std::copysign(beyond(value), value);
    // Adding just under half of the last place that stays, plus that place's own bit, carries
    // where it has to; below the smallest normal value the sum with a power of two whose last place
    // is the step does the same.
    const std::uint64_t odd = magnitude >> dropped_ & 1;
    const std::uint64_t normal = (magnitude + below_half_ + odd) & kept_;
    const double subnormal = (std::bit_cast<double>(magnitude) + shifter_) - shifter_;
    const double result = std::bit_cast<double>(magnitude) < smallest_normal_
                              ? subnormal
                              : std::bit_cast<double>(normal);
    return std::copysign(result, value);
  }
  /// The other modes, and formats that nearest() is not made for.
  double other(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = bits & ~kSign;
    const bool is_normal = std::bit_cast<double>(magnitude) >= smallest_normal_ &&
                           std::bit_cast<double>(magnitude) <= largest_;
    if (!is_normal || rounding_ == Rounding::nearest_even) return general(value);
    const std::uint64_t rounded = (magnitude + increment(bits != magnitude)) & kept_;
    return std::bit_cast<double>(rounded | (bits & kSign));
  }
  /// What is added to a magnitude before the bits that do not stay are cut off.
  std::uint64_t increment(bool negative) {
    switch (rounding_) {
      case Rounding::up:
        return negative ? 0 : ~kept_;
      case Rounding::down:
        return negative ? ~kept_ : 0;
      case Rounding::stochastic:  // carries with the probability that the cut bits stand for
        return random_.bits() & ~kept_;
      default:
        return 0;
    }
  }
  /// A fp64 result whose last bit is set where it is inexact: `error` is what it lacks.
  static double to_odd(double result, double error) {
    const auto bits = std::bit_cast<std::uint64_t>(result);
    if (error == 0 || !std::isfinite(error) || bits & 1) return result;
    const bool away = std::signbit(error) == std::signbit(result);
    return std::bit_cast<double>(away ? bits + 1 : bits - 1);
  }
  /// What a value stands for whose magnitude is above the largest one, or that is NaN.
  double beyond(double value) const;
  /// By round_to().
  double general(double value);

  NumberFormat format_;
  Rounding rounding_;
  std::optional<Overflow> overflow_;
  RandomNumbers random_;
  Path path_ = Path::other;
  int dropped_ = 0;
  std::uint64_t below_half_ = 0;
  std::uint64_t kept_ = 0;
  double shifter_ = 0;
  double smallest_normal_ = 0;
  double largest_ = 0;
  double unit_roundoff_ = 0;
};

}  // namespace nanscope
