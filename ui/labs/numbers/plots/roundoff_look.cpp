#include "ui/labs/numbers/plots/roundoff_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

// Few curves of few marks, which have to be told apart from the last row.
constexpr float kLineWidth = 1.1f, kMarkSize = 1.35f;
constexpr std::array kMarks{Mark::circle, Mark::square, Mark::triangle, Mark::diamond, Mark::cross};
constexpr std::array<Dash, 5> kDashes{{{0, 0}, {12, 4}, {5, 3}, {14, 10}, {8, 8}}};

void note(std::vector<std::string>& known, const std::string& wanted) {
  if (std::ranges::find(known, wanted) == known.end()) known.push_back(wanted);
}

std::size_t place_in(const std::vector<std::string>& known, const std::string& wanted) {
  return static_cast<std::size_t>(std::ranges::find(known, wanted) - known.begin());
}

bool is_predicted(const ChartCurve& curve) { return curve.evidence == Evidence::predicted; }

/// The evidence of all curves with this label, as words: "emulated", "measured / emulated".
std::string evidence_words(const RoundoffChart& chart, const ChartCurve& like) {
  std::set<Evidence> kinds;
  for (const ChartCurve& curve : chart.curves)
    if (curve.label == like.label && is_predicted(curve) == is_predicted(like))
      kinds.insert(curve.evidence);
  std::string words;
  for (const Evidence kind : kinds)
    words +=
        (words.empty() ? "" : " / ") + std::string(text(fmt::format("plot.{}", name_of(kind))));
  return words;
}

