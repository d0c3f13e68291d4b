#include "ui/labs/numbers/figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/roundoff/roundoff.h"
#include "ui/labs/numbers/data.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/format_ranges.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/labs/numbers/sentence.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

using Bits = std::shared_ptr<const NumberBits>;
using Chart = std::shared_ptr<const RoundoffChart>;

// Rows of digits in type that is no smaller than 6 pixels.
constexpr PictureSize kLeastOfLab{640, 480}, kLeastOfPlot{480, 320};

/// The sizes below which nobody reads it.
Figure with_least_sizes(Figure figure) {
  figure.least = kLeastOfLab;
  for (FigurePlot& plot : figure.plots) plot.least = kLeastOfPlot;
  return figure;
}

Figure begin_figure(const Experiment& experiment, std::string title) {
  Figure figure;
  figure.experiment = experiment;
  figure.title = std::move(title);
  figure.settings = describe_numbers(experiment);
  figure.foot = format_text("numbers.foot", fmt::arg("seed", experiment.network.seed));
  figure.stacked = true;
  return figure;
}

Figure bits_figure(const Experiment& experiment, const Bits& number) {
  Figure figure = begin_figure(experiment, bits_sentence(*number));
  const auto draw = [number](Canvas& canvas, const PlotPlace& place) {
    draw_bits_within(canvas, *number, place.corner, place.size);
  };
  // A grid of bits has no axes: there is nothing to zoom that the window does not show whole.
  figure.plots.push_back({{"number_bits", draw}});
  figure.plots.push_back({number_line(number)});
  constexpr float kRoomyRows = 8;
  const auto rows = static_cast<float>(number->rows.size());
  // Many rows leave out words, so that many lanes have room, and take smaller type.
  figure.plots.front().height = rows > kRoomyRows ? 1.4f : 1.6f;
  figure.type = std::min(1.0f, std::sqrt(kRoomyRows / rows));
  figure.csv = [number] { return bits_to_csv(*number); };
  figure.json = [number] { return bits_to_json(*number); };
  return figure;
}

Figure ranges_figure(const Experiment& experiment) {
  Figure figure = begin_figure(experiment, numbers_sentence(experiment, nullptr));
  const auto formats = std::make_shared<const std::vector<NumberFormat>>(
      chosen_formats(experiment.numbers.settings.formats));
  figure.plots = {{format_ranges(formats)}, {format_resolution(formats)}};
  figure.plots.front().height = 1.25f;
  figure.csv = [formats] { return ranges_to_csv(*formats); };
  figure.json = [formats] { return ranges_to_json(*formats); };
  return figure;
}

Figure roundoff_figure(const Experiment& experiment, Chart chart) {
  Figure figure = begin_figure(experiment, roundoff_sentence(*chart));
  if (!chart->source.empty())
    figure.foot = cell_words(chart->source, "") + text("describe.separator") + figure.foot;
  figure.plots.push_back({roundoff_curves(chart)});
  if (!chart->histograms.empty()) {
    figure.plots.push_back({roundoff_histogram(chart)});
    figure.plots.back().beside = true;
  }
  if (!chart->table.empty()) {
    const auto draw = [chart](Canvas& canvas, const PlotPlace& place) {
      draw_roundoff_table(canvas, *chart, place.corner, place.size);
    };
    const auto read = [chart](const Style& style, const PlotPlace& place, ImVec2 pointer) {
      return read_roundoff_table(*chart, style, place, pointer);
    };
    figure.plots.push_back({{.name = "roundoff_table", .draw = draw, .read = read}});
    figure.plots.back().text_height = roundoff_table_height(*chart);
  }
  figure.csv = [chart] { return chart_to_csv(*chart); };
  figure.json = [chart] { return chart_to_json(*chart, 2) + "\n"; };
  return figure;
}

}  // namespace

std::vector<std::string_view> numbers_plot_names() {
  return {"number_bits", "number_line",        "number_ranges", "number_resolution",
          "roundoff",    "roundoff_histogram", "roundoff_table"};
}

bool shows(const Experiment& experiment, const RoundoffChart* chart) {
  return chart && chart->experiment == experiment.numbers.view;
}

std::string numbers_sentence(const Experiment& experiment, const RoundoffChart* chart) {
  if (experiment.numbers.view == "bits") {
    const auto number = number_bits(experiment);
    return number ? bits_sentence(*number) : std::string();
  }
  if (experiment.numbers.view == "ranges") return text("ranges.sentence");
  return shows(experiment, chart) ? roundoff_sentence(*chart) : text("work.computing");
}

std::string describe_numbers(const Experiment& experiment) {
  const RoundoffExperiment* run = find_roundoff_experiment(experiment.numbers.view);
  std::vector<std::string> parts;
  const auto add = [&](std::string_view key) {
    std::string value = key_text(experiment, key);
    if (key == "numbers.formats")
      value = fmt::format("{}", fmt::join(experiment.numbers.settings.formats, ", "));
    else if (key == "numbers.rounding")
      std::ranges::replace(value, '_', ' ');
    else if (key == "numbers.overflow")
      value = text(fmt::format("numbers.overflow.{}", value));
    if (!value.empty())
      parts.push_back(fmt::format("{} {}", text(fmt::format("control.{}", key)), value));
  };
  if (!run) {
    // Ranges are nothing that is rounded.
    add("numbers.formats");
    if (experiment.numbers.view == "bits")
      for (const char* key : {"numbers.rounding", "numbers.overflow"}) add(key);
  } else {
    for (const RoundoffControl control : run->controls)
      if (control != RoundoffControl::seed) add(fmt::format("numbers.{}", name_of(control)));
  }
  return fmt::format("{}", fmt::join(parts, text("describe.separator")));
}

std::optional<Figure> numbers_figure(const Experiment& experiment, const Chart& chart) {
  if (experiment.numbers.view == "ranges") return with_least_sizes(ranges_figure(experiment));
  if (experiment.numbers.view == "bits") {
    auto number = number_bits(experiment);
    if (!number) return std::nullopt;
    return with_least_sizes(
        bits_figure(experiment, std::make_shared<const NumberBits>(*std::move(number))));
  }
  if (!shows(experiment, chart.get())) return std::nullopt;
  return with_least_sizes(roundoff_figure(experiment, chart));
}

}  // namespace nanscope
