#pragma once

#include <optional>

#include "engine/costs/transformer/architecture.h"
#include "ui/labs/experiment_controls.h"

namespace nanscope {

/// The architecture that costs.model has by itself; nothing while nobody knows it.
std::optional<Transformer> base_of_model(const ControlScope& scope);

/// Controls for every part of a transformer. What is otherwise than in `base` stands in
/// costs.architecture, as words; what cannot be is refused by the field that was given.
void draw_builder(const Transformer& base, ControlScope& scope);

}  // namespace nanscope
