#include "engine/recipe/run_json.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "engine/base/json_text.h"
#include "engine/base/strict_json.h"
#include "engine/base/text_file.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/autopsy_json.h"
#include "engine/recipe/networks_json.h"
#include "engine/recipe/recipe_json.h"
#include "engine/recipe/run_history.h"

namespace nanscope {
namespace {

/// Of several networks it says which one.
Json first_nonfinite_json(const std::optional<FirstNonfiniteStep>& first,
                          const NetworkSpec& network) {
  if (!first) return nullptr;
  Json json = first_nonfinite_json(*first);
  json["worth_a_try"] = first->remedies;
  if (network.networks == 1) return json;
  json["network"] = first->network;
  json["seed"] = network.seed + static_cast<std::uint64_t>(first->network);
  return json;
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
  if (held_out->nan_rows > 0) line["nan_rows"] = held_out->nan_rows;
}

void add_conditions(Json& line, const std::optional<WeightConditions>& found) {
  if (!found) return;
  line["condition_number"] = {{"largest", json_number(found->largest)},
                              {"median", json_number(found->median)}};
}

std::optional<WeightConditions> conditions_in(const Json& line) {
  if (!line.contains("condition_number")) return std::nullopt;
  const Json& found = line.at("condition_number");
  return WeightConditions{number_in(found.at("largest")), number_in(found.at("median"))};
}

/// What the text of a run or of a checkpoint holds, whose changes its experiment takes.
Result<Recipe> checked_recipe(std::string_view text) {
  Result<Recipe> recipe = recipe_from(text);
  if (!recipe) return recipe;
  if (const auto good = check_changes(recipe->changes, recipe->experiment); !good)
    return tl::unexpected(good.error());
  return recipe;
}

/// Of a run or of a checkpoint.
template <class Run>
Json header_of(const Run& run) {
  return recipe_json({run.experiment, run.changes, run.data});
}

/// What other programs may leave out.
double number_or_nan(const Json& line, const char* name) {
  return line.contains(name) ? number_in(line.at(name)) : number_in("nan");
}

std::optional<FirstNonfiniteStep> first_of_run_in(const Json& json) {
  if (json.is_null()) return std::nullopt;
  FirstNonfiniteStep first = first_nonfinite_in(json);
  first.remedies = json.at("worth_a_try").get<std::vector<std::string>>();
  return first;
}

std::optional<HeldOut> held_out_in(const Json& line) {
  if (!line.contains("held_out_loss")) return std::nullopt;
  HeldOut seen{.loss = number_in(line.at("held_out_loss"))};
  if (line.contains("accuracy")) seen.accuracy = number_in(line.at("accuracy"));
  take_networks(line, seen);
  seen.nan_rows = line.value("nan_rows", std::int64_t{0});
  return seen;
}

RunStep step_in(const Json& line) {
  RunStep step{.step = line.at("step").get<std::int64_t>(),
               .loss = number_in(line.at("loss")),
               .lr = number_or_nan(line, "lr"),
               .grad_norm = number_or_nan(line, "grad_norm"),
               .held_out = held_out_in(line),
               .conditions = conditions_in(line)};
  if (line.contains("loss_scale")) {
    step.loss_scale = number_in(line.at("loss_scale"));
    step.skipped = line.at("skipped").get<bool>();
  }
  take_networks(line, step);
  if (line.contains("gradients")) step.gradients = gradients_in(line.at("gradients"));
  if (step.gradients) {
    step.gradients->step = step.step;
    const bool of_first = step.loss_scales && !step.loss_scales->each.empty();
    step.gradients->loss_scale =
        of_first ? step.loss_scales->each.front() : step.loss_scale.value_or(1);
  }
  return step;
}

/// Whether a step stands behind those before it, and tells of its loss scale and of what is held
/// out as they do: columns of numbers have no holes.
Result<void> check_step(const Json& line, const RunHistory& history) {
  const Json& step = line.at("step");
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;  // that a column holds
  if (!step.is_number_unsigned() || step.get<std::uint64_t>() > kMost)
    return input_error("", "{} is no step; it takes a whole number from 0 on.", shown_json(step));
  if (history.steps.empty()) return {};
  if (step.get<double>() <= history.steps.back())
    return input_error("", "step {} stands behind step {}; steps ascend.", shown_json(step),
                       history.steps.back());
  const bool other_scale = line.contains("loss_scale") == history.loss_scale.empty();
  const bool other_look = line.contains("held_out_loss") && !history.looks.empty() &&
                          line.contains("accuracy") == history.accuracy.empty();
  if (!other_scale && !other_look) return {};
  const char* what = other_scale ? "loss_scale" : "accuracy";
  return input_error("",
                     "step {} has {} {}, otherwise than the steps before it; all have one or none.",
                     shown_json(step), line.contains(what) ? "a value of" : "no", what);
}

/// What a line behind the header says. Throws Json::exception where a part is missing or of another
/// type.
Result<void> take_line(const Json& line, RunSummary& run, RunHistory& history) {
  if (line.contains("step")) {
    if (const auto good = check_step(line, history); !good) return good;
    run.last = step_in(line);
    run.steps = run.last.step + 1;
    run.skipped += run.last.skipped;
    history.add(run.last);
    if (run.last.conditions)
      history.condition_lines.emplace_back(history.steps.back(), *run.last.conditions);
  } else if (line.contains("before_step")) {
    const auto change = change_from(line);
    if (!change) return tl::unexpected(change.error());
    add_change(*change, run.changes);
  } else if (line.contains("steps")) {
    run.stopped = line.at("stopped").get<bool>();
    run.seconds = line.at("seconds").get<double>();
    run.resumed_after = line.at("resumed_after").get<std::int64_t>();
    run.first_nonfinite = first_of_run_in(line.at("first_nonfinite"));
    run.networks = fates_in(line);
    // Where a file says of none that it is the first, none is.
    if (!run.first_nonfinite)
      for (NetworkFate& one : run.networks) one.first_nonfinite.reset();
    // Run files of other programs, and older ones, have none.
    run.autopsy = autopsy_in(line.value("autopsy", Json()));
    run.forward_flops = line.at("flops").at("forward").get<double>();
    run.backward_flops = line.at("flops").at("backward").get<double>();
    run.recomputed_flops = line.at("flops").value("recomputed", 0.0);
    run.batches_per_epoch = line.value("batches_per_epoch", std::int64_t{0});
    run.held_out = held_out_in(line);
    run.conditions = conditions_in(line);
  }
  return {};
}

/// A line behind the header; one that is no JSON is damaged, one of no kind that is known says
/// nothing.
Result<void> take_words(std::string_view words, std::int64_t number, RunSummary& run,
                        RunHistory& history) {
  const Result<Json> line = parse_json(words);
  if (!line || !line->is_object()) {
    if (run.damaged_lines++ == 0) run.first_damaged_line = number;
    return {};
  }
  try {
    return take_line(*line, run, history);
  } catch (const Json::exception&) {
    return input_error("", "this is no line of a run file.");
  }
}

Result<void> take_header(std::string_view words, RunSummary& run) {
  Result<Recipe> recipe = recipe_from(words);
  if (!recipe) return tl::unexpected(recipe.error());
  run.experiment = std::move(recipe->experiment);
  run.changes = std::move(recipe->changes);
  run.data = recipe->data;
  return {};
}

tl::unexpected<Error> no_steps(const Json& steps, const Json& goal) {
  return input_error("steps", "{} are done, says its recipe; it takes a whole number from 0 to {}.",
                     shown_json(steps), shown_json(goal));
}

}  // namespace

std::string header_to_json(const Recipe& recipe) { return recipe_json(recipe).dump(); }

std::string checkpoint_to_json(const Checkpoint& checkpoint) {
  Json recipe = header_of(checkpoint);
  recipe["steps"] = checkpoint.steps;
  recipe["first_nonfinite"] =
      first_nonfinite_json(checkpoint.first_nonfinite, checkpoint.experiment.network);
  add_fates(recipe, checkpoint.networks, checkpoint.experiment.network.seed);
  if (checkpoint.autopsy) recipe["autopsy"] = autopsy_json(checkpoint.autopsy);
  if (checkpoint.before) recipe["before"] = checkpoint.before->steps;
  return recipe.dump();
}

Result<Checkpoint> checkpoint_from_json(std::string_view text) {
  Result<Recipe> recipe = checked_recipe(text);
  if (!recipe) return tl::unexpected(recipe.error());
  const std::int64_t goal = goal_of(recipe->experiment, recipe->changes);
  const Json json = *parse_json(text), steps = json.value("steps", Json());
  if (!steps.is_number_unsigned() || steps.get<std::uint64_t>() > static_cast<std::uint64_t>(goal))
    return no_steps(steps, goal);
  Checkpoint checkpoint{.experiment = std::move(recipe->experiment),
                        .changes = std::move(recipe->changes),
                        .data = recipe->data,
                        .steps = steps.get<std::int64_t>()};
  try {
    checkpoint.first_nonfinite = first_of_run_in(json.value("first_nonfinite", Json()));
    checkpoint.networks = fates_in(json);
  } catch (const Json::exception&) {
    return input_error("first_nonfinite", "{} is no step of a run.",
                       shown_json(json.at("first_nonfinite")));
  }
  try {
    checkpoint.autopsy = autopsy_in(json.value("autopsy", Json()));
  } catch (const Json::exception&) {
    return input_error("autopsy", "{} is no autopsy of a run.", shown_json(json.at("autopsy")));
  }
  if (const Json before = json.value("before", Json()); !before.is_null()) {
    if (!before.is_number_unsigned() || before.get<std::uint64_t>() > steps.get<std::uint64_t>())
      return input_error("before", "{} is no number of steps from 0 to {}.", shown_json(before),
                         shown_json(steps));
    checkpoint.before =
        std::make_shared<const Checkpoint>(Checkpoint{.steps = before.get<std::int64_t>()});
  }
  return checkpoint;
}

std::string change_to_json(const LiveChange& change) { return change_json(change).dump(); }

std::string step_to_json(const RunStep& step) {
  std::string text;
  const auto add = [&text](std::string_view before, const auto& value) {
    text += before;
    append_json(text, value);
  };
  add("{\"step\":", step.step);
  add(",\"loss\":", step.loss);
  add(",\"lr\":", step.lr);
  add(",\"grad_norm\":", step.grad_norm);
  if (step.loss_scale) {
    add(",\"loss_scale\":", *step.loss_scale);
    text += step.skipped ? ",\"skipped\":true" : ",\"skipped\":false";
  }
  Json seldom = Json::object();
  add_held_out(seldom, step.held_out);
  add_networks(seldom, step);
  add_conditions(seldom, step.conditions);
  if (!seldom.empty()) {
    const std::string more = seldom.dump();
    text += ',';
    text.append(more, 1, more.size() - 2);  // without its braces
  }
  if (step.gradients) add(",\"gradients\":", *step.gradients);
  if (!step.layers.empty()) add(",\"layers\":", step.layers);
  return text + '}';
}

std::string summary_to_json(const RunSummary& summary) {
  // Model FLOPs are whole numbers, and written as such.
  const auto whole = [](double flops) { return static_cast<std::int64_t>(flops); };
  Json line = header_of(summary);
  line["steps"] = summary.steps;
  line["resumed_after"] = summary.resumed_after;
  if (summary.loss_scale) {
    line["skipped"] = summary.skipped;
    line["loss_scale"] = json_number(*summary.loss_scale);
  }
  line["stopped"] = summary.stopped;
  line["seconds"] = summary.seconds;
  line["steps_per_second"] = summary.steps_per_second();
  line["checkpoint"] = summary.checkpoint.empty() ? Json() : Json(summary.checkpoint);
  line["first_nonfinite"] =
      first_nonfinite_json(summary.first_nonfinite, summary.experiment.network);
  add_fates(line, summary.networks, summary.experiment.network.seed);
  line["autopsy"] = autopsy_json(summary.autopsy);
  line["memory"] = memory_json(summary);
  line["memory_in_fp32"] = summary.fp32_memory;
  line["flops"] = {{"forward", whole(summary.forward_flops)},
                   {"backward", whole(summary.backward_flops)},
                   {"step", whole(summary.step_flops())},
                   {"recomputed", whole(summary.recomputed_flops)},
                   {"hardware", whole(summary.step_flops() + summary.recomputed_flops)}};
  line["batches_per_epoch"] = summary.batches_per_epoch;
  add_conditions(line, summary.conditions);
  add_held_out(line, summary.held_out);
  if (summary.held_out) add_networks(line, *summary.held_out);
  return line.dump();
}

std::string run_to_lines(const RunSummary& run) {
  const RunHistory& history = *run.history;
  std::string lines = header_of(run).dump() + "\n";
  auto change = run.changes.begin();
  const auto& gradients = history.gradients.looks();
  const auto& layers = history.layer_lines.looks();
  auto counted = gradients.begin();
  auto seen = layers.begin();
  auto condition = history.condition_lines.begin();
  std::size_t look = 0;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    RunStep step = history.step(i);
    for (; change != run.changes.end() && change->step <= step.step; ++change)
      lines += change_to_json(*change) + "\n";
    if (look < history.looks.size() && history.looks[look] == history.steps[i])
      step.held_out = history.look(look++);
    if (condition != history.condition_lines.end() && condition->first == history.steps[i])
      step.conditions = condition++->second;
    if (seen != layers.end() && (*seen)->step == step.step) step.layers = (*seen++)->layers;
    if (counted != gradients.end() && (*counted)->step == step.step) step.gradients = **counted++;
    lines += step_to_json(step) + "\n";
  }
  return lines + summary_to_json(run) + "\n";
}

