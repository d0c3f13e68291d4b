#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {

const OptimizerText& optimizer_text(OptimizerKind kind) {
  for (const auto family : {sgd_texts(), adagrad_texts(), rmsprop_texts(), adam_texts(),
                            lion_texts(), lamb_texts(), adabelief_texts(), muon_texts()})
    for (const OptimizerText& text : family)
      if (text.kind == kind) return text;
  return sgd_texts().front();
}

}  // namespace nanscope
