#pragma once

#include <cstdint>
#include <string>

#include "engine/experiment/network.h"
#include "engine/experiment/training.h"
#include "engine/experiment/transformer.h"

namespace nanscope {

/// A transformer that learns the bytes of a file.
struct LanguageRun {
  Model model;
  TransformerSpec transformer;
  Init init;
  Optimizer optimizer;
  std::string path;
  std::int64_t trained_bytes = 0;  ///< of the file, from its beginning on
  std::int64_t batch = 1;          ///< sequences a step
  std::int64_t steps = 100;
  std::uint64_t seed = 1;
  bool fp64 = false;  ///< or fp32
};

/// A self-contained PyTorch script of plain modules that takes the same steps and prints a line of
/// JSON for each: step, lr, loss, grad_norm. Draws come from the default generator, in the order of
/// the plan's parameters; then each step's windows, as the course's get_batch takes them.
std::string pytorch_language_script(const LanguageRun& run);

}  // namespace nanscope
