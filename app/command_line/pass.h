#pragma once

#include "app/command_line/plot.h"
#include "engine/costs/measured/measured_costs.h"
#include "engine/costs/moving_data/moving_data.h"
#include "engine/probes/signal_request.h"
#include "engine/recipe/training_request.h"
#include "engine/tensor_language/chain.h"

// A command's work with the engine: opens it, shows progress on standard error, and lets Ctrl-C
// stop the pass.
namespace nanscope {

Result<SignalSnapshot> run_pass(const SignalRequest& request);

/// A training run; Ctrl-C ends it between two steps, with a summary. `shows_progress`: its steps
/// are not shown otherwise.
Result<RunSummary> run_training(const TrainingRequest& request, bool shows_progress);

/// What a run's steps cost, measured.
Result<MeasuredCosts> run_measurement(const CostMeasurementRequest& request);

/// What this machine reaches, measured or as it was found before.
Result<Calibration> run_calibration(const CalibrationRequest& request);

/// How tokens come from a file to where they are computed with, measured.
Result<MovingData> run_moving_data(const MovingDataRequest& request);

/// Runs tensor chains one after another and hands each to `each`, until that returns another status
/// than kDone.
Result<void> run_chains(const std::vector<TensorRequest>& requests,
                        const std::function<int(const TensorChain&)>& each);

/// Draws the pictures of `options` and prints the names of the files; the result is an exit status:
/// kInterrupted where Ctrl-C ended a run, of which what it came to is drawn.
int draw_pictures(const PlotOptions& options);

}  // namespace nanscope
