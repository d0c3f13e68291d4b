#include "app/command_line/experiment_words.h"

#include "engine/experiment/resolve.h"
#include "ui/labs/check_view.h"

namespace nanscope {

Result<Experiment> read_experiment(const Words& words) {
  Result<Experiment> experiment = resolve_experiment(words);
  if (experiment)
    if (const auto good = check_view(*experiment); !good) return tl::unexpected(good.error());
  return experiment;
}

}  // namespace nanscope
