#pragma once

#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/chart.h"
#include "engine/roundoff/settings.h"

// The experiments on rounding, each live and each with the number that explains it. No LibTorch:
// numbers are rounded by engine/numbers.
namespace nanscope {

struct RoundoffTask;

/// One experiment: its name, what it may be asked, and settings that show its effect at once.
struct RoundoffExperiment {
  std::string_view name;                  ///< "accumulation"
  std::vector<RoundoffControl> controls;  ///< the settings that it reads, in the screen's order
  RoundoffRange length{0, 0};             ///< allowed lengths, if it reads one
  RoundoffSettings defaults;
  Result<RoundoffChart> (*run)(const RoundoffTask& task) = nullptr;

  bool reads(RoundoffControl control) const;
};

/// All experiments in the order of the screen: tiny decimal absorption accumulation summation
/// cancellation dot matmul stochastic loss_scaling condition quantization block_scaled.
std::span<const RoundoffExperiment> roundoff_experiments();

/// The experiment with this name, or null.
const RoundoffExperiment* find_roundoff_experiment(std::string_view name);

/// Whether sums can be rounded to it: signed floating-point numbers around zero.
bool can_compute_in(const NumberFormat& format);

/// Why these settings cannot be run, with the key ("numbers.length"), the value and what is
/// allowed.
Result<void> validate_roundoff(const RoundoffExperiment& experiment,
                               const RoundoffSettings& settings);

/// Runs an experiment: with its defaults within 30 ms, with any settings within a second. The same
/// settings give the same chart. The error is "cancelled" after a request to stop.
Result<RoundoffChart> run_roundoff(std::string_view name, const RoundoffSettings& settings,
                                   std::stop_token stop = {});

}  // namespace nanscope