/// Formats by colour and mark, then methods by their dashes, each with where it comes from.
std::vector<LegendEntry> legend_of(const RoundoffChart& chart, const ChartLook& look,
                                   const Style& style) {
  std::vector<LegendEntry> entries;
  if (look.by_format())
    for (const std::string& format : look.formats()) {
      ChartCurve sample;
      sample.format = format;
      entries.push_back({Sample::mark, format, look.stroke(sample)});
    }
  std::set<std::pair<std::string, bool>> seen;
  for (const ChartCurve& curve : chart.curves) {
    if (!seen.insert({curve.label, is_predicted(curve)}).second) continue;
    LegendEntry entry{Sample::line, text(curve.label), look.stroke(curve)};
    entry.words += fmt::format(" ({})", evidence_words(chart, curve));
    entry.formula = curve.formula;
    if (look.by_format() && !curve.format.empty()) {
      entry.stroke.color = style.palette.text;
      entry.stroke.marked = false;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<LegendEntry> bars_legend(const RoundoffChart& chart, const ChartLook& look) {
  std::vector<LegendEntry> entries;
  for (const ChartBars& bars : chart.histograms) {
    std::string words = bars.format.empty() ? "" : bars.format + " ";
    words += fmt::format("{} ({})", text(bars.label),
                         text(fmt::format("plot.{}", name_of(bars.evidence))));
    entries.push_back({Sample::line, std::move(words), look.stroke(bars)});
  }
  return entries;
}

std::string axis_name(const ChartAxis& axis) {
  if (axis.unit.empty() || axis.unit == "share") return text(axis.key);
  return fmt::format("{} [{}]", text(axis.key), axis.unit);
}

/// The values of an axis over all curves.
std::vector<double> values_of(const RoundoffChart& chart, std::vector<double> ChartCurve::*axis) {
  std::vector<double> values;
  for (const ChartCurve& curve : chart.curves)
    values.insert(values.end(), (curve.*axis).begin(), (curve.*axis).end());
  return values;
}

/// What is left of a place below its legend, and how many ticks have room there.
struct BelowLegend {
  double columns, rows;
  ImVec2 corner, area;
};
BelowLegend below_legend(const Style& style, std::span<const LegendEntry> legend,
                         const PlotPlace& place) {
  const float head = legend_height(style, legend, place.size.x) + body(style) * 0.2f;
  const ImVec2 area{place.size.x, std::max(1.0f, place.size.y - head)};
  return {std::max(3.0f, area.x / (body(style) * 4)),
          std::max(2.0f, area.y / (body(style) * 2.2f)),
          {place.corner.x, place.corner.y + head},
          area};
}

}  // namespace

ChartLook::ChartLook(const RoundoffChart& chart, const Style& style) : style_(style) {
  for (const ChartCurve& curve : chart.curves) {
    if (!curve.format.empty()) note(formats_, curve.format);
    if (!is_predicted(curve)) note(labels_, curve.label);
  }
  for (const ChartCurve& curve : chart.curves) note(labels_, curve.label);
  for (const ChartMark& mark : chart.marks)
    if (!mark.format.empty()) note(formats_, mark.format);
  for (const ChartBars& bars : chart.histograms) {
    note(labels_, bars.label);
    if (!bars.format.empty()) note(formats_, bars.format);
  }
  strokes_ = format_strokes(style, formats_);
}

ImVec4 ChartLook::method_color(std::size_t label) const {
  const Palette& palette = style_.palette;
  if (formats_.empty()) return palette.series[label % palette.series.size()];
  // No other format's colour.
  const std::array colors{strokes_.front().color, palette.text, palette.muted};
  return colors[label % colors.size()];
}

const Stroke& ChartLook::of_format(const std::string& format) const {
  return strokes_[place_in(formats_, format)];
}

Stroke ChartLook::stroke(const ChartCurve& curve) const {
  const std::size_t label = place_in(labels_, curve.label);
  const bool has_format = by_format() && !curve.format.empty();
  Stroke stroke{.color = method_color(label),
                .mark = kMarks[label % kMarks.size()],
                .width = kLineWidth,
                .mark_size = kMarkSize};
  if (has_format) {
    stroke.color = of_format(curve.format).color;
    stroke.mark = of_format(curve.format).mark;
  } else if (by_format()) {
    stroke.color = style_.palette.muted;
  }
  if (is_predicted(curve)) {
    stroke.dash = label % 2 == 0 ? Dash{2, 3} : Dash{2, 6};
    stroke.width = 0.65f;
    return stroke;
  }
  stroke.marked = true;
  const bool colors_tell = formats_.empty() && label < style_.palette.series.size();
  stroke.dash = colors_tell ? Dash{0, 0} : kDashes[label % kDashes.size()];
  return stroke;
}

Stroke ChartLook::stroke(const ChartBars& bars) const {
  const std::size_t label = place_in(labels_, bars.label);
  Stroke stroke{.color = method_color(label), .dash = kDashes[label % kDashes.size()]};
  if (!bars.format.empty()) stroke.color = of_format(bars.format).color;
  // The colours belong to formats: what is of none is light or dark.
  if (!formats_.empty() && bars.format.empty())
    stroke.color = label % 2 == 0 ? style_.palette.muted : style_.palette.text;
  return stroke;
}

ImVec4 ChartLook::color(const ChartMark& mark) const {
  return mark.format.empty() ? style_.palette.limit : of_format(mark.format).color;
}

namespace {

/// The legend without what leaves a small picture no room for its curves: formulas first, then the
/// entries at its end.
std::vector<LegendEntry> fitting(std::vector<LegendEntry> legend, const Style& style,
                                 const PlotPlace& place) {
  constexpr float kMost = 0.4f;  // of the height
  const auto is_high = [&] {
    return legend_height(style, legend, place.size.x) > kMost * place.size.y;
  };
  if (is_high())
    for (LegendEntry& entry : legend) entry.formula.clear();
  while (legend.size() > 1 && is_high()) legend.pop_back();
  return legend;
}

ChartPlace place_below(const RoundoffChart& chart, std::vector<LegendEntry> legend,
                       const Style& style, const PlotPlace& place) {
  const auto [columns, rows, corner, area] = below_legend(style, legend, place);
  const ImFont* font = style.fonts.regular;
  const auto axis = [&](std::vector<double> ChartCurve::*values, const ChartAxis& of, double most,
                        const std::optional<Limits>& zoom, const std::optional<Limits>& held) {
    return scaled_axis(values_of(chart, values),
                       {of.log_base, most, of.unit == "share", zoom, held}, font);
  };
  return {
      std::move(legend),
      place_chart(style, axis(&ChartCurve::x, chart.x, columns, place.zoom.x, place.held.x),
                  axis(&ChartCurve::y, chart.y, rows, place.zoom.y, place.held.y), corner, area),
      axis_name(chart.x), axis_name(chart.y)};
}

}  // namespace

ChartPlace place_curves(const RoundoffChart& chart, const ChartLook& look, const Style& style,
                        const PlotPlace& place) {
  std::vector<LegendEntry> legend = fitting(legend_of(chart, look, style), style, place);
  ChartPlace placed = place_below(chart, legend, style, place);
  const std::vector<ImVec2> shifts = side_by_side(chart, placed.frame, style);
  if (std::ranges::all_of(shifts, [](ImVec2 shift) { return shift.x == 0 && shift.y == 0; }))
    return placed;
  legend.push_back({Sample::band, text("roundoff.side_by_side"), {.color = style.palette.muted}});
  return place_below(chart, std::move(legend), style, place);
}

ChartPlace place_histogram(const RoundoffChart& chart, const ChartLook& look, const Style& style,
                           const PlotPlace& place) {
  std::vector<LegendEntry> legend = bars_legend(chart, look);
  std::vector<double> edges, shares{0};
  for (const ChartBars& bars : chart.histograms) {
    for (std::size_t k = 0; k < bars.shares.size(); ++k)
      if (bars.shares[k] > 0) edges.insert(edges.end(), {bars.edges[k], bars.edges[k + 1]});
    shares.insert(shares.end(), bars.shares.begin(), bars.shares.end());
  }
  const auto [columns, rows, corner, area] = below_legend(style, legend, place);
  const ImFont* font = style.fonts.regular;
  return {std::move(legend),
          place_chart(
              style,
              scaled_axis(edges,
                          {chart.histogram_x.log_base, columns, false, place.zoom.x, place.held.x},
                          font),
              scaled_axis(shares, {0, rows, true, place.zoom.y, place.held.y}, font), corner, area),
          axis_name(chart.histogram_x), text("roundoff.axis.share")};
}

std::string mark_words(const ChartMark& mark) {
  return fmt::format("{}{}{} {}", mark.format, mark.format.empty() ? "" : " ", text(mark.label),
                     cell_words(mark.at, ""));
}

}  // namespace nanscope
