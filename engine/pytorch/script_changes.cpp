#include "engine/pytorch/script_changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "engine/plan/optimizers/optimizers.h"
#include "engine/plan/schedules/schedules.h"

namespace nanscope {
namespace {

bool is_in(std::string_view group, const LiveChange& change) {
  return change.key.starts_with(group);
}

/// The rate is that of a function.
bool is_setting(const LiveChange& change) {
  return is_in("optimizer.", change) && change.key != "optimizer.lr";
}

bool is_of_rate(const LiveChange& change) {
  return change.key == "optimizer.lr" || change.key == "steps";
}

/// Python's names of what is added to a step as it changes.
constexpr std::pair<const char*, double TrainingSpec::*> kNames[] = {
    {"l1", &TrainingSpec::l1},
    {"l2", &TrainingSpec::l2},
    {"clip_value", &TrainingSpec::clip_value},
    {"clip_norm", &TrainingSpec::clip_norm}};

/// PyTorch makes no velocity while there is no momentum, and here it is 0 until then.
bool begins_velocity(const Optimizer& before, const Optimizer& now) {
  const bool makes_none = before.kind == OptimizerKind::momentum ||
                          before.kind == OptimizerKind::nesterov ||
                          before.kind == OptimizerKind::rmsprop;
  return makes_none && before.momentum == 0 && now.momentum > 0;
}

}  // namespace

ScriptChanges::ScriptChanges(const Experiment& experiment, std::vector<LiveChange> changes)
    : goal_(goal_of(experiment, changes)) {
  specs_.push_back({.training = before_step(experiment, changes, 0).training});
  for (LiveChange& change : changes) {
    if (change.step == 0 || change.key == "statistics") continue;
    if (specs_.back().step != change.step)
      specs_.push_back({.step = change.step,
                        .training = before_step(experiment, changes, change.step).training});
    specs_.back().changes.push_back(change);
  }
}

bool ScriptChanges::has(std::string_view group) const {
  return std::ranges::any_of(specs_, [&](const Spec& spec) {
    return std::ranges::any_of(spec.changes,
                               [&](const LiveChange& change) { return is_in(group, change); });
  });
}

bool ScriptChanges::is_ever(double TrainingSpec::*setting) const {
  return std::ranges::any_of(specs_, [&](const Spec& spec) { return spec.training.*setting > 0; });
}

std::string ScriptChanges::looks_text() const {
  if (has("evaluate")) return "evaluate > 0 and step % evaluate == 0";
  return begin().evaluate > 0 ? fmt::format("step % {} == 0", begin().evaluate) : "";
}

bool ScriptChanges::changes(double TrainingSpec::*setting) const {
  return std::ranges::any_of(
      specs_, [&](const Spec& spec) { return spec.training.*setting != begin().*setting; });
}

std::string ScriptChanges::learning_rate_text() const {
  if (!has("optimizer.lr") && !has("steps")) return nanscope::learning_rate_text(begin());
  std::string functions, choice;
  for (const Spec& spec : specs_) {
    if (spec.step > 0 && std::ranges::none_of(spec.changes, is_of_rate)) continue;
    const std::string suffix = fmt::format("_{}", spec.step);
    functions += nanscope::learning_rate_text(spec.training, suffix) + "\n";
    choice = (spec.step == 0 ? fmt::format("    return learning_rate{}(step)\n", suffix)
                             : fmt::format("    if step >= {0}:\n        return "
                                           "learning_rate_{0}(step)\n",
                                           spec.step)) +
             choice;
  }
  return functions + "\ndef learning_rate(step):\n" + choice;
}

std::string ScriptChanges::names_text() const {
  std::string text;
  if (std::ranges::any_of(
          specs_, [](const Spec& spec) { return std::ranges::any_of(spec.changes, is_setting); }))
    text += R"(

def take_settings(other):
    """Those of another optimizer; what is kept of the steps before stays."""
    for group, its in zip(optimizer.param_groups, other.param_groups):
        group.update({name: value for name, value in its.items() if name != "params"})


)";
  for (const auto& [name, setting] : kNames)
    if (changes(setting)) text += fmt::format("{} = {}\n", name, begin().*setting);
  if (has("loss_scale.init")) text += fmt::format("loss_scale = {:.1f}\n", begin().loss_scale.init);
  if (has("evaluate")) text += fmt::format("evaluate = {}\n", begin().evaluate);
  return text;
}

std::string ScriptChanges::steps_text() const {
  std::string text;
  for (std::size_t i = 1; i < specs_.size(); ++i) {
    const TrainingSpec &before = specs_[i - 1].training, &now = specs_[i].training;
    const auto changes = [&](std::string_view group) {
      return std::ranges::any_of(specs_[i].changes,
                                 [&](const LiveChange& change) { return is_in(group, change); });
    };
    std::vector<std::string> words, lines;
    for (const LiveChange& change : specs_[i].changes)
      words.push_back(fmt::format("{}={}", change.key, change.value));
    if (std::ranges::any_of(specs_[i].changes, is_setting))
      lines.push_back(fmt::format("take_settings({})", optimizer_line(now)));
    if (begins_velocity(before.optimizer, now.optimizer)) {
      lines.emplace_back("for tensor in tensors:  # it begins at 0");
      lines.emplace_back(
          "    optimizer.state[tensor].setdefault(\"momentum_buffer\", torch.zeros_like(tensor))");
    }
    for (const auto& [name, setting] : kNames)
      if (before.*setting != now.*setting)
        lines.push_back(fmt::format("{} = {}", name, now.*setting));
    if (changes("evaluate")) lines.push_back(fmt::format("evaluate = {}", now.evaluate));
    if (changes("loss_scale.init")) {
      lines.push_back(fmt::format("loss_scale = {:.1f}", now.loss_scale.init));
      lines.emplace_back("scaler.update(loss_scale)");
    }
    if (changes("loss_scale.interval"))
      lines.push_back(fmt::format("scaler.set_growth_interval({})", now.loss_scale.interval));
    if (lines.empty()) continue;
    text += fmt::format("    if step == {}:  # {}\n        {}\n", specs_[i].step,
                        fmt::join(words, ", "), fmt::join(lines, "\n        "));
  }
  return text;
}

std::string optimizer_line(const TrainingSpec& training) {
  const OptimizerText& text = optimizer_text(training.optimizer.kind);
  const bool skips = training.loss_scale.kind != LossScaleKind::none;
  return (skips && text.unfused ? text.unfused : text.pytorch)(training.optimizer);
}

}  // namespace nanscope
