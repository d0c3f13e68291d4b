#include "engine/recipe/acting_keys.h"

#include <algorithm>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/experiment/keys.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/plan/schedules/schedules.h"
#include "engine/recipe/acting_groups.h"
#include "engine/recipe/live_change.h"

namespace nanscope {
namespace {

/// "beta1" of "optimizer.beta1"; nothing of a key of another group.
std::string_view setting_of(std::string_view group, std::string_view key) {
  return key.starts_with(group) ? key.substr(group.size()) : std::string_view();
}

template <class Reads>
Message kinds_that(Reads reads) {
  std::vector<std::string_view> names;
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    if (reads(kind)) names.push_back(name);
  return name_list(names);
}

Result<void> check_optimizer(std::string_view key, const TrainingSpec& training) {
  const auto acts = [&](std::string_view name) {
    const std::string_view setting = setting_of("optimizer.", name);
    return !setting.empty() && reads_setting(training.optimizer.kind, setting);
  };
  // Without momentum PyTorch knows no velocity to dampen.
  if (acts(key) && key == "optimizer.dampening" && training.optimizer.momentum == 0)
    return input_error("", "{} has no effect, as optimizer.momentum is 0.", key);
  if (acts(key) || key == "optimizer.kind") return {};
  std::vector<std::string_view> read;
  for (const Key* live : live_run_keys())
    if (acts(live->name)) read.push_back(live->name);
  return input_error("", "{} has no effect, as optimizer.kind is {}; it reads {}.", key,
                     name_of(training.optimizer.kind), name_list(read));
}

Result<void> check_loss_scale(std::string_view key, const LossScale& scale) {
  if (key == "loss_scale.kind") return {};
  if (key == "loss_scale.interval" && scale.kind != LossScaleKind::dynamic)
    return input_error("", "{} has no effect, as loss_scale.kind is {}; dynamic doubles the scale.",
                       key, name_of(scale.kind));
  if (scale.kind == LossScaleKind::none)
    return input_error(
        "", "{} has no effect, as loss_scale.kind is none; static and dynamic scale the loss.",
        key);
  return {};
}

/// The kinds of schedule that read a setting.
std::span<const ScheduleKind> schedules_with(std::string_view key) {
  using enum ScheduleKind;
  static constexpr ScheduleKind kRising[] = {warmup, step, linear, cosine};
  static constexpr ScheduleKind kFalling[] = {step}, kEnding[] = {linear, cosine};
  if (key == "schedule.warmup") return kRising;
  if (key == "schedule.final") return kEnding;
  return kFalling;
}

/// Where a run is over before the rate would fall, or never falls.
Result<void> check_fall(std::string_view key, const Schedule& schedule, int steps) {
  if (key == "schedule.period" && schedule.factor == 1)
    return input_error("", "{} has no effect, as schedule.factor is 1; a smaller one falls.", key);
  const bool of_fall = key == "schedule.period" || key == "schedule.factor";
  const std::int64_t first = std::int64_t{schedule.warmup} + (of_fall ? schedule.period : 1);
  if ((!of_fall && key != "schedule.final") || first < steps) return {};
  return input_error("",
                     "{} has no effect in {} steps, as the rate first falls at step {}; it takes "
                     "more steps.",
                     key, steps, first);
}

/// Whether some step of the run has another rate than without a schedule.
bool changes_rate(TrainingSpec training) {
  training.optimizer.lr = 1;
  const std::int64_t warmup = training.schedule.warmup;
  // At its first step, and where it first falls.
  for (const std::int64_t step : {std::int64_t{0}, warmup + 1, warmup + training.schedule.period})
    if (step < training.steps && learning_rate(training, step) != 1) return true;
  return false;
}

Result<void> check_schedule_kind(std::string_view key, const TrainingSpec& training) {
  const ScheduleKind kind = training.schedule.kind;
  if (kind == ScheduleKind::constant || changes_rate(training)) return {};
  if (kind == ScheduleKind::warmup)
    return input_error("",
                       "{} is warmup, and schedule.warmup is {}, so that the rate never rises; "
                       "schedule.warmup=20 takes 20 steps.",
                       key, training.schedule.warmup);
  return input_error("",
                     "{} is {}, and yet all {} steps have the rate optimizer.lr; more steps change "
                     "it, or {}.",
                     key, name_of(kind), training.steps,
                     kind == ScheduleKind::step ? message("schedule.warmup, .period and .factor")
                                                : message("schedule.warmup and .final"));
}

Result<void> check_schedule(std::string_view key, const TrainingSpec& training) {
  const Schedule& schedule = training.schedule;
  const auto kinds = schedules_with(key);
  if (key == "schedule.kind") return check_schedule_kind(key, training);
  if (std::ranges::find(kinds, schedule.kind) != kinds.end())
    return check_fall(key, schedule, training.steps);
  std::vector<std::string_view> names;
  for (const ScheduleKind kind : kinds) names.push_back(name_of(kind));
  return input_error("", "{} has no effect, as schedule.kind is {}; {} {} it.", key,
                     name_of(schedule.kind), name_list(names),
                     names.size() == 1 ? "reads" : "read");
}

double setting_in(const Optimizer& optimizer, std::string_view setting) {
  Experiment experiment;
  experiment.training.optimizer = optimizer;
  return std::get<double>(find_key("optimizer." + std::string(setting))->get(experiment));
}

/// At its default a setting of the lab stands for each optimizer's own, and is not that number.
Result<void> check_is_taken(std::string_view setting, std::string_view key,
                            const Optimizers& optimizers) {
  const double value = setting_in(optimizers.settings, setting);
  const double beside = value == 0 ? 1e-12 : value * (1 + 1e-6);
  for (const Optimizer& one : shown_optimizers(optimizers))
    if (const double own = setting_in(one, setting);
        reads_setting(one.kind, setting) && own != value)
      return input_error("",
                         "{} is {} where each optimizer has its own, which is {} for {}; all take "
                         "another number, as {}.",
                         key, value, own, name_of(one.kind), beside);
  return {};
}

/// Of the lab, where several optimizers are shown.
Result<void> check_shown_setting(std::string_view setting, std::string_view key,
                                 const Optimizers& optimizers) {
  const auto shown = parse_shown(optimizers.shown);
  if (!shown) return {};
  std::vector<std::string_view> names;
  bool acts = false;
  for (const ShownOptimizer& one : *shown) {
    names.push_back(name_of(one.kind));
    acts = acts || (reads_setting(one.kind, setting) && !(setting == "lr" && one.lr));
  }
  if (acts) return setting == "lr" ? Result<void>() : check_is_taken(setting, key, optimizers);
  if (setting == "lr")
    return input_error(
        "", "{} has no effect, as each in optimizers.shown ({}) has a rate of its own there.", key,
        name_list(names));
  return input_error("", "{} has no effect, as optimizers.shown has {}; {} read it.", key,
                     name_list(names),
                     kinds_that([&](OptimizerKind kind) { return reads_setting(kind, setting); }));
}

/// `steps`: of the experiment's run.
Result<void> check_of_lab(std::string_view key, const Optimizers& optimizers, int steps) {
  if (key == "optimizers.condition" && optimizers.surface != SurfaceKind::quadratic)
    return input_error("",
                       "{} has no effect, as optimizers.surface is {}; quadratic has a condition "
                       "number.",
                       key, name_of(optimizers.surface));
  const bool of_plane =
      key == "optimizers.directions" || key == "optimizers.after" || key == "optimizers.span";
  if (of_plane && optimizers.surface != SurfaceKind::run)
    return input_error("",
                       "{} has no effect, as optimizers.surface is {}; run has a plane through its "
                       "parameters.",
                       key, name_of(optimizers.surface));
  if (key == "optimizers.after" && optimizers.after > steps)
    return input_error("", "{} is behind the run's last step, as steps is {}.", optimizers.after,
                       steps);
  if (key == "optimizers.step" && optimizers.step > optimizers.steps)
    return input_error("", "{} is behind the last step, as optimizers.steps is {}.",
                       optimizers.step, optimizers.steps);
  if (key == "optimizers.watched") {
    const auto shown = shown_optimizers(optimizers);
    if (std::ranges::count(shown, optimizers.watched, &Optimizer::kind) == 0)
      return input_error("", "{} is not among optimizers.shown, {}.", name_of(optimizers.watched),
                         optimizers.shown);
  }
  const auto is_setting = [](std::string_view setting) {
    return find_key("optimizer." + std::string(setting)) && setting != "kind";
  };
  if (const auto setting = setting_of("optimizers.", key); is_setting(setting))
    return check_shown_setting(setting, key, optimizers);
  return {};
}

}  // namespace

Result<void> check_acts(std::string_view key, const Experiment& experiment) {
  const TrainingSpec& training = experiment.training;
  if (const Key* found = find_key(key)) key = found->name;  // not one that it had before
  if (auto acts = check_costs_key(key, experiment); !acts || key.starts_with("costs.")) return acts;
  if (key.starts_with("optimizer.")) return check_optimizer(key, training);
  if (key.starts_with("loss_scale.")) return check_loss_scale(key, training.loss_scale);
  if (key.starts_with("schedule.")) return check_schedule(key, training);
  if (key.starts_with("optimizers."))
    return check_of_lab(key, experiment.optimizers, training.steps);
  if (key.starts_with("view.")) return check_view_key(key, experiment);
  if (auto acts = check_shown_key(key, experiment); !acts) return acts;
  return check_network_key(key, experiment);
}

}  // namespace nanscope
