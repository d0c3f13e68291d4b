#include "engine/pytorch/experiment_script.h"

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/pytorch/chain_script.h"
#include "engine/pytorch/script.h"
#include "engine/pytorch/training_script.h"

namespace nanscope {

Result<std::string> pytorch_script(const Experiment& experiment,
                                   const std::vector<LiveChange>& changes) {
  if (const auto errors = validate(experiment); !errors.empty())
    return tl::unexpected(errors.front());
  if (experiment.lab == LabName::training) return pytorch_training_script(experiment, changes);
  if (experiment.lab == LabName::signal)
    return pytorch_signal_script(experiment.network, experiment.data, to_json(experiment, 2));
  if (experiment.lab == LabName::tensors) {
    auto script = pytorch_chain_script(experiment.tensors.expression, experiment.network.seed);
    if (script) return script;
    return input_error("tensors.expression", whole_message(script.error()));
  }
  return input_error("lab",
                     "{} has no PyTorch script; a network (lab=signal) has one, a training run "
                     "(lab=training), and a chain of tensor operations (lab=tensors).",
                     name_of(experiment.lab));
}

}  // namespace nanscope
