#include "app/command_line/measured_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <set>
#include <string_view>
#include <vector>

#include "app/command_line/cost_text.h"
#include "app/command_line/plan_text.h"
#include "app/command_line/text_table.h"
#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::size_t kShownRows = 24;   ///< those that take longest
constexpr std::size_t kShownValues = 6;  ///< the largest

std::string whole_bytes(std::int64_t bytes) { return grouped(static_cast<double>(bytes)) + " B"; }

/// 1.23e10 as "12.3 G".
std::string rate_text(double rate) {
  if (rate <= 0) return "-";
  constexpr std::array units{"", " k", " M", " G", " T", " P"};
  std::size_t unit = 0;
  while (rate >= 999.5 && unit + 1 < units.size()) {
    rate /= 1000;
    ++unit;
  }
  return fmt::format("{:.3g}{}", rate, units[unit]);
}

std::string row_name(const TimelineRow& row) {
  if (row.operation < 0) return row.kind;
  return fmt::format("{}, {}", row.layer, row.kind);
}

std::string parts_text(const std::vector<ResidualPart>& parts) {
  std::vector<std::string> texts;
  for (const ResidualPart& part : parts)
    texts.push_back(fmt::format("{} {}", part.name, whole_bytes(part.bytes)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string memory_table(const MeasuredCosts& costs) {
  const PlanMemory &predicted = costs.predicted.memory, &measured = costs.memory;
  TextTable table({{"", "memory", true}, {"", "predicted"}, {"", "measured"}});
  const auto add = [&](std::string_view name, std::int64_t by_plan, std::int64_t by_allocator) {
    if (by_plan > 0 || by_allocator > 0)
      table.add_row({fmt::format("  {}", name), whole_bytes(by_plan), whole_bytes(by_allocator)});
  };
  for (const auto& [key, bytes] : kPlanMemoryParts)
    add(memory_words(key), predicted.*bytes, measured.*bytes);
  add("total", predicted.total(), measured.total());
  std::string text = table.to_text();
  const TimelineRow& row = costs.timeline.rows[costs.peak_row()];
  text +=
      fmt::format("  at the peak of a step ({}{}) LibTorch's allocator holds {}: {} more\n",
                  row_name(row), row.operation < 0 ? "" : fmt::format(", {}", name_of(row.part)),
                  whole_bytes(costs.peak), whole_bytes(costs.residual_bytes()));
  if (!costs.residual.empty()) text += fmt::format("  ({})\n", parts_text(costs.residual));
  text += fmt::format("  predicted are {} of it\n", whole_bytes(costs.predicted_peak()));
  if (costs.resident > 0)
    text +=
        fmt::format("  the process has {} in all: the runtime and LibTorch's own are the rest\n",
                    bytes_text(static_cast<double>(costs.resident)));
  return text;
}

/// The rows that take longest, in the order of the step.
std::set<std::size_t> slowest(const MeasuredCosts& costs) {
  std::vector<std::size_t> rows(costs.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::ranges::stable_sort(rows, std::greater(),
                           [&](std::size_t row) { return costs.rows[row].seconds; });
  rows.resize(std::min(rows.size(), kShownRows));
  return {rows.begin(), rows.end()};
}

/// What of a step is no row's.
std::string between_text(const MeasuredCosts& costs) {
  const double between = costs.seconds_between();
  if (between < 0)
    return fmt::format(
        "  looked at one by one, they took {} more than a step that nobody looks at\n",
        seconds_text(-between));
  return fmt::format("  between operations {}, {:.1f} % of a step\n", seconds_text(between),
                     costs.seconds_per_step > 0 ? 100 * between / costs.seconds_per_step : 0.0);
}

std::string operations_table(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak) {
  TextTable table({{"", "operation", true},
                   {"", "there or back", true},
                   {"measured", "time"},
                   {"measured", "share"},
                   {"measured", "FLOP/s"},
                   {"measured", "B/s"},
                   {"predicted", "FLOPs/B"},
                   {"predicted", "at most"},
                   {"predicted", "alive by lifetime"}});
  const std::set<std::size_t> shown = slowest(costs);
  for (const std::size_t i : shown) {
    const TimelineRow& row = costs.timeline.rows[i];
    const auto bytes = static_cast<double>(row.cost.bytes_read + row.cost.bytes_written);
    const double intensity = bytes > 0 ? row.own_flops / bytes : 0;
    table.add_row({"  " + row_name(row), row.operation < 0 ? "" : std::string(name_of(row.part)),
                   seconds_text(costs.rows[i].seconds),
                   fmt::format("{:.1f} %", 100 * costs.share_of_step(i)),
                   rate_text(costs.flop_per_second(i)), rate_text(costs.bytes_per_second(i)),
                   bytes > 0 ? fmt::format("{:.3g}", intensity) : "-",
                   peak && bytes > 0 ? rate_text(attainable(*peak, intensity)) : "-",
                   whole_bytes(row.alive.total())});
  }
  std::string text = "\n" + table.to_text();
  if (const std::string of = costs.rows_of(); !of.empty())
    text += fmt::format("  time is of {}; share is of the whole step\n", of);
  text += between_text(costs);
  if (shown.size() < costs.rows.size())
    text += fmt::format("  the {} that take longest, of {}; --json has all\n", shown.size(),
                        costs.rows.size());
  return text;
}

std::string threads_text(int threads) {
  return fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
}

/// What the peak was reached with, and the step, where that differs.
std::string threads_text(const MeasuredCosts& costs, const UsedPeak& peak) {
  if (peak.threads == 0) return "";
  std::string words = " with " + threads_text(peak.threads);
  if (peak.threads != costs.threads)
    words += fmt::format("; the step has {}", threads_text(costs.threads));
  return words;
}

std::string speed_text(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                       const Message& no_peak) {
  std::string text = fmt::format(
      "\na step takes {} (measured: the median of {}, {}, products in {}{}): {}FLOP/s\n",
      seconds_text(costs.seconds_per_step), costs.steps, threads_text(costs.threads),
      costs.computed_in, costs.emulated ? ", rounded in software" : "",
      rate_text(costs.flop_per_second()) + " ");
  if (!peak) return text + fmt::format("  MFU: {}\n", message_text(no_peak));
  const StepUtilisation share = utilisation(costs, *peak);
  text += fmt::format("  MFU {:.1f} %, HFU {:.1f} % of {} FLOP/s ({}{})\n", 100 * share.mfu,
                      100 * share.hfu, rate_text(peak->flop_per_second), peak->name,
                      peak->measured ? threads_text(costs, *peak) : ", by its datasheet");
  if (ridge_point(*peak) > 0)
    text += fmt::format("  {} B/s: from {:.3g} FLOPs a byte on the peak limits, below it memory\n",
                        rate_text(peak->bytes_per_second), ridge_point(*peak));
  if (const Message doubt = doubt_of(share, *peak); !doubt.empty())
    text += fmt::format("  note: {}\n", message_text(doubt));
  return text;
}

}  // namespace

std::string beside_to_text(const std::vector<ResidualPart>& parts) {
  return fmt::format("  {:<17}{:>17}   {}\n", "beside the plan", whole_bytes(total_bytes(parts)),
                     parts_text(parts));
}

std::string timeline_to_text(const StepTimeline& timeline) {
  const TimelineRow& row = timeline.rows[static_cast<std::size_t>(timeline.peak)];
  std::string text = fmt::format(
      "\nby lifetime (predicted: memory that is taken at the first write and given back after the\n"
      "last read, while the engine holds {} all the time) most is alive in {}{}: {}\n",
      whole_bytes(timeline.held), row_name(row),
      row.operation < 0 ? "" : fmt::format(", {}", name_of(row.part)),
      whole_bytes(timeline.peak_bytes()));
  std::vector<std::string> values;
  for (const AliveValue& one : timeline.alive_at_peak) {
    if (values.size() == kShownValues) break;
    values.push_back(fmt::format("{} {}", one.name, whole_bytes(one.bytes)));
  }
  const std::size_t more = timeline.alive_at_peak.size() - values.size();
  return text + fmt::format("  {}{}\n", fmt::join(values, ", "),
                            more > 0 ? fmt::format(", and {} more", more) : "");
}

std::string measured_costs_to_text(const MeasuredCosts& costs, const std::optional<UsedPeak>& peak,
                                   const Message& no_peak) {
  const PlanCosts& predicted = costs.predicted;
  std::string text =
      fmt::format("{}\n{}\n", describe(costs.experiment), networks_line(costs.experiment.network));
  text +=
      fmt::format("parameters {}, FLOPs of a step {} by its plan\n\n",
                  grouped(static_cast<double>(predicted.parameters)), grouped(predicted.step()));
  return text + memory_table(costs) +
         emulated_to_text(name_of(costs.experiment.network.precision), predicted) +
         speed_text(costs, peak, no_peak) + operations_table(costs, peak) +
         timeline_to_text(costs.timeline);
}

std::string compared_costs_to_text(const std::string& changes, const ComparedCosts& a,
                                   const ComparedCosts& b) {
  TextTable table({{"", "B: " + changes, true}, {"", "A"}, {"", "B"}, {"", "B - A"}});
  const auto signed_text = [](double difference) {
    return difference > 0   ? "+" + grouped(difference)
           : difference < 0 ? "-" + grouped(-difference)
                            : std::string("0");
  };
  const auto add = [&](std::string_view name, auto of_a, auto of_b, const char* unit = " B") {
    const auto first = static_cast<double>(of_a), second = static_cast<double>(of_b);
    if (first != 0 || second != 0)
      table.add_row({fmt::format("  {}", name), grouped(first) + unit, grouped(second) + unit,
                     signed_text(second - first) + unit});
  };
  const PlanMemory &of_a = a.predicted.memory, &of_b = b.predicted.memory;
  table.add_line("predicted");
  for (const auto& [key, bytes] : kPlanMemoryParts)
    add(memory_words(key), of_a.*bytes, of_b.*bytes);
  add("total", of_a.total(), of_b.total());
  add("peak by lifetime", a.timeline.peak_bytes(), b.timeline.peak_bytes());
  add("FLOPs of a step", a.predicted.hardware(), b.predicted.hardware(), "");
  if (a.measured && b.measured) {
    table.add_line("measured");
    add("peak", a.measured->peak, b.measured->peak);
    const double first = a.measured->seconds_per_step, second = b.measured->seconds_per_step;
    table.add_row({"  a step", seconds_text(first), seconds_text(second),
                   fmt::format("x {:.3g}", first > 0 ? second / first : 0)});
  }
  std::string text =
      table.to_text() + emulated_to_text("A", a.predicted) + emulated_to_text("B", b.predicted);
  for (const auto& [name, one] : {std::pair("A", &a.timeline), std::pair("B", &b.timeline)})
    text += fmt::format("\n{}{}", name, timeline_to_text(*one));
  return text;
}

std::string calibration_to_text(const Calibration& one) {
  std::string text =
      fmt::format("{}, {} thread{}, LibTorch {}, measured in {}\n\n", one.machine.processor,
                  one.machine.threads, one.machine.threads == 1 ? "" : "s", one.machine.libtorch,
                  seconds_text(one.seconds));
  std::vector<TextTable::Column> columns{{"", "n x n products", true}};
  std::set<std::int64_t> sizes;
  for (const TypeSpeed& type : one.types) {
    columns.push_back({"FLOP/s", type.type});
    for (const ProductSpeed& product : type.products) sizes.insert(product.size);
  }
  TextTable table(columns);
  for (const std::int64_t size : sizes) {
    std::vector<std::string> row{fmt::format("  {}", size)};
    for (const TypeSpeed& type : one.types) {
      const auto found = std::ranges::find(type.products, size, &ProductSpeed::size);
      row.push_back(found == type.products.end() ? "-" : rate_text(found->flop_per_second));
    }
    table.add_row(std::move(row));
  }
  std::vector<std::string> peaks{"  peak"}, ridges{"  ridge, FLOPs a byte"};
  for (const TypeSpeed& type : one.types) {
    peaks.push_back(rate_text(type.peak()));
    ridges.push_back(fmt::format("{:.3g}", type.peak() / one.bytes_per_second()));
  }
  table.add_row(std::move(peaks));
  table.add_row(std::move(ridges));
  return text + table.to_text() +
         fmt::format("\nmemory beyond the caches, arrays of {}: copy {}B/s, triad {}B/s\n",
                     bytes_text(static_cast<double>(one.bandwidth.bytes)),
                     rate_text(one.bandwidth.copy), rate_text(one.bandwidth.triad)) +
         (one.disturbed
              ? "note: disturbed: a product is far slower than a smaller and a larger one, "
                "so something else\nwas at work; what was faster before was kept, and "
                "--again measures once more\n"
              : "");
}

}  // namespace nanscope
