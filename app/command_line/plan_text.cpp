#include "app/command_line/plan_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/command_line/text_table.h"
#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string listed(const PlanDescription& plan, const std::vector<ValueId>& ids) {
  return fmt::format("{}", fmt::join(plan.names(ids), ", "));
}

std::string plan_bytes(std::int64_t bytes) {
  return bytes == 0 ? "" : bytes_text(static_cast<double>(bytes));
}

std::string plan_flops(double flops) { return flops == 0 ? "" : number_text(flops); }

/// What an operation does, without the numbers of its layer: the same text for layers that repeat.
std::string signature(const PlanDescription& plan, int layer) {
  std::string text;
  for (const PlanOperation& one : plan.operations_of(layer)) {
    text += one.kind;
    for (const auto* ids : {&one.inputs, &one.outputs, &one.saved})
      for (const ValueId id : *ids)
        text += fmt::format(" {}{}", plan.value(id).symbol, plan.value(id).shape);
    text += fmt::format(" {} {}\n", one.backward.flops, one.backward.bytes_written);
  }
  return text;
}

/// The last layer of those that repeat this one, counted from the next.
int last_repeat(const PlanDescription& plan, int layer) {
  const std::string wanted = signature(plan, layer);
  int last = layer;
  while (last + 1 < static_cast<int>(plan.layers.size()) && signature(plan, last + 1) == wanted)
    ++last;
  return last;
}

void add_operation_rows(const PlanDescription& plan, int index, TextTable& table) {
  const PlanOperation& one = plan.operations[static_cast<std::size_t>(index)];
  const auto row = [&](std::string number, std::string layer, std::string kind, std::string inputs,
                       std::string outputs, std::string saved, const std::string& equation,
                       const Cost& cost) {
    table.add_row({std::move(number), std::move(layer), std::move(kind), std::move(inputs),
                   std::move(outputs), std::move(saved), equation, plan_flops(cost.flops),
                   plan_bytes(cost.bytes_read), plan_bytes(cost.bytes_written)});
  };
  row(fmt::format("{}", index), plan.layers[static_cast<std::size_t>(one.layer)].name, one.kind,
      listed(plan, one.inputs), listed(plan, one.outputs), listed(plan, one.saved), one.equation,
      one.forward);
  row("", "", one.recomputed ? "  again, back" : "  back", "", "", "", one.backward_equation,
      one.backward);
}

std::string operation_table(const PlanDescription& plan, bool all_layers) {
  TextTable table({{"", "#"},
                   {"", "layer", true},
                   {"", "operation", true},
                   {"", "inputs", true},
                   {"", "outputs", true},
                   {"", "saved", true},
                   {"", "equation", true},
                   {"", "FLOPs"},
                   {"", "read"},
                   {"", "written"}});
  for (int layer = 0; layer < static_cast<int>(plan.layers.size()); ++layer) {
    const PlanLayer& part = plan.layers[static_cast<std::size_t>(layer)];
    for (int i = part.first_operation; i < part.end_operation; ++i)
      add_operation_rows(plan, i, table);
    const int last = all_layers ? layer : last_repeat(plan, layer);
    if (last == layer) continue;
    const int more = last - layer;
    table.add_line(fmt::format("... {} more layer{} like it, up to {}; shown by --all", more,
                               more == 1 ? "" : "s",
                               plan.layers[static_cast<std::size_t>(last)].name));
    layer = last;
  }
  return table.to_text();
}

std::string total_text(const PlanDescription& plan) {
  const Cost there = plan.forward_cost(), back = plan.backward_cost();
  const auto direction = [](const char* name, const Cost& cost) {
    return fmt::format("{}: {} FLOPs, {} read, {} written\n", name, number_text(cost.flops),
                       plan_bytes(cost.bytes_read), plan_bytes(cost.bytes_written));
  };
  Cost both = there;
  both += back;
  return fmt::format("total, {} operations\n", plan.operations.size()) +
         direction("forward", there) + direction("backward", back) + direction("both", both);
}

std::string memory_text(const PlanDescription& plan) {
  const char* how = plan.gradients == GradientPolicy::shared
                        ? "gradients share buffers as soon as they have been looked at"
                    : plan.gradients == GradientPolicy::owned
                        ? "parameters own their gradients, which accumulate; other gradients share"
                        : "every value owns its gradient";
  std::string text =
      fmt::format("\nmemory, {} values in {} buffers: {}\n", plan.values.size(),
                  plan.buffers.size(), bytes_text(static_cast<double>(plan.bytes())));
  for (const auto& [role, bytes] : plan.bytes_by_role())
    text += fmt::format("  {:<16}{}\n", name_of(role), bytes_text(static_cast<double>(bytes)));
  if (plan.target != kNoValue) {
    text += fmt::format("  {}\n", how);
    for (const auto& [first, end] : plan.recomputed)
      text += fmt::format(
          "  {} to {}: what lies between is dropped, and computed again before they "
          "run back\n",
          plan.layers[static_cast<std::size_t>(first)].name,
          plan.layers[static_cast<std::size_t>(end - 1)].name);
    return text;
  }
  const DrawBytes drawn = plan.draw_bytes();
  return text +
         fmt::format(
             "  {}\na pass holds beside these buffers what it draws: parameters {}, input {}\n",
             how, bytes_text(static_cast<double>(drawn.parameters)),
             bytes_text(static_cast<double>(drawn.input)));
}

}  // namespace

std::string networks_line(const NetworkSpec& network) {
  if (network.networks == 1) return "";
  return fmt::format("{} networks side by side, seeds {} to {}: the numbers are those of all\n",
                     network.networks, network.seed,
                     network.seed + static_cast<std::uint64_t>(network.networks) - 1);
}

std::string plan_to_text(const Experiment& experiment, const PlanDescription& plan,
                         bool all_layers) {
  return fmt::format(
      "{}\n{}\n{}\n{}{}\nA multiply-add is 2 FLOPs; only matrix products count, other work by its "
      "bytes.\n",
      describe(experiment), networks_line(experiment.network), operation_table(plan, all_layers),
      total_text(plan), memory_text(plan));
}

}  // namespace nanscope
