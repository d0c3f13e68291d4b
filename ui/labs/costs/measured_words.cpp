#include "ui/labs/costs/measured_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "ui/labs/costs/measured.h"
#include "ui/labs/costs/plots/measured_bars.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string of_a_hundred(double share) { return number_text(100 * share); }

/// Whether the plot has marks that were measured: what another machine would reach was not.
bool shows_measured(const CostsPicture& picture) {
  const bool of_device =
      picture.settings.view == CostsView::roofline && picture.settings.roof == Roof::datasheet;
  return picture.measured && !of_device;
}

/// The operation that most of a step's time goes to, beside its roof.
std::string slowest_words(const CostsPicture& picture) {
  const MeasuredCosts& costs = *picture.measured;
  const std::vector<RooflineDot> dots = roofline_dots(costs);
  if (dots.empty()) return "";
  const auto most = std::ranges::max_element(
      dots, {}, [&](const RooflineDot& dot) { return costs.share_of_step(dot.row); });
  const double roof = attainable(*picture.peak, most->intensity);
  return " " + format_text("costs.sentence.slowest",
                           fmt::arg("operation", moment_words(costs.timeline.rows[most->row])),
                           fmt::arg("share", of_a_hundred(costs.share_of_step(most->row))),
                           fmt::arg("of_roof", of_a_hundred(most->flop_per_second / roof)));
}

}  // namespace

std::string share_words(double share) { return of_a_hundred(share) + " %"; }

std::string looks_words(const MeasuredCosts& costs) {
  if (costs.seconds_between() >= 0) return "";
  return format_text("costs.looks_take_more",
                     fmt::arg("seconds", seconds_text(-costs.seconds_between())));
}

std::string status_words(const CostsPicture& picture) {
  if (shows_measured(picture)) return measured_note(*picture.measured);
  switch (picture.settings.view) {
    case CostsView::data:
      return text("costs.status.data");
    case CostsView::calibration: {
      const auto& found = picture.calibration;
      if (!found || found->types.empty()) return text("costs.status.not_calibrated");
      return format_text("costs.calibrated_note", fmt::arg("when", calibrated_words(*found)));
    }
    case CostsView::walk:
      if (picture.settings.walk == WalkOf::example) return text("costs.computed");
      return text("costs.predicted_by_plan");
    default:
      return text("costs.status");
  }
}

std::string foot_words(const CostsPicture& picture) {
  const Costs& costs = picture.settings;
  if (costs.view == CostsView::calibration)
    return format_text("costs.foot.calibrated",
                       fmt::arg("when", calibrated_words(*picture.calibration)));
  if (costs.view == CostsView::data) return text("costs.foot.data");
  if (shows_measured(picture))
    return format_text("costs.foot.measured", fmt::arg("note", measured_note(*picture.measured)),
                       fmt::arg("machine", picture.measured->machine.processor));
  const bool example = costs.view == CostsView::walk && costs.walk == WalkOf::example;
  return text(example ? "costs.foot.example" : "costs.foot");
}

std::string threads_words(int threads) { return count_text("costs.threads", threads); }

std::string measured_note(const MeasuredCosts& costs) {
  return format_text("costs.measured_note", fmt::arg("steps", costs.steps),
                     fmt::arg("threads", threads_words(costs.threads)));
}

std::string residual_words(std::string_view name) {
  return text(fmt::format("costs.residual.{}", name));
}

std::string calibrated_words(const Calibration& calibration) {
  std::string threads = threads_words(calibration.machine.threads);
  if (calibration.disturbed) threads += text("costs.disturbed");
  if (calibration.at == 0) return threads;
  const auto at = static_cast<std::time_t>(calibration.at);
  std::tm local = {};
  if (!::localtime_r(&at, &local)) return threads;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}, {}", local.tm_year + 1900, local.tm_mon + 1,
                     local.tm_mday, local.tm_hour, local.tm_min, threads);
}

