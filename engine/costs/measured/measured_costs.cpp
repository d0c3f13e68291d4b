#include "engine/costs/measured/measured_costs.h"

#include <fmt/format.h>

#include <algorithm>

namespace nanscope {
namespace {

double bytes_of(const Cost& cost) {
  return static_cast<double>(cost.bytes_read + cost.bytes_written);
}

double a_second(const MeasuredCosts& costs, std::size_t row, double amount) {
  const double seconds = row < costs.rows.size() ? costs.rows[row].seconds : 0;
  const double networks = costs.experiment.network.networks;
  return seconds > 0 ? amount / networks / seconds : 0;
}

}  // namespace

PredictedCosts predicted_costs(const Experiment& experiment, const TrainingTask& task,
                               const PlanDescription& plan) {
  PredictedCosts costs{.plan = plan_costs(experiment, plan),
                       .timeline = step_timeline(experiment, plan),
                       .beside = held_beside_plan(experiment, task, plan)};
  if (const std::int64_t most = costs.timeline.temporaries(); most > 0)
    costs.beside.push_back({"temporaries", most});
  return costs;
}

std::size_t MeasuredCosts::peak_row() const {
  const auto most = std::ranges::max_element(rows, {}, &MeasuredRow::peak);
  return most == rows.end() ? 0 : static_cast<std::size_t>(most - rows.begin());
}

double MeasuredCosts::flop_per_second(std::size_t row) const {
  return a_second(*this, row, timeline.rows[row].own_flops);
}

double MeasuredCosts::bytes_per_second(std::size_t row) const {
  return a_second(*this, row, bytes_of(timeline.rows[row].cost));
}

int MeasuredCosts::times_of(std::size_t row) const {
  const int networks = experiment.network.networks;
  switch (timeline.rows[row].part) {
    case StepPart::samples:
    case StepPart::forward:
    case StepPart::again:
    case StepPart::backward:
      return networks * experiment.training.accumulation;
    default:
      return networks;
  }
}

double MeasuredCosts::share_of_step(std::size_t row) const {
  return seconds_per_step > 0 ? times_of(row) * rows[row].seconds / seconds_per_step : 0;
}

double MeasuredCosts::seconds_between() const {
  double between = seconds_per_step;
  for (std::size_t i = 0; i < rows.size(); ++i) between -= times_of(i) * rows[i].seconds;
  return between;
}

std::string MeasuredCosts::rows_of() const {
  const int batches = experiment.training.accumulation, networks = experiment.network.networks;
  std::string words = batches > 1 ? fmt::format("one of {} micro-batches", batches) : "";
  if (networks > 1)
    words += fmt::format("{}the first of {} networks", batches > 1 ? " of " : "", networks);
  return words;
}

StepUtilisation utilisation(const MeasuredCosts& costs, const UsedPeak& peak) {
  const double most = costs.seconds_per_step * peak.flop_per_second;
  if (most <= 0) return {};
  return {.mfu = costs.predicted.step() / most, .hfu = costs.predicted.hardware() / most};
}

std::optional<UsedPeak> calibrated_peak(const MeasuredCosts& costs,
                                        const Calibration& calibration) {
  const auto peak = calibration.peak_of(costs.computed_in);
  Machine of_run = costs.machine;
  of_run.threads = costs.threads;
  if (!peak || (calibration.machine != costs.machine && calibration.machine != of_run))
    return std::nullopt;
  return UsedPeak{.flop_per_second = *peak,
                  .bytes_per_second = calibration.bytes_per_second(),
                  .name = fmt::format("this machine in {}, calibrated", costs.computed_in),
                  .measured = true,
                  .threads = calibration.machine.threads};
}

Message doubt_of(const StepUtilisation& utilisation, const UsedPeak& peak) {
  if (utilisation.mfu <= 1 && utilisation.hfu <= 1) return {};
  return message(
      "a share above 1 says that the peak is not this work's: {} FLOP/s ({}) is less than was "
      "measured; another type of numbers, or another device, computed.",
      peak.flop_per_second, peak.name);
}

double attainable(const UsedPeak& peak, double intensity) {
  if (peak.bytes_per_second <= 0) return peak.flop_per_second;
  return std::min(peak.flop_per_second, intensity * peak.bytes_per_second);
}

double ridge_point(const UsedPeak& peak) {
  return peak.bytes_per_second > 0 ? peak.flop_per_second / peak.bytes_per_second : 0;
}

std::vector<RooflineDot> roofline_dots(const MeasuredCosts& costs) {
  std::vector<RooflineDot> dots;
  for (std::size_t i = 0; i < costs.rows.size(); ++i) {
    const TimelineRow& row = costs.timeline.rows[i];
    const double bytes = bytes_of(row.cost), speed = costs.flop_per_second(i);
    if (bytes > 0 && speed > 0)
      dots.push_back({.row = i, .intensity = row.own_flops / bytes, .flop_per_second = speed});
  }
  return dots;
}

}  // namespace nanscope
