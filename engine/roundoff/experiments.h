#pragma once

#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/chart.h"
#include "engine/roundoff/rounder.h"
#include "engine/roundoff/settings.h"

// For engine/roundoff/*.cpp: the experiments, one a file. Each says what it computes, what it is
// compared with, and which of the settings it reads (roundoff.cpp lists those for the screen).
namespace nanscope {

/// What an experiment is run with: settings that were validated, their formats looked up.
struct RoundoffTask {
  const RoundoffSettings& settings;
  std::vector<NumberFormat> formats;
  NumberFormat accumulator;
  std::stop_token stop;

  /// The arithmetic of a format in the mode that the settings ask for. `stream` tells apart the
  /// random words of several ones.
  Rounder rounder(const NumberFormat& format, std::uint64_t stream = 0) const {
    return {format, settings.rounding, settings.overflow, settings.seed * 1000003 + stream};
  }
  /// How results of rounder(format) came to be.
  Evidence evidence(const NumberFormat& format) const;
  /// A curve without points of such results, labelled "roundoff.LABEL".
  ChartCurve curve(const NumberFormat& format, std::string_view label) const;
};

/// A value is rounded to each format; the same digits at every power of two.
Result<RoundoffChart> run_tiny(const RoundoffTask& task);
/// A decimal fraction and its multiples in each format.
Result<RoundoffChart> run_decimal(const RoundoffTask& task);
/// a + b = a: how much of b arrives at a growing a.
Result<RoundoffChart> run_absorption(const RoundoffTask& task);
/// The same number added again and again: plainly, by Kahan, with a wider accumulator.
Result<RoundoffChart> run_accumulation(const RoundoffTask& task);
/// The same terms added up in several orders.
Result<RoundoffChart> run_summation(const RoundoffTask& task);
/// (1 + x) - 1: the rounding of the sum, seen through a small difference.
Result<RoundoffChart> run_cancellation(const RoundoffTask& task);
/// Dot products with narrow inputs, kept in a wide and in a narrow accumulator.
Result<RoundoffChart> run_dot(const RoundoffTask& task);
/// (8,K)x(K,8) with narrow inputs: the error that a network sees.
Result<RoundoffChart> run_matmul(const RoundoffTask& task);
/// Stochastic rounding goes on where rounding to nearest stalls.
Result<RoundoffChart> run_stochastic(const RoundoffTask& task);
/// Gradients multiplied by a scale before they are rounded.
Result<RoundoffChart> run_loss_scaling(const RoundoffTask& task);
/// A x = b by LU decomposition: the error follows the condition number.
Result<RoundoffChart> run_condition(const RoundoffTask& task);
/// Weights in 8 bits with a scale: by tensor, by channel, by block, with the dynamic map.
Result<RoundoffChart> run_quantization(const RoundoffTask& task);
/// Weights in formats whose blocks share a power of two, beside plain casts.
Result<RoundoffChart> run_block_scaled(const RoundoffTask& task);

}  // namespace nanscope
