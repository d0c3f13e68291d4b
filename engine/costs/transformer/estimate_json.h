#pragma once

#include <string>

#include "engine/costs/transformer/estimate.h"

namespace nanscope {

/// Schema nanscope.cost/1. Bytes and FLOPs that are whole are written whole.
std::string cost_to_json(const NamedTransformer& model, const CostRequest& request,
                         const CostEstimate& estimate);

/// Schema nanscope.models/1: the models that are known by name.
std::string models_to_json(const std::vector<NamedTransformer>& models);

}  // namespace nanscope
