#include "engine/roundoff/roundoff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

using Control = RoundoffControl;

constexpr double kAnyValue = 1e-8;  // of an experiment that does not read it

/// Settings with what is left out as declared.
RoundoffSettings defaults(std::vector<std::string> formats, double value = kAnyValue,
                          int length = 10000) {
  RoundoffSettings settings;
  settings.formats = std::move(formats);
  settings.value = value;
  settings.length = length;
  return settings;
}

RoundoffSettings with_addend(RoundoffSettings settings, double addend) {
  settings.addend = addend;
  return settings;
}
RoundoffSettings with_scale(RoundoffSettings settings, double scale) {
  settings.scale = scale;
  return settings;
}
RoundoffSettings with_block(RoundoffSettings settings, int block) {
  settings.block = block;
  return settings;
}

std::vector<RoundoffExperiment> make_experiments() {
  const RoundoffRange additions{1, 1 << 17}, terms{2, 1 << 15}, inner{2, 1 << 12}, size{2, 48};
  return {
      {"tiny",
       {Control::value, Control::formats, Control::rounding, Control::overflow},
       {},
       defaults({"fp16", "bf16", "fp32", "e4m3", "e5m2"}),
       run_tiny},
      {"decimal",
       {Control::value, Control::formats, Control::rounding, Control::overflow},
       {},
       defaults({"fp64", "fp32", "tf32", "fp16", "bf16", "e4m3", "e5m2", "e2m1"}, 0.01),
       run_decimal},
      {"absorption",
       {Control::addend, Control::formats, Control::rounding},
       {},
       with_addend(defaults({"fp16", "bf16", "fp32", "e4m3", "e5m2"}), 1),
       run_absorption},
      {"accumulation",
       {Control::addend, Control::length, Control::start, Control::formats, Control::accumulator,
        Control::rounding, Control::overflow},
       additions,
       defaults({"fp16", "bf16", "fp32"}),
       run_accumulation},
      {"summation",
       {Control::length, Control::formats, Control::rounding, Control::seed},
       terms,
       defaults({"bf16"}, kAnyValue, 4096),
       run_summation},
      {"cancellation",
       {Control::value, Control::formats, Control::rounding},
       {},
       defaults({"fp16", "bf16", "fp32", "fp64"}, 1e-3),
       run_cancellation},
      {"dot",
       {Control::length, Control::formats, Control::accumulator, Control::rounding, Control::seed},
       terms,
       defaults({"bf16", "fp16", "e4m3"}, kAnyValue, 4096),
       run_dot},
      {"matmul",
       {Control::length, Control::formats, Control::accumulator, Control::rounding, Control::seed},
       inner,
       defaults({"bf16", "fp16", "e4m3"}, kAnyValue, 1024),
       run_matmul},
      {"stochastic",
       {Control::addend, Control::length, Control::start, Control::formats, Control::seed},
       additions,
       defaults({"bf16", "fp16"}),
       run_stochastic},
      {"loss_scaling",
       {Control::scale, Control::value, Control::formats, Control::rounding, Control::overflow,
        Control::seed},
       {},
       defaults({"fp16", "e5m2", "e4m3", "bf16"}, 2.4e-7),
       run_loss_scaling},
      {"condition",
       {Control::condition, Control::length, Control::formats, Control::rounding, Control::seed},
       size,
       defaults({"fp16", "bf16", "fp32", "fp64"}, kAnyValue, 16),
       run_condition},
      {"quantization",
       {Control::block, Control::path, Control::tensor, Control::seed},
       {},
       with_block(defaults({"fp32"}), 64),
       run_quantization},
      {"block_scaled",
       {Control::scale, Control::block, Control::formats, Control::path, Control::tensor,
        Control::rounding, Control::overflow, Control::seed},
       {},
       with_scale(defaults({"e4m3", "e5m2", "e2m1"}), 0x1p-8),
       run_block_scaled},
  };
}

/// The names of values, in one line.
std::string listed(std::span<const RoundoffExperiment> experiments) {
  std::string names;
  for (const RoundoffExperiment& experiment : experiments)
    names += (names.empty() ? "" : " ") + std::string(experiment.name);
  return names;
}

