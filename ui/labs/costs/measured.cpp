#include "ui/labs/costs/measured.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/base/message.h"
#include "engine/costs/devices.h"
#include "engine/costs/requests/lab_keys.h"
#include "engine/recipe/training_request.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Seconds for which settings are left as they are before they are measured again.
constexpr double kRest = 0.4;

/// The run as Training would run it.
Experiment measured_experiment(const Experiment& experiment) {
  Experiment asked = run_costs_request(experiment).experiment;
  asked.network.init = experiment.network.init;
  asked.network.seed = experiment.network.seed;
  return asked;
}

std::shared_ptr<const MeasuredCosts> measured_of(const RunCosts* run, const JobResults& results,
                                                 std::string_view slot) {
  auto measured = results.latest<CostMeasurementRequest>(slot);
  if (!run || !measured) return nullptr;
  return run_costs_request(measured->experiment).experiment == run->of ? measured : nullptr;
}

/// Measured once: two measurings of one step differ by what the machine did beside them.
bool is_measured_as(const Experiment& experiment, const Experiment& other) {
  return measured_experiment(experiment) == measured_experiment(other);
}

const DeviceSheet* device_of(const CostsPicture& picture) {
  if (!picture.names) return nullptr;
  const auto found =
      std::ranges::find(picture.names->devices, picture.settings.device, &DeviceSheet::name);
  return found == picture.names->devices.end() ? nullptr : &*found;
}

/// The figures of a device, or a peak that was typed in.
void add_datasheet_peak(CostsPicture& picture) {
  const Costs& costs = picture.settings;
  const DeviceSheet* const device = device_of(picture);
  if (!device) {
    if (picture.names)
      if (const auto found = find_device(picture.names->devices, costs.device); !found)
        picture.no_peak = error_text({.where = "costs.device", .what = found.error().what});
    return;
  }
  const std::string type = type_of_products(picture);
  const auto sheet = device->flop_per_second.find(type);
  if (costs.peak == 0 && sheet == device->flop_per_second.end()) {
    picture.no_peak = format_text("costs.no_peak_of_type", fmt::arg("device", device->title),
                                  fmt::arg("type", type));
    return;
  }
  picture.peak = UsedPeak{.flop_per_second = costs.peak > 0 ? costs.peak : sheet->second,
                          .bytes_per_second = device->bytes_per_second,
                          .name = device->title};
}

void add_calibrated_peak(CostsPicture& picture) {
  if (!picture.calibration) return;
  const Calibration& calibration = *picture.calibration;
  if (calibration.types.empty()) {
    picture.no_peak = text("costs.not_calibrated");
    return;
  }
  const std::string type = type_of_products(picture);
  const auto peak = calibration.peak_of(type);
  if (!peak) {
    picture.no_peak =
        format_text("costs.no_peak_of_type", fmt::arg("device", text("costs.this_machine")),
                    fmt::arg("type", type));
    return;
  }
  picture.peak = UsedPeak{.flop_per_second = *peak,
                          .bytes_per_second = calibration.bytes_per_second(),
                          .name = text("costs.this_machine"),
                          .measured = true,
                          .threads = calibration.machine.threads};
}

void add_training(const JobResults& results, CostsPicture& picture) {
  const auto run = results.latest<TrainingRequest>();
  if (!run || !picture.run) return;
  if (run_costs_request(run->present()).experiment == picture.run->of) picture.training = run;
}

}  // namespace

bool can_be_measured(const Costs& costs) {
  return costs.view == CostsView::memory || has_roof(costs);
}

bool has_roof(const Costs& costs) {
  return costs.view == CostsView::flops || costs.view == CostsView::roofline;
}

std::string type_of_products(const CostsPicture& picture) {
  const RunCosts& run = *picture.run;
  if (picture.measured) return picture.measured->computed_in;
  const bool here = picture.settings.roof == Roof::calibrated;
  return here && run.costs.emulated ? "fp32" : peak_name(run.of.network.precision);
}

void add_measured(const Experiment& experiment, const JobResults& results, CostsPicture& picture) {
  const Costs& costs = experiment.costs;
  if (costs.view == CostsView::calibration || has_roof(costs))
    picture.calibration = results.latest<CalibrationRequest>();
  if (costs.view == CostsView::memory) add_training(results, picture);
  if (!can_be_measured(costs) || !picture.run) return;
  if (costs.measured) {
    picture.measured = measured_of(picture.run.get(), results, CostMeasurementRequest::kSlot);
    const auto other = compared_with(experiment);
    picture.other_measured = picture.other && other && is_measured_as(experiment, *other)
                                 ? picture.measured
                                 : measured_of(picture.other.get(), results, kOtherMeasuredSlot);
  }
  if (experiment.view.layer) {
    const int index = *experiment.view.layer - first_layer_of(*picture.run);
    if (index >= 0 && index < static_cast<int>(picture.run->plan.layers.size()))
      picture.layer = static_cast<std::size_t>(index);
  }
  if (!has_roof(costs)) return;
  picture.names = results.latest<CostNamesRequest>();
  costs.roof == Roof::datasheet ? add_datasheet_peak(picture) : add_calibrated_peak(picture);
}

