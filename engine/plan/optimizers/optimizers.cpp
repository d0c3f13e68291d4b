#include "engine/plan/optimizers/optimizers.h"

#include <algorithm>
#include <vector>

namespace nanscope {

const OptimizerText& optimizer_text(OptimizerKind kind) {
  for (const auto family : {sgd_texts(), adagrad_texts(), rmsprop_texts(), adam_texts(),
                            lion_texts(), lamb_texts(), adabelief_texts(), muon_texts()})
    for (const OptimizerText& text : family)
      if (text.kind == kind) return text;
  return sgd_texts().front();
}

double optimizer_products(OptimizerKind kind, const PlanDescription& plan) {
  const auto products = optimizer_text(kind).products;
  if (products == nullptr) return 0;
  double sum = 0;
  for (const PlanParameter& one : plan.parameters)
    if (one.draw.shape.size() == 2)
      sum +=
          products(static_cast<double>(one.draw.shape[0]), static_cast<double>(one.draw.shape[1]));
  return static_cast<double>(plan.networks) * sum;
}

std::int64_t optimizer_temporaries(const Optimizer& optimizer, const PlanDescription& plan) {
  const auto temporaries = optimizer_text(optimizer.kind).temporaries;
  if (temporaries == nullptr) return 0;
  std::int64_t most = 0;
  for (const PlanParameter& one : plan.parameters) {
    const std::vector<std::int64_t>& shape = one.draw.shape;
    const PlanValue& value = plan.value(one.value);
    most =
        std::max(most, temporaries(optimizer, {.rows = shape.front(),
                                               .columns = shape.size() > 1 ? shape.back() : 1,
                                               .element_bytes = value.bytes() / value.elements()}));
  }
  return most;
}

bool reads_setting(OptimizerKind kind, std::string_view setting) {
  const std::string_view symbol = setting == "weight_decay" ? "lambda" : setting;
  return optimizer_text(kind).equation.find(symbol) != std::string_view::npos;
}

}  // namespace nanscope