std::string key_of(Control control) { return fmt::format("numbers.{}", name_of(control)); }

Result<void> within(Control control, double value, RoundoffRange range) {
  if (value >= range.low && value <= range.high) return {};
  return input_error(key_of(control), "{} is not allowed; allowed are {} to {}.",
                     fmt::format("{:g}", value), fmt::format("{:g}", range.low),
                     fmt::format("{:g}", range.high));
}

/// The format, if it is one to compute in.
Result<NumberFormat> floating_format(Control control, const std::string& name) {
  auto format = parse_format(name);
  if (!format) return input_error(key_of(control), format.error().what);
  if (!can_compute_in(*format))
    return input_error(key_of(control),
                       "{} has no sign or is no floating-point format; take one of "
                       "fp64 fp32 tf32 bf16 fp16 e4m3 e5m2 e2m3 e3m2 e2m1.",
                       name);
  return format;
}

}  // namespace

bool RoundoffExperiment::reads(RoundoffControl control) const {
  return std::ranges::find(controls, control) != controls.end();
}

bool can_compute_in(const NumberFormat& format) {
  return !format.is_integer && format.has_sign && format.has_zero;
}

std::span<const RoundoffExperiment> roundoff_experiments() {
  static const std::vector<RoundoffExperiment> experiments = make_experiments();
  return experiments;
}

const RoundoffExperiment* find_roundoff_experiment(std::string_view name) {
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    if (experiment.name == name) return &experiment;
  return nullptr;
}

Result<void> validate_roundoff(const RoundoffExperiment& experiment,
                               const RoundoffSettings& settings) {
  struct Check {
    Control control;
    double value;
    RoundoffRange range;
  };
  const Check checks[] = {
      {Control::value, settings.value, kValueRange},
      {Control::length, static_cast<double>(settings.length), experiment.length},
      {Control::addend, settings.addend, kAddendRange},
      {Control::start, settings.start, kStartRange},
      {Control::scale, settings.scale, kScaleRange},
      {Control::condition, settings.condition, kConditionRange},
      {Control::block, static_cast<double>(settings.block), kBlockRange},
  };
  for (const Check& check : checks)
    if (experiment.reads(check.control))
      if (auto valid = within(check.control, check.value, check.range); !valid) return valid;
  if (experiment.reads(Control::formats)) {
    if (settings.formats.empty() || settings.formats.size() > kMostChartFormats)
      return input_error(key_of(Control::formats), "{} formats are not allowed; name 1 to {}.",
                         settings.formats.size(), kMostChartFormats);
    for (const std::string& name : settings.formats)
      if (const auto format = floating_format(Control::formats, name); !format)
        return tl::unexpected(format.error());
  }
  if (experiment.reads(Control::accumulator))
    if (const auto format = floating_format(Control::accumulator, settings.accumulator); !format)
      return tl::unexpected(format.error());
  return {};
}

Result<RoundoffChart> run_roundoff(std::string_view name, const RoundoffSettings& settings,
                                   std::stop_token stop) {
  const RoundoffExperiment* experiment = find_roundoff_experiment(name);
  if (!experiment)
    return input_error("experiment", "\"{}\" is none; there are {}.", name,
                       listed(roundoff_experiments()));
  if (const auto valid = validate_roundoff(*experiment, settings); !valid)
    return tl::unexpected(valid.error());
  RoundoffTask task{settings, {}, *find_format("fp32"), std::move(stop)};
  if (experiment->reads(Control::formats))
    for (const std::string& format : settings.formats)
      task.formats.push_back(*parse_format(format));
  if (experiment->reads(Control::accumulator))
    task.accumulator = *parse_format(settings.accumulator);
  return experiment->run(task);
}

Evidence RoundoffTask::evidence(const NumberFormat& format) const {
  const bool is_fp32 = format.name == "fp32" && settings.rounding == Rounding::nearest_even;
  return format.name == "fp64" || is_fp32 ? Evidence::measured : Evidence::emulated;
}

ChartCurve RoundoffTask::curve(const NumberFormat& format, std::string_view label) const {
  return {format.name, roundoff_key(label), evidence(format), "", {}, {}};
}

}  // namespace nanscope
