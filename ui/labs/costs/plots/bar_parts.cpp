#include "ui/labs/costs/plots/bar_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/text/text.h"

namespace nanscope {

std::vector<std::size_t> present_parts(const StackedBars& bars) {
  std::vector<std::size_t> present;
  for (std::size_t part = 0; part < bars.parts.size(); ++part)
    if (std::ranges::any_of(bars.bars, [&](const Bar& bar) { return bar.values[part] > 0; }))
      present.push_back(part);
  return present;
}

std::vector<LegendEntry> bars_legend(const StackedBars& bars, const Style& style) {
  std::vector<LegendEntry> legend;
  const std::vector<std::size_t> present = present_parts(bars);
  if (present.size() > 1)
    for (const std::size_t part : present) {
      const BarPart& one = bars.parts[part];
      legend.push_back({one.hatched ? Sample::hatch : Sample::band, one.name,
                        Stroke{.color = style.palette.series[one.color]}});
    }
  if (!bars.before.empty())
    legend.push_back({Sample::line, bars.before_words,
                      Stroke{.color = style.palette.predicted, .dash = {5, 3}}});
  if (!bars.measured.empty())
    legend.push_back({Sample::line, bars.measured_words, Stroke{.color = style.palette.measured}});
  return legend;
}

namespace {

/// Of columns that touch: together they look as the legend has it.
void draw_touching_part(Canvas& canvas, const BarPart& part, ImVec2 low, ImVec2 high) {
  const Style& style = canvas.style();
  const ImVec4& color = style.palette.series[part.color];
  const float line = units(style, 1);
  canvas.fill(low, high, ink(color, part.hatched ? 0.16f : 0.5f));
  // In columns of a pixel lines would be all that is seen.
  if (part.hatched && high.x - low.x >= 2) draw_joined_hatch(canvas, low, high, ink(color, 0.8f));
  canvas.fill(low, {high.x, std::min(low.y + line, high.y)}, ink(color));
}

}  // namespace

void draw_bar_part(Canvas& canvas, const BarPart& part, ImVec2 low, ImVec2 high, bool edged) {
  const Style& style = canvas.style();
  const ImVec4& color = style.palette.series[part.color];
  // Of what is a few pixels wide an edge would be all that is seen.
  const float narrow = units(style, 4);
  if (!edged && high.y - low.y >= narrow) return draw_touching_part(canvas, part, low, high);
  if (high.x - low.x < narrow || high.y - low.y < narrow) {
    canvas.fill(low, {std::max(high.x, low.x + 1), std::max(high.y, low.y + 1)},
                ink(color, part.hatched ? 0.45f : 0.75f));
    return;
  }
  canvas.fill(low, high, ink(color, part.hatched ? 0.16f : 0.5f));
  if (part.hatched) draw_hatch(canvas, low, high, ink(color, 0.8f));
  canvas.outline(low, high, ink(color), units(style, 1));
}

PlotReading bar_reading(const StackedBars& bars, std::size_t index, ImVec2 at) {
  const Bar& bar = bars.bars[index];
  PlotReading reading{at, {}};
  const double total = bar.total();
  reading.index = static_cast<int>(index);
  reading.lines.push_back(format_text("costs.reading.bar", fmt::arg("name", bar.name),
                                      fmt::arg("total", bars.words(total))));
  if (!bar.note.empty()) reading.lines.push_back(bar.note);
  reading.lines.insert(reading.lines.end(), bar.more.begin(), bar.more.end());
  reading.values.push_back({bar.name, total});
  if (index < bars.measured.size()) {
    const double measured = bars.measured[index];
    reading.lines.push_back(fmt::format("{}: {}", bars.measured_words, bars.words(measured)));
    reading.values.push_back({bars.measured_words, measured, measured / bars.unit});
  }
  const std::vector<std::size_t> present = present_parts(bars);
  if (present.size() < 2) return reading;
  for (auto part = present.rbegin(); part != present.rend(); ++part) {
    const double value = bar.values[*part];
    if (value == 0) continue;
    reading.table.rows.push_back(
        {bars.parts[*part].name, bars.words(value), fmt::format("{:.1f} %", 100 * value / total)});
    reading.values.push_back({bars.parts[*part].name, value});
  }
  if (index < bars.before.size())
    reading.lines.push_back(
        fmt::format("{}: {}", bars.before_words, bars.words(bars.before[index])));
  return reading;
}

double largest_total(const StackedBars& bars) {
  double largest = bars.limit ? bars.limit->value : 0;
  for (const Bar& bar : bars.bars) largest = std::max(largest, bar.total());
  for (const double total : bars.before) largest = std::max(largest, total);
  for (const double total : bars.measured) largest = std::max(largest, total);
  return largest;
}

namespace {

std::pair<double, const char*> largest_unit(double number, double step,
                                            std::initializer_list<const char*> names) {
  double unit = 1;
  const char* name = *names.begin();
  for (const char* next : names) {
    name = next;
    if (number < unit * step) break;
    if (next != *(names.end() - 1)) unit *= step;
  }
  return {unit, name};
}

}  // namespace

namespace {

std::string rate_words(double rate, const char* unit) {
  const auto [size, prefix] = largest_unit(rate, 1000, {"", "k", "M", "G", "T", "P", "E"});
  constexpr double kHalfUp = 1 + 1e-12;  // of datasheets' 494.5 and 989.5 both round up
  return fmt::format("{} {}{}", number_text(rate / size * kHalfUp), prefix, unit);
}

}  // namespace

std::pair<double, const char*> binary_unit(double bytes) {
  return largest_unit(bytes, 1024, {"B", "KiB", "MiB", "GiB", "TiB", "PiB"});
}

std::pair<double, const char*> decimal_unit(double bytes) {
  return largest_unit(bytes, 1000, {"B", "kB", "MB", "GB", "TB", "PB", "EB"});
}

std::string engineering(double value) {
  constexpr double kGrouped = 1e6;
  if (std::abs(value) < kGrouped)
    return value == std::floor(value) ? grouped(value) : number_text(value);
  int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)))) / 3 * 3;
  std::string mantissa = number_text(value / std::pow(10.0, exponent));
  if (mantissa == "1000") mantissa = "1", exponent += 3;
  return fmt::format("{}e{}", mantissa, exponent);
}

std::string flop_rate_words(double rate) { return rate_words(rate, "FLOP/s"); }
std::string byte_rate_words(double rate) { return rate_words(rate, "B/s"); }

std::string flops_words(double flops) {
  return format_text("costs.flops", fmt::arg("count", engineering(flops)));
}

}  // namespace nanscope
