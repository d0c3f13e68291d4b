#include "engine/plan/language_model.h"

#include "engine/plan/builder.h"
#include "engine/plan/models/models.h"
#include "engine/plan/operations/sequence.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {

PlanDescription describe_language_model(const Model& model, const TransformerSpec& transformer,
                                        const PrecisionRow& precision,
                                        const LanguageModelOptions& options) {
  PlanBuilder plan(precision, /*networks=*/1);
  const NumberFormat& whole = *find_format("fp32");
  const ValueId tokens = plan.add_input("X", {options.batch, transformer.length}, whole);
  const TransformerStream stream =
      append_transformer(plan, model, transformer, tokens, options.dropout);
  plan.recompute_in(options.recompute);
  const ValueId prediction = append_token_head(plan, model, transformer, stream);
  const ValueId target = plan.add_target("T", {options.batch * transformer.length}, whole);
  plan.begin_layer("loss", "");
  const ValueId loss = add_token_cross_entropy(plan, prediction, target);
  plan.end_layer();
  const OptimizerText& optimizer = optimizer_text(options.optimizer);
  plan.add_optimizer_state(optimizer.state, optimizer.counts_steps);
  return std::move(plan).finish(loss, options.gradients);
}

}  // namespace nanscope