std::string measured_memory_words(const CostsPicture& picture) {
  std::string words;
  if (picture.training)
    words += " " + format_text("costs.sentence.training", fmt::arg("step", picture.training->steps),
                               fmt::arg("steps", picture.training->goal));
  if (!picture.measured) return words;
  const MeasuredCosts& costs = *picture.measured;
  const std::int64_t more = costs.peak - costs.predicted_peak();
  const std::string peak = bytes_text(static_cast<double>(costs.peak));
  if (more == 0)
    return words + " " + format_text("costs.sentence.held_as_predicted", fmt::arg("peak", peak));
  return words + " " +
         format_text(more > 0 ? "costs.sentence.held_more" : "costs.sentence.held_less",
                     fmt::arg("peak", peak),
                     fmt::arg("bytes", bytes_text(std::abs(static_cast<double>(more)))));
}

std::string measured_flops_words(const CostsPicture& picture) {
  if (!picture.measured) return "";
  const MeasuredCosts& costs = *picture.measured;
  const std::string words =
      " " + format_text("costs.sentence.measured_step",
                        fmt::arg("seconds", seconds_text(costs.seconds_per_step)),
                        fmt::arg("rate", flop_rate_words(costs.flop_per_second())));
  if (!picture.peak) return words + ". " + picture.no_peak;
  const StepUtilisation share = utilisation(costs, *picture.peak);
  const std::string of =
      format_text("costs.sentence.utilisation", fmt::arg("mfu", of_a_hundred(share.mfu)),
                  fmt::arg("hfu", of_a_hundred(share.hfu)), fmt::arg("name", picture.peak->name),
                  fmt::arg("peak", flop_rate_words(picture.peak->flop_per_second)),
                  fmt::arg("type", costs.computed_in));
  if (doubt_of(share, *picture.peak).empty()) return words + ": " + of;
  return words + ": " + of + " " +
         format_text("costs.sentence.doubt",
                     fmt::arg("peak", flop_rate_words(picture.peak->flop_per_second)));
}

std::string roofline_sentence(const CostsPicture& picture) {
  if (!picture.peak) return picture.no_peak;
  const UsedPeak& peak = *picture.peak;
  std::string words =
      format_text("costs.sentence.roofline",
                  fmt::arg("name", peak.measured ? std::string(text("costs.machine")) : peak.name),
                  fmt::arg("type", type_of_products(picture)),
                  fmt::arg("ridge", number_text(ridge_point(peak))),
                  fmt::arg("bandwidth", byte_rate_words(peak.bytes_per_second)),
                  fmt::arg("peak", flop_rate_words(peak.flop_per_second)));
  if (picture.settings.roof == Roof::datasheet)
    return words + " " + text("costs.sentence.roof_of_device");
  return picture.measured ? words + slowest_words(picture) : words;
}

std::string measuring_hint(const CostsPicture& picture) {
  const Costs& costs = picture.settings;
  const bool of_device = costs.view == CostsView::roofline && costs.roof == Roof::datasheet;
  if (!can_be_measured(costs) || picture.measured || !picture.complete() || of_device) return "";
  return " " + not_measured_words(picture);
}

std::string calibration_sentence(const CostsPicture& picture) {
  if (!picture.calibration) return "";
  const Calibration& found = *picture.calibration;
  if (found.types.empty()) return text("costs.not_calibrated");
  const auto best = std::ranges::max_element(found.types, {}, &TypeSpeed::peak);
  const auto at = std::ranges::max_element(best->products, {}, &ProductSpeed::flop_per_second);
  return format_text("costs.sentence.calibration", fmt::arg("type", best->type),
                     fmt::arg("peak", flop_rate_words(best->peak())), fmt::arg("size", at->size),
                     fmt::arg("threads", threads_words(found.machine.threads)),
                     fmt::arg("bandwidth", byte_rate_words(found.bytes_per_second())));
}

}  // namespace nanscope
