#include "engine/recipe/run_json.h"

#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"

namespace nanscope {
namespace {

Json first_nonfinite_json(const std::optional<FirstNonfiniteStep>& first) {
  if (!first) return nullptr;
  return {{"step", first->step},
          {"what", first->is_loss ? "loss" : "grad_norm"},
          {"value", json_number(first->value)}};
}

Json memory_json(const RunSummary& summary) {
  Json memory = Json::object();
  std::int64_t total = 0;
  for (const auto& [role, bytes] : summary.memory) {
    memory[std::string(name_of(role))] = bytes;
    total += bytes;
  }
  memory["total"] = total;
  return memory;
}

void add_held_out(Json& line, const std::optional<HeldOut>& held_out) {
  if (!held_out) return;
  line["held_out_loss"] = json_number(held_out->loss);
  if (held_out->accuracy) line["accuracy"] = *held_out->accuracy;
}

Json change_json(const LiveChange& change) {
  return {{"change", change.key}, {"value", change.value}, {"before_step", change.step}};
}

Json changes_json(const std::vector<LiveChange>& changes) {
  Json list = Json::array();
  for (const LiveChange& change : changes) list.push_back(change_json(change));
  return list;
}

}  // namespace

std::string header_to_json(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  return Json{{"schema", "nanscope.run/1"},
              {"experiment", Json::parse(to_json(experiment, -1))},
              {"changes", changes_json(changes)}}
      .dump();
}

std::string change_to_json(const LiveChange& change) { return change_json(change).dump(); }

std::string step_to_json(const RunStep& step) {
  Json line{{"step", step.step},
            {"loss", json_number(step.loss)},
            {"lr", json_number(step.lr)},
            {"grad_norm", json_number(step.grad_norm)}};
  add_held_out(line, step.held_out);
  return line.dump();
}

std::string summary_to_json(const RunSummary& summary) {
  // Model FLOPs are whole numbers, and written as such.
  const auto whole = [](double flops) { return static_cast<std::int64_t>(flops); };
  Json line{{"schema", "nanscope.run/1"},
            {"experiment", Json::parse(to_json(summary.experiment, -1))},
            {"changes", changes_json(summary.changes)},
            {"steps", summary.steps},
            {"stopped", summary.stopped},
            {"seconds", summary.seconds},
            {"steps_per_second", summary.steps_per_second()},
            {"first_nonfinite", first_nonfinite_json(summary.first_nonfinite)},
            {"memory", memory_json(summary)},
            {"flops",
             {{"forward", whole(summary.forward_flops)},
              {"backward", whole(summary.backward_flops)},
              {"step", whole(summary.forward_flops + summary.backward_flops)}}}};
  add_held_out(line, summary.held_out);
  return line.dump();
}

}  // namespace nanscope