Result<RunSummary> run_from_lines(std::string_view text) {
  if (text.empty()) return input_error("", "is empty; a run file begins with its experiment.");
  RunSummary run;
  auto history = std::make_shared<RunHistory>();
  std::int64_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view words = text.substr(begin, end - begin);
    // A half last line is being written.
    const bool is_half = end == text.size() && !parse_json(words);
    begin = end + 1;
    ++number;
    if (number > 1 && (is_half || words.find_first_not_of(" \r\t") == words.npos)) continue;
    const auto taken =
        number == 1 ? take_header(words, run) : take_words(words, number, run, *history);
    if (!taken) return input_error("", "line {}: {}", number, whole_message(taken.error()));
  }
  if (const auto good = check_changes(run.changes, run.experiment); !good)
    return tl::unexpected(good.error());
  run.goal = goal_of(run.experiment, run.changes);
  const bool as_before = history->looks.empty() || !run.held_out ||
                         run.held_out->accuracy.has_value() == !history->accuracy.empty();
  if (run.held_out && as_before) history->add(static_cast<double>(run.steps), *run.held_out);
  if (run.conditions) history->add(static_cast<double>(run.steps), *run.conditions);
  if (const auto& looks = history->gradients.looks(); !looks.empty()) run.gradients = looks.back();
  run.history = std::move(history);
  return run;
}

