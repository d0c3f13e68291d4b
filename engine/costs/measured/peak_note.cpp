#include "engine/costs/measured/peak_note.h"

#include "engine/precision/precision.h"

namespace nanscope {
namespace {

bool multiplies_16_bits(const Experiment& experiment, const PlanCosts& costs) {
  // Muon makes its updates orthogonal by products in bf16, whatever the network is computed in.
  if (experiment.training.optimizer.kind == OptimizerKind::muon) return true;
  if (costs.emulated) return false;  // by products of fp32
  const NetworkSpec& network = experiment.network;
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && row->linear_input->bits() == 16;
}

}  // namespace

Message peak_note(const Experiment& experiment, const PlanCosts& costs) {
  if (!multiplies_16_bits(experiment, costs)) return {};
  return message(
      "what oneDNN takes for matrix products of 16 bits is not in the predicted peak: it chooses "
      "its workspace for the processor and its threads; --measure shows it");
}

}  // namespace nanscope
