#include "ui/labs/costs/plots/measured_bars.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::size_t kMostNames = 4;  ///< of tensors that a reading tells

bool is_of_kernels(const ResidualPart& part) {
  return part.name == "temporaries" || part.name == "workspace" || part.name == "unnamed";
}

double bytes_of_parts(const std::vector<ResidualPart>& parts, bool of_kernels) {
  double sum = 0;
  for (const ResidualPart& part : parts)
    if (is_of_kernels(part) == of_kernels) sum += static_cast<double>(part.bytes);
  return sum;
}

/// "as predicted", "+40 KiB".
std::string difference_words(double measured, double predicted) {
  const double more = measured - predicted;
  if (more == 0) return text("costs.as_predicted");
  return format_text(more > 0 ? "costs.more_than_predicted" : "costs.less_than_predicted",
                     fmt::arg("bytes", bytes_text(std::abs(more))));
}

Bar measured_row(std::string name, const MeasuredCosts* costs, std::size_t parts,
                 const std::string& none) {
  Bar bar{.name = std::move(name), .values = std::vector<double>(parts), .note = none};
  bar.measured = true;
  if (!costs) return bar;
  bar.values = memory_values(costs->memory);
  bar.values.push_back(bytes_of_parts(costs->residual, false));
  bar.values.push_back(bytes_of_parts(costs->residual, true));
  bar.note = difference_words(static_cast<double>(costs->peak),
                              static_cast<double>(costs->predicted_peak()));
  for (const ResidualPart& part : costs->residual)
    bar.more.push_back(format_text("costs.residual_line",
                                   fmt::arg("name", residual_words(part.name)),
                                   fmt::arg("bytes", bytes_text(static_cast<double>(part.bytes)))));
  return bar;
}

std::string names_line(const char* key, const std::vector<std::string>& names) {
  const std::span<const std::string> shown(names.data(), std::min(names.size(), kMostNames));
  std::string words = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > kMostNames)
    words += format_text("costs.and_more", fmt::arg("count", names.size() - kMostNames));
  return format_text(key, fmt::arg("names", words));
}

Bar seconds_bar(const MeasuredCosts& costs, std::size_t row) {
  const TimelineRow& moment = costs.timeline.rows[row];
  Bar bar{.name = moment_words(moment), .values = std::vector<double>(moment_parts().size())};
  bar.values[part_of_moment(moment.part)] = costs.times_of(row) * costs.rows[row].seconds;
  bar.note = moment.equation;
  bar.measured = true;
  bar.more.push_back(format_text("costs.share_of_step",
                                 fmt::arg("share", number_text(100 * costs.share_of_step(row)))));
  if (costs.times_of(row) > 1)
    bar.more.push_back(format_text("costs.times_a_step", fmt::arg("times", costs.times_of(row)),
                                   fmt::arg("seconds", seconds_text(costs.rows[row].seconds))));
  if (const double rate = costs.flop_per_second(row); rate > 0)
    bar.more.push_back(flop_rate_words(rate));
  if (const double rate = costs.bytes_per_second(row); rate > 0)
    bar.more.push_back(byte_rate_words(rate));
  return bar;
}

void set_seconds_axis(StackedBars& bars) {
  double largest = 0;
  for (const Bar& bar : bars.bars) largest = std::max(largest, bar.total());
  bars.unit = 1;
  const char* name = "costs.axis.seconds";
  for (const auto& [unit, key] : {std::pair{1.0, "costs.axis.seconds"},
                                  {1e-3, "costs.axis.milliseconds"},
                                  {1e-6, "costs.axis.microseconds"}}) {
    bars.unit = unit;
    name = key;
    if (largest >= unit) break;
  }
  bars.axis = text(name);
  bars.words = seconds_text;
}

}  // namespace

std::size_t part_of_moment(StepPart part) {
  switch (part) {
    case StepPart::forward:
      return 0;
    case StepPart::backward:
      return 1;
    case StepPart::again:
      return 2;
    case StepPart::optimizer:
      return 3;
    default:
      return 4;
  }
}