std::vector<RoofLine> roof_lines(const CostsPicture& picture) {
  std::vector<RoofLine> lines;
  if (!picture.peak) return lines;
  const auto add = [&](const std::string& type, double flops) {
    RoofLine& line = lines.emplace_back(RoofLine{.type = type, .peak = *picture.peak});
    line.peak.flop_per_second = flops;
  };
  const std::string type = type_of_products(picture);
  add(type, picture.peak->flop_per_second);
  if (picture.settings.roof == Roof::datasheet) {
    if (const DeviceSheet* device = device_of(picture))
      for (const auto& [name, flops] : device->flop_per_second)
        if (name != type) add(name, flops);
  } else {
    for (const TypeSpeed& one : picture.calibration->types)
      if (one.type != type && !one.products.empty()) add(one.type, one.peak());
  }
  std::ranges::sort(lines, std::greater(),
                    [](const RoofLine& line) { return line.peak.flop_per_second; });
  return lines;
}

namespace {

/// Why there is no roof of a datasheet: what find_device() says, or that the device lacks the type.
Result<void> check_datasheet(const CostsPicture& picture) {
  if (!picture.run || !picture.names || picture.peak) return {};
  const DeviceSheet* const device = device_of(picture);
  if (!device) {
    const auto found = find_device(picture.names->devices, picture.settings.device);
    return found ? Result<void>() : tl::unexpected(of_lab(found.error(), "costs.device"));
  }
  std::vector<std::string> types;
  for (const auto& [name, peak] : device->flop_per_second) types.push_back(name);
  return input_error("precision", "{} has no {}; it has {}. costs.peak takes a figure of yours.",
                     device->name, type_of_products(picture), name_list(types));
}

}  // namespace

Result<void> check_measured(const Experiment& experiment, const JobResults& results) {
  const Costs& costs = experiment.costs;
  if (costs.view == CostsView::roofline && costs.roof == Roof::datasheet)
    return check_datasheet(costs_picture(experiment, results));
  const bool calibrated = costs.view == CostsView::calibration ||
                          (costs.view == CostsView::roofline && costs.roof == Roof::calibrated);
  if (!calibrated) return {};
  const auto calibration = results.latest<CalibrationRequest>();
  if (!calibration || !calibration->types.empty()) return {};
  return input_error("costs.view",
                     "{} shows what this machine reaches, and it has not been calibrated; nanscope "
                     "cost calibrate measures it in 20 seconds at most.",
                     name_of(costs.view));
}

void Measuring::calibrate() {
  calibrating_ = true;
  ++calibration_turn_;
}

CalibrationRequest Measuring::calibration() const {
  return {.afresh = calibrating_, .looks = !calibrating_, .turn = calibration_turn_};
}

void Measuring::look(const Experiment& experiment, const SessionView& session, bool busy,
                     double now) {
  seconds_to_rest_ = std::numeric_limits<double>::infinity();
  // Kept for this machine, it is looked up from then on.
  const SlotView& machine = session.slot(CalibrationRequest::kSlot);
  if (calibrating_ && machine.state == SlotState::idle &&
      machine.wanted == JobRequest(calibration())) {
    const auto found = machine.result.as<Calibration>();
    calibrating_ = machine.up_to_date() && found && !found->not_kept.empty();
  }
  looked_ = true;
  if (!experiment.costs.measured || !can_be_measured(experiment.costs)) return latest_.reset();
  Experiment asked = measured_experiment(experiment);
  if (latest_ != asked) {
    changed_at_ = latest_ ? now : now - kRest;
    latest_ = std::move(asked);
  }
  const double left = changed_at_ + kRest - now;
  rests_ = !busy && left <= 0;
  if (left > 0) seconds_to_rest_ = left;
  const SlotView& slot = session.slot(CostMeasurementRequest::kSlot);
  first_is_done_ =
      slot.state == SlotState::idle && requested_ &&
      slot.wanted == JobRequest(CostMeasurementRequest{.experiment = *requested_, .turn = turn_});
}

std::vector<JobRequest> Measuring::jobs(const Experiment& experiment) const {
  const Costs& costs = experiment.costs;
  std::vector<JobRequest> jobs;
  if (costs.view == CostsView::calibration || (has_roof(costs) && costs.roof == Roof::calibrated))
    jobs.emplace_back(calibration());
  if (!costs.measured || !can_be_measured(costs)) return jobs;
  const Experiment asked = measured_experiment(experiment);
  if (!looked_ || (rests_ && latest_ == asked)) requested_ = asked;
  if (!requested_) return jobs;
  jobs.emplace_back(CostMeasurementRequest{.experiment = *requested_, .turn = turn_});
  if (!looked_ || (first_is_done_ && requested_ == asked))
    if (const auto other = compared_with(experiment); other && !is_measured_as(experiment, *other))
      jobs.emplace_back(
          CostMeasurementRequest{.experiment = measured_experiment(*other), .turn = turn_},
          kOtherMeasuredSlot);
  return jobs;
}

}  // namespace nanscope
