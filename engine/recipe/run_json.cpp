#include "engine/recipe/run_json.h"

#include <limits>

#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"
#include "engine/probes/statistics_json.h"

namespace nanscope {
namespace {

Json first_nonfinite_json(const std::optional<FirstNonfiniteStep>& first) {
  if (!first) return nullptr;
  return {{"step", first->step},
          {"what", first->is_loss ? "loss" : "grad_norm"},
          {"value", json_number(first->value)},
          {"worth_a_try", first->remedies}};
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

Json layers_json(const std::vector<LayerStatistics>& layers) {
  Json list = Json::array();
  for (const LayerStatistics& layer : layers) {
    Json& one = list.emplace_back(Json{{"name", layer.name}});
    for (const auto& [name, statistics] : layer.tensors) one[name] = statistics_json(statistics);
    if (layer.update_ratio) one["update_ratio"] = json_number(*layer.update_ratio);
  }
  return list;
}

Json change_json(const LiveChange& change) {
  return {{"change", change.key}, {"value", change.value}, {"before_step", change.step}};
}

Json changes_json(const std::vector<LiveChange>& changes) {
  Json list = Json::array();
  for (const LiveChange& change : changes) list.push_back(change_json(change));
  return list;
}

Json header_json(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  return {{"schema", "nanscope.run/1"},
          {"experiment", Json::parse(to_json(experiment, -1))},
          {"changes", changes_json(changes)}};
}

/// The other way of json_number().
double number_in(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const auto name = value.get<std::string>();
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return name == "-inf" ? -infinity : infinity;
}

/// Throws Json::exception where a part is missing or of another type.
Checkpoint recipe_in(const Json& recipe, Experiment experiment) {
  Checkpoint checkpoint{.experiment = std::move(experiment),
                        .steps = recipe.at("steps").get<std::int64_t>()};
  for (const Json& change : recipe.at("changes"))
    checkpoint.changes.push_back({.step = change.at("before_step").get<std::int64_t>(),
                                  .key = change.at("change").get<std::string>(),
                                  .value = change.at("value").get<std::string>()});
  if (const Json& first = recipe.at("first_nonfinite"); !first.is_null())
    checkpoint.first_nonfinite = {
        .step = first.at("step").get<std::int64_t>(),
        .is_loss = first.at("what") == "loss",
        .value = number_in(first.at("value")),
        .remedies = first.at("worth_a_try").get<std::vector<std::string>>()};
  return checkpoint;
}

}  // namespace

std::string header_to_json(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  return header_json(experiment, changes).dump();
}

std::string recipe_to_json(const Checkpoint& checkpoint) {
  Json recipe = header_json(checkpoint.experiment, checkpoint.changes);
  recipe["steps"] = checkpoint.steps;
  recipe["first_nonfinite"] = first_nonfinite_json(checkpoint.first_nonfinite);
  return recipe.dump();
}

Result<Checkpoint> recipe_from_json(std::string_view text) {
  const Result<Json> recipe = parse_json(text);
  if (!recipe) return tl::unexpected(recipe.error());
  Result<Experiment> experiment = from_json(text);
  if (!experiment) return tl::unexpected(experiment.error());
  try {
    return recipe_in(*recipe, *std::move(experiment));
  } catch (const Json::exception&) {
    return input_error("", "its recipe lacks steps, changes or first_nonfinite.");
  }
}

std::string change_to_json(const LiveChange& change) { return change_json(change).dump(); }

std::string step_to_json(const RunStep& step) {
  Json line{{"step", step.step},
            {"loss", json_number(step.loss)},
            {"lr", json_number(step.lr)},
            {"grad_norm", json_number(step.grad_norm)}};
  if (step.loss_scale) {
    line["loss_scale"] = json_number(*step.loss_scale);
    line["skipped"] = step.skipped;
  }
  add_held_out(line, step.held_out);
  if (!step.layers.empty()) line["layers"] = layers_json(step.layers);
  return line.dump();
}

std::string summary_to_json(const RunSummary& summary) {
  // Model FLOPs are whole numbers, and written as such.
  const auto whole = [](double flops) { return static_cast<std::int64_t>(flops); };
  Json line = header_json(summary.experiment, summary.changes);
  line["steps"] = summary.steps;
  line["resumed_after"] = summary.resumed_after;
  if (summary.last.loss_scale) line["skipped"] = summary.skipped;
  line["stopped"] = summary.stopped;
  line["seconds"] = summary.seconds;
  line["steps_per_second"] = summary.steps_per_second();
  line["checkpoint"] = summary.checkpoint.empty() ? Json() : Json(summary.checkpoint);
  line["first_nonfinite"] = first_nonfinite_json(summary.first_nonfinite);
  line["memory"] = memory_json(summary);
  line["flops"] = {{"forward", whole(summary.forward_flops)},
                   {"backward", whole(summary.backward_flops)},
                   {"step", whole(summary.forward_flops + summary.backward_flops)}};
  add_held_out(line, summary.held_out);
  return line.dump();
}

}  // namespace nanscope
