#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_fused_attention(PlanBuilder& plan, const std::string& symbol, ValueId queries,
                            ValueId keys, ValueId values, AttentionShape shape) {
  const std::vector<std::int64_t> rows = plan.shape_of(queries);
  const std::int64_t length = rows[0] / shape.batch, width = rows[1] / shape.heads;
  const NumberFormat& stored = *plan.value(queries).stored;
  const NumberFormat& wide = stored.bits() < 32 ? *find_format("fp32") : stored;
  const ValueId output =
      plan.add_result(symbol, rows, *plan.row().linear_output, {queries, keys, values});
  const ValueId logarithm = plan.add_saved("lse", {shape.batch, length, shape.heads}, wide);
  const PlanValue& q = plan.value(queries);
  const PlanValue& k = plan.value(keys);
  const PlanValue& v = plan.value(values);
  const PlanValue& o = plan.value(output);
  const PlanValue& lse = plan.value(logarithm);
  PlanOperation operation{.kind = "fused_attention",
                          .rule = PrecisionRule::product,
                          .inputs = {queries, keys, values},
                          .outputs = {output},
                          .saved = {queries, keys, values, output, logarithm}};
  operation.formula = "attention({0}, {1}, {2})";
  operation.equation = fmt::format("{} = softmax({} {}^T / sqrt({}), no later keys) {}", o.name,
                                   q.name, k.name, width, v.name);
  operation.backward_equation = fmt::format(
      "d{0} = P^T d{1}, dS = P (d{1} {0}^T - sum(d{1} {1})), d{2} = dS {3} / sqrt({4}), "
      "d{3} = dS^T {2} / sqrt({4}) with P = exp({2} {3}^T / sqrt({4}) - {5})",
      v.name, o.name, q.name, k.name, width, lse.name);
  const auto heads = [&](int input, std::int64_t count) {
    return fmt::format("{{{}}}.view(-1, {}, {}, {}).transpose(1, 2)", input, length, count, width);
  };
  operation.pytorch = fmt::format(
      "F.scaled_dot_product_attention({}, {}, {}, is_causal=True, enable_gqa=True)"
      ".transpose(1, 2).reshape(-1, {})",
      heads(0, shape.heads), heads(1, shape.kv_heads), heads(2, shape.kv_heads), rows[1]);
  // Two products there; four back, and the scores once more, which are no model FLOPs.
  const double product =
      matmul_flops(static_cast<double>(o.elements()), static_cast<double>(length), 1);
  const std::int64_t read = q.bytes() + k.bytes() + v.bytes();
  operation.forward = {
      .flops = 2 * product, .bytes_read = read, .bytes_written = o.bytes() + lse.bytes()};
  operation.backward = {.flops = 4 * product,
                        .bytes_read = read + 2 * o.bytes() + lse.bytes(),
                        .bytes_written = read};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
