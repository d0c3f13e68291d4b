#include "engine/experiment/optimizers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/base/nearest_name.h"
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
  constexpr std::string_view kSome = "fp64 fp32 tf32 bf16 fp16 e4m3 e5m2 e2m3 e3m2 e2m1";
  if (text.empty())
    return input_error("", "{} is not allowed; take one of {}.", shown_words(text), kSome);
  const auto format = parse_format(text);
  if (!format) return tl::unexpected(format.error());
  if (!can_compute_in(*format))
    return input_error("", "{} has no sign or is no floating-point format; take one of {}.", text,
                       kSome);
  return {};
}

Error no_optimizer(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& entry : Names<OptimizerKind>::all) names.emplace_back(entry.second);
  const std::string nearest = nearest_name(name, names);
  const Message hint = nearest.empty() ? Message() : message("did you mean {}? ", nearest);
  return input_error("", "{} is no optimizer; {}there are {}.", name, hint, name_list(names))
      .value();
}

Result<ShownOptimizer> parse_optimizer(std::string_view item) {
  const std::size_t blank = std::min(item.find(' '), item.size());
  const std::string_view name = item.substr(0, blank);
  const auto kind = value_of<OptimizerKind>(name);
  if (!kind) return tl::unexpected(no_optimizer(name));
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

/// Whether each comma stands between two optimizers, and none within a number.
Result<void> check_commas(std::string_view list) {
  constexpr std::string_view kBlanks = " \t";
  for (std::size_t comma = list.find(','); comma != list.npos; comma = list.find(',', comma + 1)) {
    const std::size_t next = list.find_first_not_of(kBlanks, comma + 1);
    const std::size_t last = comma == 0 ? list.npos : list.find_last_not_of(kBlanks, comma - 1);
    if (last == list.npos || next == list.npos || list[next] == ',')
      return input_error("", "{} has a comma without an optimizer beside it; as in {}.",
                         shown_words(list), "sgd,adam lr=0.1");
    const auto is_digit = [&](std::size_t at) { return list[at] >= '0' && list[at] <= '9'; };
    if (is_digit(next) && is_digit(last))
      return input_error("", "{} has a comma in a number; a decimal point is a point, as in {}.",
                         shown_words(list), "adam lr=0.1");
  }
  return {};
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
      {SurfaceKind::saddle, {-2, 0.01}},
      {SurfaceKind::run, {0, 0}}};
  before.surface = surface;
  for (const auto& [kind, start] : kStarts)
    if (kind == surface) before.x = start[0], before.y = start[1];
  before.step = 1;
  return before;
}

Result<std::vector<ShownOptimizer>> parse_shown(std::string_view list) {
  std::vector<ShownOptimizer> shown;
  if (const auto whole = check_commas(list); !whole) return tl::unexpected(whole.error());
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
      choice(
          "optimizers.directions", [](auto& e) -> auto& { return e.optimizers.directions; }),
      whole_number(
          "optimizers.after", 0, 1e9, [](auto& e) -> auto& { return e.optimizers.after; }),
      number(
          "optimizers.span", 0, 1e6, [](auto& e) -> auto& { return e.optimizers.span; }),
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
