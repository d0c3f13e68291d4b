#pragma once

#include "engine/experiment/training.h"
#include "engine/experiment/transformer.h"
#include "engine/plan/description.h"
#include "engine/precision/precision.h"

namespace nanscope {

struct LanguageModelOptions {
  std::int64_t batch = 1;  ///< sequences
  GradientPolicy gradients = GradientPolicy::owned;
  OptimizerKind optimizer = OptimizerKind::adam;
  double dropout = 0;  ///< of the embeddings, the attention's probabilities and every branch
  int recompute = 0;   ///< TrainingSpec::recompute
};

/// The plan of a training step of a language model: tokens X (B,T), a transformer, its head and the
/// mean cross-entropy with the next tokens T (B T), both as whole numbers in fp32; the optimizer's
/// state. Of a valid transformer (check_transformer()).
PlanDescription describe_language_model(const Model& model, const TransformerSpec& transformer,
                                        const PrecisionRow& precision,
                                        const LanguageModelOptions& options);

}  // namespace nanscope