Result<RunSummary> read_run(const std::string& path) {
  constexpr std::size_t kLargestRun = std::size_t{1} << 40;
  const Result<std::string> text = read_text_so_far(path, kLargestRun);
  if (!text) return tl::unexpected(text.error());
  return run_from_lines(*text).map_error(
      [&](const Error& error) { return input_error(path, "{}", whole_message(error)).value(); });
}

Result<Recipe> recipe_in_file(const std::string& path) {
  if (is_run_file(path))
    return read_run(path).map([](const RunSummary& run) {
      return Recipe{.experiment = run.experiment, .changes = run.changes, .data = run.data};
    });
  const Result<std::string> text = read_experiment_text(path);
  if (!text) return tl::unexpected(text.error());
  if (!looks_like_run(*text))
    return read_experiment_file(path).map(
        [](const Experiment& experiment) { return Recipe{.experiment = experiment}; });
  return checked_recipe(*text).map_error(
      [&](const Error& error) { return input_error(path, "{}", whole_message(error)).value(); });
}

Result<std::vector<LiveChange>> changes_in_file(const std::string& path) {
  return recipe_in_file(path).map([](const Recipe& recipe) { return recipe.changes; });
}

Result<std::vector<LiveChange>> changes_in_text(const std::string& text) {
  if (!looks_like_run(text)) return std::vector<LiveChange>();
  return checked_recipe(text).map([](const Recipe& recipe) { return recipe.changes; });
}

}  // namespace nanscope
