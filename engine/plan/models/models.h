#pragma once

#include <string>

#include "engine/experiment/network.h"
#include "engine/experiment/transformer.h"
#include "engine/plan/builder.h"

// What models are made of: each appends its layers to a plan that holds their input, and returns
// the output. One file a model, and a line in plan.cpp.
namespace nanscope {

/// h = [h +] act(linear(norm(h))), layer by layer; an input layer where the data has another width.
ValueId append_mlp(PlanBuilder& plan, const Model& model, ValueId input, double dropout = 0);
/// The same without activation functions: a product of matrices.
ValueId append_deep_linear(PlanBuilder& plan, const Model& model, ValueId input,
                           double dropout = 0);

/// y = h W^T + b, from the model's width to the outputs that a loss compares; in the format in
/// which losses are computed: fp32, or fp64.
ValueId append_head(PlanBuilder& plan, const Model& model, std::int64_t outputs, ValueId input);
/// The same format for what another head predicts.
ValueId add_cast_for_loss(PlanBuilder& plan, ValueId prediction);

/// What the head of a transformer reads.
struct TransformerStream {
  ValueId stream = kNoValue;  ///< h (B T,C) behind the last block
  ValueId table = kNoValue;   ///< E (vocabulary,C) of the embedding
};
/// A decoder-only transformer of `model.depth` blocks over tokens (B,T): h = h +
/// attention(norm(h)), h = h + mlp(norm(h)), or norm(h + ...) behind them; causal attention written
/// out. Norms learn scale and shift. What ends in the stream is drawn 1/sqrt(2 L) as large as other
/// weights (GPT-2).
TransformerStream append_transformer(PlanBuilder& plan, const Model& model,
                                     const TransformerSpec& transformer, ValueId tokens,
                                     double dropout = 0);
/// y (B T,vocabulary), the scores of the next token, in the format in which losses are computed.
ValueId append_token_head(PlanBuilder& plan, const Model& model, const TransformerSpec& transformer,
                          TransformerStream input);

}  // namespace nanscope
