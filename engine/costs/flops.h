#pragma once

#include <cstdint>

// The convention for floating-point operations, named once; everything that counts them asks here.
//
// A multiply-add is 2. What is counted for a pass, a step or a model are model FLOPs, as papers do
// (PaLM, Korthikanti et al. 2022): those of matrix products. Work element by element is counted by
// the bytes it moves, which is what it takes its time for. Where one operation is looked at by
// itself (a step of a tensor chain), it counts as 1 FLOP an element, whatever the function.
namespace nanscope {

/// (m,k) times (k,n).
constexpr double matmul_flops(double m, double k, double n) { return 2 * m * k * n; }

/// One operation by itself that computes, or reduces, so many elements.
constexpr double elementwise_flops(double elements) { return elements; }

/// What one direction of an operation costs by its formula.
struct Cost {
  double flops = 0;  ///< model FLOPs
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;

  Cost& operator+=(const Cost& other) {
    flops += other.flops;
    bytes_read += other.bytes_read;
    bytes_written += other.bytes_written;
    return *this;
  }
  bool operator==(const Cost&) const = default;
};

}  // namespace nanscope
