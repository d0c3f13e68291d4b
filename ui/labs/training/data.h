#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/recipe/run_history.h"

// A run as data files: "Copy data", and the files of `nanscope plot`.
namespace nanscope {

/// A row a step: step, loss, lr, grad_norm, where the loss was scaled loss_scale and skipped (0 or
/// 1), and where something was held out held_out_loss and accuracy, empty at steps that did not
/// look. Of several networks these are medians, and behind them stand loss_low, loss_high,
/// grad_norm_low, ...: the smallest and the largest finite one.
std::string run_to_csv(const RunSummary& run);
/// A row a layer of each look: step, layer, then the variances of activations, gradients and
/// weights and the update by the weights, empty where the layer has none. `look`: of this one
/// alone.
std::string layers_to_csv(const RunSummary& run, int network = 0,
                          std::optional<std::size_t> look = {});
/// A row a binade of each layer, at each step that counted them: step, layer, low, count. Low is 0
/// of those that are 0, inf of those that are not finite.
std::string gradients_to_csv(const RunSummary& run, int network = 0);
/// A row a step that looked at them: step, largest, median.
std::string conditions_to_csv(const RunSummary& run, int network = 0);
/// A row a cell: x and y of its middle, class (empty: no score is finite), share.
std::string surface_to_csv(const RunSummary& run, int network = 0);
/// The summary of `nanscope train --json`, with the same columns as lists below "history", and what
/// the layers measured; of several networks the ends of each band below "networks", and below
/// "seen" which of them the layers, gradients and the plane are of. `of_conditions`: whose
/// condition numbers.
std::string run_to_json(const RunSummary& run, int network = 0, int of_conditions = 0);

}  // namespace nanscope
