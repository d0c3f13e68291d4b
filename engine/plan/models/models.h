#pragma once

#include <string>

#include "engine/experiment/network.h"
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

}  // namespace nanscope
