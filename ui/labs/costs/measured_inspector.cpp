#include "ui/labs/costs/measured_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "ui/labs/costs/measured.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/number_table.h"

namespace nanscope {
namespace {

constexpr std::size_t kShownLayers = 8, kShownOperations = 6;

NumberCell exact_bytes(std::int64_t bytes) {
  NumberCell cell(bytes_text(static_cast<double>(bytes)));
  cell.exact = std::to_string(bytes);
  return cell;
}

NumberCell rate_cell(const std::string& words, double rate) {
  NumberCell cell(words);
  cell.exact = fmt::format("{}", rate);
  return cell;
}

NumberCell percent_cell(double share) { return rate_cell(share_words(share), share); }

void small_paragraph(const std::string& words, const LabView& view) {
  wrapped_text(words, view.style.fonts.regular, 0.875f, view.style.palette.muted);
}

/// Indices of so many things, those with the most first.
template <class Value>
std::vector<std::size_t> largest_first(std::size_t count, std::size_t most, Value value) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), value);
  order.resize(std::min(count, most));
  return order;
}

std::int64_t bytes_named(const std::vector<ResidualPart>& parts, const std::string& name) {
  const auto found = std::ranges::find(parts, name, &ResidualPart::name);
  return found == parts.end() ? 0 : found->bytes;
}

/// One layer, or the whole.
void memory_rows(NumberTable& table, const PlanMemory& predicted, const PlanMemory* measured,
                 const Style& style) {
  const auto row = [&](const std::string& name, std::int64_t by_plan, std::int64_t by_allocator) {
    if (by_plan == 0 && by_allocator == 0) return;
    if (measured)
      table.row({name, exact_bytes(by_plan), exact_bytes(by_allocator)}, style.palette.text);
    else
      table.row({name, exact_bytes(by_plan)}, style.palette.text);
  };
  for (const auto& [key, bytes] : kPlanMemoryParts)
    row(text(fmt::format("costs.part.{}", key)), predicted.*bytes, measured ? measured->*bytes : 0);
  row(text("costs.total"), predicted.total(), measured ? measured->total() : 0);
}

void layer_table(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  if (!picture.layer) return;
  const Style& style = view.style;
  const PlanLayerCosts& layer = picture.run->costs.layers[*picture.layer];
  const PlanMemory* measured =
      picture.measured ? &picture.measured->layers[*picture.layer] : nullptr;
  heading(format_text("costs.layer", fmt::arg("name", layer.name)).c_str(), style);
  if (measured) {
    NumberTable table("layer", {"", text("costs.predicted"), text("costs.measured")}, style,
                      requests.copy);
    memory_rows(table, layer.memory, measured, style);
  } else {
    NumberTable table("layer", {"", text("costs.predicted")}, style, requests.copy);
    memory_rows(table, layer.memory, nullptr, style);
  }
}

void largest_layers(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  const std::vector<PlanLayerCosts>& layers = picture.run->costs.layers;
  heading(text("costs.largest_layers"), style);
  NumberTable table("layers", {"", text("costs.predicted")}, style, requests.copy);
  for (const std::size_t i : largest_first(layers.size(), kShownLayers, [&](std::size_t one) {
         return layers[one].memory.total();
       }))
    table.row({layers[i].name, exact_bytes(layers[i].memory.total())}, style.palette.text);
  if (const std::int64_t shared = picture.run->costs.shared.total(); shared > 0)
    table.row({text("costs.shared"), exact_bytes(shared)}, style.palette.muted);
}

void allocator_table(const MeasuredCosts& costs, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  heading(text("costs.allocator"), style);
  {
    NumberTable table("allocator", {"", text("costs.predicted"), text("costs.measured")}, style,
                      requests.copy);
    memory_rows(table, costs.predicted.memory, &costs.memory, style);
    for (const ResidualPart& part : costs.residual)
      table.row({residual_words(part.name), exact_bytes(bytes_named(costs.beside, part.name)),
                 exact_bytes(part.bytes)},
                style.palette.text);
    table.row(
        {text("costs.at_the_peak"), exact_bytes(costs.predicted_peak()), exact_bytes(costs.peak)},
        style.palette.text);
    if (costs.resident > 0)
      table.row({text("costs.process"), "-", exact_bytes(costs.resident)}, style.palette.muted);
  }
  small_paragraph(
      format_text("costs.allocator_about",
                  fmt::arg("moment", moment_words(costs.timeline.rows[costs.peak_row()]))),
      view);
}