std::vector<BarPart> moment_parts() {
  return {{text("costs.part.forward"), 0},
          {text("costs.part.backward"), 1, true},
          {text("costs.part.recomputed"), 3},
          {text("costs.part.update"), 4, true},
          {text("costs.part.other"), 5}};
}

std::string not_measured_words(const CostsPicture& picture) {
  return text(picture.settings.measured ? "costs.being_measured" : "costs.not_measured");
}

void add_measured_memory(const CostsPicture& picture, StackedBars& bars) {
  if (!picture.settings.measured) return;
  bars.parts.push_back({text("costs.part.beside"), 5, true});
  bars.parts.push_back({text("costs.part.kernels"), 4});
  std::vector<Bar> rows;
  const std::string none = text("costs.being_measured_brief");
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    const MeasuredCosts* measured = (i == 0 ? picture.measured : picture.other_measured).get();
    Bar predicted = std::move(bars.bars[i]);
    const std::string name = picture.other ? predicted.name + ", " : "";
    predicted.values.push_back(measured ? bytes_of_parts(measured->beside, false) : 0);
    predicted.values.push_back(measured ? bytes_of_parts(measured->beside, true) : 0);
    predicted.name = name + text("costs.predicted");
    rows.push_back(std::move(predicted));
    rows.push_back(measured_row(name + text("costs.measured"), measured, bars.parts.size(), none));
  }
  bars.bars = std::move(rows);
  bars.note = text("costs.predicted_and_measured");
}

void add_measured_layers(const CostsPicture& picture, StackedBars& bars) {
  if (!picture.measured || picture.measured->layers.size() != picture.run->costs.layers.size())
    return;
  for (const PlanMemory& one : picture.measured->layers)
    bars.measured.push_back(static_cast<double>(one.total()));
  bars.measured.push_back(static_cast<double>(picture.measured->shared.total()));
  bars.measured_words = text("costs.measured");
}

void add_measured_moments(const CostsPicture& picture, StackedBars& bars) {
  if (!picture.measured || picture.measured->rows.size() != bars.bars.size()) return;
  const double beside = bytes_of_parts(picture.measured->residual, false);
  for (const MeasuredRow& row : picture.measured->rows)
    bars.measured.push_back(static_cast<double>(row.peak) - beside);
  bars.measured_words = text("costs.measured_held");
}

void point_out_other_peak(const CostsPicture& picture, StackedBars& bars) {
  const StepTimeline& timeline = picture.other->timeline;
  if (timeline.rows.empty()) return;
  const auto peak = static_cast<std::size_t>(timeline.peak);
  bars.before_peak = peak;
  bars.before_peak_words =
      format_text("costs.peak_of", fmt::arg("name", picture.other_words),
                  fmt::arg("bytes", bytes_text(static_cast<double>(timeline.peak_bytes()))),
                  fmt::arg("moment", moment_words(timeline.rows[peak])));
}

std::vector<std::string> lifetime_lines(const TimelineRow& row) {
  std::vector<std::string> lines;
  if (!row.born.empty()) lines.push_back(names_line("costs.born", row.born));
  if (!row.freed.empty()) lines.push_back(names_line("costs.freed", row.freed));
  return lines;
}

std::string alive_line(const StepTimeline& timeline) {
  std::vector<std::string> names;
  for (const AliveValue& one : timeline.alive_at_peak)
    names.push_back(fmt::format("{} {}", one.name, bytes_text(static_cast<double>(one.bytes))));
  return names_line("costs.alive", names);
}

StackedBars operation_seconds_bars(const CostsPicture& picture) {
  StackedBars bars{.plot = "operation_seconds",
                   .title = text("plot.operation_seconds"),
                   .note = {},
                   .axis = {},
                   .parts = moment_parts(),
                   .bars = {},
                   .across = text("costs.axis.moment")};
  bars.empty_words = not_measured_words(picture);
  if (!picture.measured) return bars;
  const MeasuredCosts& costs = *picture.measured;
  bars.note = measured_note(costs);
  for (std::size_t i = 0; i < costs.rows.size(); ++i) bars.bars.push_back(seconds_bar(costs, i));
  set_seconds_axis(bars);
  return bars;
}

}  // namespace nanscope
