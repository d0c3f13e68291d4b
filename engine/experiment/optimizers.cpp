#include "engine/experiment/optimizers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/experiment/key_makers.h"
#include "engine/numbers/format.h"
#include "engine/roundoff/roundoff.h"

namespace nanscope {
namespace {

/// The limits are those of a run's optimizer.
constexpr struct {
  std::string_view name, of_run;
  double Optimizer::*setting;
} kSettings[] = {{"optimizers.lr", "optimizer.lr", &Optimizer::lr},
                 {"optimizers.momentum", "optimizer.momentum", &Optimizer::momentum},
                 {"optimizers.dampening", "optimizer.dampening", &Optimizer::dampening},
                 {"optimizers.alpha", "optimizer.alpha", &Optimizer::alpha},
                 {"optimizers.beta1", "optimizer.beta1", &Optimizer::beta1},
                 {"optimizers.beta2", "optimizer.beta2", &Optimizer::beta2},
                 {"optimizers.eps", "optimizer.eps", &Optimizer::eps},
                 {"optimizers.weight_decay", "optimizer.weight_decay", &Optimizer::weight_decay}};

KeyRange range_of_run(std::string_view name) {
  const std::vector<Key> keys = training_keys();
  return std::ranges::find(keys, name, &Key::name)->range;
}

Key surface_key() {
  Key key = choice(
      "optimizers.surface", [](auto& e) -> auto& { return e.optimizers.surface; });
  key.set = [](Experiment& e, const KeyValue& value) {
    const SurfaceKind surface = value_of<SurfaceKind>(std::get<std::string>(value)).value();
    if (surface != e.optimizers.surface) e.optimizers = optimizers_on(e.optimizers, surface);
  };
  key.resets_group = true;
  return key;
}

Result<void> check_computing_format(const std::string& text) {
  const auto format = parse_format(text);
  if (!format) return tl::unexpected(format.error());
  if (!can_compute_in(*format))
    return input_error("",
                       "{} has no sign or is no floating-point format; take one of "
                       "fp64 fp32 tf32 bf16 fp16 e4m3 e5m2 e2m3 e3m2 e2m1.",
                       text);
  return {};
}

Result<ShownOptimizer> parse_optimizer(std::string_view item) {
  const std::size_t blank = std::min(item.find(' '), item.size());
  const std::string_view name = item.substr(0, blank);
  const auto kind = value_of<OptimizerKind>(name);
  if (!kind) {
    std::vector<std::string_view> names;
    for (const auto& entry : Names<OptimizerKind>::all) names.push_back(entry.second);
    return input_error("", "{} is no optimizer; there are {}.", name, name_list(names));
  }
  ShownOptimizer one{*kind, std::nullopt};
  if (blank == item.size()) return one;
  std::string_view rate = item.substr(blank);
  rate.remove_prefix(std::min(rate.find_first_not_of(' '), rate.size()));
  const KeyRange range = range_of_run("optimizer.lr");
  double lr = 0;
  const char* end = rate.data() + rate.size();
  const bool is_rate = rate.starts_with("lr=");
  const auto read = std::from_chars(is_rate ? rate.data() + 3 : end, end, lr);
  if (read.ec != std::errc() || read.ptr != end || !(lr >= range.low && lr <= range.high))
    return input_error(
        "", "{} is not allowed behind {}; a rate from {} to {} may stand there, as in {}.", rate,
        name, range.low, range.high, "adam lr=0.1");
  one.lr = lr;
  return one;
}

Result<void> check_shown(const std::string& list) {
  if (const auto shown = parse_shown(list); !shown) return tl::unexpected(shown.error());
  return {};
}

}  // namespace

Optimizers optimizers_on(Optimizers before, SurfaceKind surface) {
  constexpr std::pair<SurfaceKind, std::array<double, 2>> kStarts[] = {
      {SurfaceKind::quadratic, {-4, 1}},
      {SurfaceKind::rosenbrock, {-1.5, 2}},
      {SurfaceKind::beale, {1, 1.5}},
      {SurfaceKind::saddle, {-2, 0.01}}};
  before.surface = surface;
  for (const auto& [kind, start] : kStarts)
    if (kind == surface) before.x = start[0], before.y = start[1];
  before.step = 1;
  return before;
}

Result<std::vector<ShownOptimizer>> parse_shown(std::string_view list) {
  std::vector<ShownOptimizer> shown;
  for (const std::string& item : split_formats(list)) {
    const auto one = parse_optimizer(item);
    if (!one) return tl::unexpected(one.error());
    if (std::ranges::count(shown, one->kind, &ShownOptimizer::kind) > 0)
      return input_error("", "{} stands there twice; name it once.", name_of(one->kind));
    shown.push_back(*one);
  }
  if (shown.empty())
    return input_error("", "no optimizer is not allowed; name at least one, as sgd,adam lr=0.1.");
  return shown;
}

std::string shown_text(const std::vector<ShownOptimizer>& shown) {
  std::vector<std::string> items;
  for (const ShownOptimizer& one : shown)
    items.push_back(one.lr ? fmt::format("{} lr={}", name_of(one.kind), *one.lr)
                           : std::string(name_of(one.kind)));
  return join_formats(items);
}

std::vector<Optimizer> shown_optimizers(const Optimizers& optimizers) {
  std::vector<Optimizer> all;
  const auto shown = parse_shown(optimizers.shown);
  if (!shown) return all;
  for (const ShownOptimizer& one : *shown) {
    all.push_back(with_kind(optimizers.settings, one.kind));
    if (one.lr) all.back().lr = *one.lr;
  }
  return all;
}

std::vector<Key> optimizers_keys() {
  std::vector<Key> keys{
      surface_key(),
      number(
          "optimizers.condition", 1, 1e6, [](auto& e) -> auto& { return e.optimizers.condition; }),
      number(
          "optimizers.x", -1e6, 1e6, [](auto& e) -> auto& { return e.optimizers.x; }),
      number(
          "optimizers.y", -1e6, 1e6, [](auto& e) -> auto& { return e.optimizers.y; }),
      whole_number(
          "optimizers.steps", 1, 10000, [](auto& e) -> auto& { return e.optimizers.steps; }),
      checked(any_text(
                  "optimizers.format", [](auto& e) -> auto& { return e.optimizers.format; }),
              check_computing_format),
      checked(any_text(
                  "optimizers.shown", [](auto& e) -> auto& { return e.optimizers.shown; }),
              check_shown),
      choice(
          "optimizers.watched", [](auto& e) -> auto& { return e.optimizers.watched; }),
      whole_number(
          "optimizers.step", 1, 10000, [](auto& e) -> auto& { return e.optimizers.step; }),
      choice(
          "optimizers.element", [](auto& e) -> auto& { return e.optimizers.element; }),
  };
  for (const auto& one : kSettings) {
    const KeyRange range = range_of_run(one.of_run);
    keys.push_back(number(
        one.name, range.low, range.high, [setting = one.setting](auto& e) -> auto& {
          return e.optimizers.settings.*setting;
        }));
  }
  for (Key& key : keys) key.when_changed = true;
  return keys;
}

}  // namespace nanscope
