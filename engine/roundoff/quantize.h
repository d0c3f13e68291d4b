#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/numbers/format.h"

// Weights in few bits with a scale for each group of neighbours. All functions return the values
// that the codes stand for.
namespace nanscope {

/// 8 bits a weight: absmax / 127 of each `group` of values is a step, kept in fp32; weights are
/// rounded to the nearest of its multiples -127..127.
std::vector<double> quantize_absmax(std::span<const double> values, std::size_t group);

/// The step of each group in quantize_absmax().
std::vector<double> absmax_steps(std::span<const double> values, std::size_t group);

/// The 256 values of the 8-bit dynamic type in ascending order, -0.99 .. 1: a sign, an exponent to
/// the base 10 in unary, and a fraction in the bits that are left. Dettmers, "8-bit approximations
/// for parallelism in deep learning", 2016; bitsandbytes' create_dynamic_map().
std::array<float, 256> dynamic_map();

/// Values over the group's absmax (in fp32), each the nearest one of dynamic_map().
std::vector<double> quantize_dynamic(std::span<const double> values, std::size_t group);

/// The scale that a block shares in OCP's microscaling formats, a power of two of e8m0:
/// 2^(floor(log2 max|v|) - emax), emax the exponent of the element's largest number.
/// OCP Microscaling Formats (MX) 1.0, section 6.3.
double shared_scale(std::span<const double> block, const NumberFormat& element);

/// Blocks of values over their shared scale, rounded to the element's format to nearest even and
/// cut at its largest number.
std::vector<double> quantize_microscaled(std::span<const double> values,
                                         const NumberFormat& element, std::size_t block);

/// Signal to quantization noise in decibels, 10 log10(sum v^2 / sum (v - q)^2): infinity without
/// noise.
double sqnr(std::span<const double> values, std::span<const double> quantized);

}  // namespace nanscope
