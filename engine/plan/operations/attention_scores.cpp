#include <fmt/format.h>

#include "engine/plan/operations/operations.h"
#include "engine/plan/operations/sequence.h"

namespace nanscope {
namespace {

/// Rows as (B,heads,T,D) in PyTorch.
std::string heads_in_pytorch(std::string_view rows, std::int64_t length, std::int64_t heads,
                             std::int64_t width, std::int64_t shared_by) {
  std::string text =
      fmt::format("{}.view(-1, {}, {}, {}).transpose(1, 2)", rows, length, heads, width);
  if (shared_by > 1) text += fmt::format(".repeat_interleave({}, dim=1)", shared_by);
  return text;
}

/// One product there and two back, of which each reads two of the three and writes the third.
void add_product_costs(PlanOperation& operation, double flops, const PlanValue& a,
                       const PlanValue& b, const PlanValue& result) {
  operation.forward = {
      .flops = flops, .bytes_read = a.bytes() + b.bytes(), .bytes_written = result.bytes()};
  operation.backward = {.flops = 2 * flops,
                        .bytes_read = 2 * result.bytes() + a.bytes() + b.bytes(),
                        .bytes_written = a.bytes() + b.bytes()};
}

}  // namespace

ValueId add_attention_scores(PlanBuilder& plan, const std::string& symbol, ValueId queries,
                             ValueId keys, AttentionShape shape) {
  const std::vector<std::int64_t> q = plan.shape_of(queries), k = plan.shape_of(keys);
  const std::int64_t width = q[1] / shape.heads;
  const std::int64_t length = q[0] / shape.batch, keys_length = k[0] / shape.batch;
  const NumberFormat& format = *plan.row().linear_output;
  const std::vector<std::int64_t> scores{shape.batch, shape.heads, length, keys_length};
  const ValueId output = plan.add_result(symbol, scores, format, {queries, keys});
  PlanOperation operation{.kind = "attention_scores",
                          .rule = PrecisionRule::product,
                          .inputs = {queries, keys},
                          .outputs = {output},
                          .saved = {queries, keys}};
  operation.scratch = add_delta_scratch(plan, symbol, scores, format);
  operation.formula = fmt::format("{{0}} {{1}}^T / sqrt({})", width);
  operation.pytorch = fmt::format(
      "{} @ {}.transpose(-2, -1) / math.sqrt({})",
      heads_in_pytorch("{0}", length, shape.heads, width, 1),
      heads_in_pytorch("{1}", keys_length, shape.kv_heads, width, shape.heads / shape.kv_heads),
      width);
  const PlanValue& s = plan.value(output);
  operation.backward_equation =
      fmt::format("d{0} = d{2} {1} / sqrt({3}), d{1} = d{2}^T {0} / sqrt({3})",
                  plan.value(queries).name, plan.value(keys).name, s.name, width);
  add_product_costs(operation,
                    matmul_flops(static_cast<double>(s.elements()), static_cast<double>(width), 1),
                    plan.value(queries), plan.value(keys), s);
  return plan.add_operation(std::move(operation));
}

ValueId add_weighted_values(PlanBuilder& plan, const std::string& symbol, ValueId probabilities,
                            ValueId values, std::int64_t kv_heads) {
  const std::vector<std::int64_t> p = plan.shape_of(probabilities), v = plan.shape_of(values);
  const std::int64_t width = v[1] / kv_heads;
  const NumberFormat& format = *plan.row().linear_output;
  const std::vector<std::int64_t> rows{p[0] * p[2], p[1] * width};
  const ValueId output = plan.add_result(symbol, rows, format, {probabilities, values});
  PlanOperation operation{.kind = "weighted_values",
                          .rule = PrecisionRule::product,
                          .inputs = {probabilities, values},
                          .outputs = {output},
                          .saved = {probabilities, values}};
  operation.scratch = add_delta_scratch(plan, symbol, rows, format);
  operation.formula = "{0} {1}";
  operation.pytorch =
      fmt::format("({{0}} @ {}).transpose(1, 2).reshape(-1, {})",
                  heads_in_pytorch("{1}", p[3], kv_heads, width, p[1] / kv_heads), rows[1]);
  const PlanValue& weights = plan.value(probabilities);
  const PlanValue& o = plan.value(output);
  operation.backward_equation = fmt::format("d{0} = d{2} {1}^T, d{1} = {0}^T d{2}", weights.name,
                                            plan.value(values).name, o.name);
  add_product_costs(
      operation,
      matmul_flops(static_cast<double>(weights.elements()), static_cast<double>(width), 1), weights,
      plan.value(values), o);
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