/// With the share of its roof that each reaches, where there is one.
void slowest_operations(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  const MeasuredCosts& costs = *picture.measured;
  const Style& style = view.style;
  heading(text("costs.slowest"), style);
  const double between = costs.seconds_between();
  {
    NumberTable table("slowest", {"", text("costs.time"), text("costs.of_step_short")}, style,
                      requests.copy);
    const auto row = [&](const std::string& name, double seconds, double share) {
      NumberCell cell(seconds_text(seconds));
      cell.exact = fmt::format("{}", seconds);
      table.row({name, cell, fmt::format("{:.1f} %", 100 * share)}, style.palette.text);
    };
    for (const std::size_t i :
         largest_first(costs.rows.size(), kShownOperations,
                       [&](std::size_t one) { return costs.share_of_step(one); }))
      row(moment_words(costs.timeline.rows[i]), costs.rows[i].seconds, costs.share_of_step(i));
    if (between >= 0) row(text("costs.between"), between, between / costs.seconds_per_step);
  }
  if (const std::string words = looks_words(costs); !words.empty()) small_paragraph(words, view);
}

}  // namespace

void draw_measured_memory(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  layer_table(picture, view, requests);
  if (view.brief && picture.layer) return;
  if (picture.measured) allocator_table(*picture.measured, view, requests);
  largest_layers(picture, view, requests);
}

void draw_measured_flops(const CostsPicture& picture, const LabView& view, LabRequests& requests) {
  if (!picture.measured) return;
  const MeasuredCosts& costs = *picture.measured;
  const Style& style = view.style;
  heading(text("costs.measured_heading"), style);
  {
    NumberTable table("measured", {"", text("costs.measured")}, style, requests.copy);
    table.row({text("costs.a_step"), seconds_text(costs.seconds_per_step)}, style.palette.text);
    table.row(
        {"FLOP/s", rate_cell(flop_rate_words(costs.flop_per_second()), costs.flop_per_second())},
        style.palette.text);
    if (picture.peak) {
      const StepUtilisation share = utilisation(costs, *picture.peak);
      table.row({"MFU", percent_cell(share.mfu)}, style.palette.text);
      table.row({"HFU", percent_cell(share.hfu)}, style.palette.text);
      table.row({text("costs.of_peak"), rate_cell(flop_rate_words(picture.peak->flop_per_second),
                                                  picture.peak->flop_per_second)},
                style.palette.text);
    }
  }
  small_paragraph(picture.peak ? format_text("costs.peak_is", fmt::arg("name", picture.peak->name),
                                             fmt::arg("type", costs.computed_in))
                               : picture.no_peak,
                  view);
  slowest_operations(picture, view, requests);
}

void draw_roofline_inspector(const CostsPicture& picture, const LabView& view,
                             LabRequests& requests) {
  const Style& style = view.style;
  heading(text("costs.roofs"), style);
  {
    NumberTable table("roofs", {"", text("costs.axis.rate"), text("costs.ridge_short")}, style,
                      requests.copy);
    for (const RoofLine& line : roof_lines(picture))
      table.row({line.type,
                 rate_cell(flop_rate_words(line.peak.flop_per_second), line.peak.flop_per_second),
                 ridge_point(line.peak)},
                style.palette.text);
    table.row(
        {text("costs.memory"),
         rate_cell(byte_rate_words(picture.peak->bytes_per_second), picture.peak->bytes_per_second),
         ""},
        style.palette.text);
  }
  if (picture.settings.roof == Roof::datasheet && picture.names) {
    const auto device =
        std::ranges::find(picture.names->devices, picture.settings.device, &DeviceSheet::name);
    if (device != picture.names->devices.end())
      small_paragraph(format_text("costs.source", fmt::arg("source", device->source)), view);
  }
  small_paragraph(text("costs.roofline_about"), view);
  if (picture.measured) slowest_operations(picture, view, requests);
}

void draw_calibration_inspector(const CostsPicture& picture, const LabView& view,
                                LabRequests& requests) {
  const Calibration& found = *picture.calibration;
  const Style& style = view.style;
  heading(text("costs.machine"), style);
  small_paragraph(found.machine.processor, view);
  {
    NumberTable table("machine", {"", text("costs.measured")}, style, requests.copy);
    for (const TypeSpeed& type : found.types)
      table.row({type.type, rate_cell(flop_rate_words(type.peak()), type.peak())},
                style.palette.text);
    table.row({text("costs.copy"),
               rate_cell(byte_rate_words(found.bandwidth.copy), found.bandwidth.copy)},
              style.palette.text);
    table.row({text("costs.triad"),
               rate_cell(byte_rate_words(found.bandwidth.triad), found.bandwidth.triad)},
              style.palette.text);
    table.row({text("costs.arrays_of"), exact_bytes(found.bandwidth.bytes)}, style.palette.text);
    table.row({text("costs.took"), seconds_text(found.seconds)}, style.palette.text);
  }
  small_paragraph(
      calibrated_words(found) + text("describe.separator") + "LibTorch " + found.machine.libtorch,
      view);
  if (found.disturbed) small_paragraph(text("costs.disturbed_about"), view);
  small_paragraph(text("costs.calibration_about"), view);
}

}  // namespace nanscope
