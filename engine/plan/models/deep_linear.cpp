#include "engine/plan/models/models.h"

namespace nanscope {

ValueId append_deep_linear(PlanBuilder& plan, const Model& model, ValueId input, double dropout) {
  Model linear = model;
  linear.activation = Activation::identity;
  return append_mlp(plan, linear, input, dropout);
}

}  // namespace nanscope
