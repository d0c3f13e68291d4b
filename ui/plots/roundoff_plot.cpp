#include "ui/plots/roundoff_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "ui/plots/chart_frame.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kSmall = 0.8125f;  // of the body's size
constexpr int kMarksOnCurve = 9;

float body(const Style& style) { return style.font_size * display_scale(); }

template <class T>
std::size_t place_in(std::vector<T>& known, const T& wanted) {
  const auto found = std::ranges::find(known, wanted);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  known.push_back(wanted);
  return known.size() - 1;
}

/// What tells the curves of a chart apart.
class ChartLook {
 public:
  ChartLook(const RoundoffChart& chart, const Style& style) : style_(style) {
    for (const ChartCurve& curve : chart.curves) {
      if (!curve.format.empty()) place_in(formats_, curve.format);
      if (curve.evidence != Evidence::predicted) place_in(labels_, curve.label);
    }
    for (const ChartCurve& curve : chart.curves) place_in(labels_, curve.label);
    for (const ChartMark& mark : chart.marks)
      if (!mark.format.empty()) place_in(formats_, mark.format);
    for (const ChartBars& bars : chart.histograms)
      if (bars.format.empty()) place_in(labels_, bars.label);
  }

  const std::vector<std::string>& formats() const { return formats_; }

  /// Of a format, or of a method where there are none.
  ImVec4 color(const std::string& format, const std::string& label) const {
    const auto& series = style_.palette.series;
    if (!format.empty()) return series[index(formats_, format) % series.size()];
    return formats_.empty() ? series[index(labels_, label) % series.size()] : style_.palette.muted;
  }

  Stroke stroke(const ChartCurve& curve) const {
    constexpr std::array kMarks{Mark::circle, Mark::square, Mark::triangle, Mark::diamond,
                                Mark::cross};
    constexpr std::array<Dash, 5> kDashes{{{0, 0}, {12, 4}, {5, 3}, {14, 10}, {8, 8}}};
    const std::size_t label = index(labels_, curve.label);
    Stroke stroke{.color = color(curve.format, curve.label)};
    const std::size_t series = formats_.empty() ? label : index(formats_, curve.format);
    stroke.mark = kMarks[series % kMarks.size()];
    if (curve.evidence == Evidence::predicted) {
      stroke.dash = label % 2 == 0 ? Dash{2, 3} : Dash{2, 6};
      stroke.width = 1.4f;
      return stroke;
    }
    stroke.marked = true;
    stroke.width = 2.2f;
    stroke.dash = formats_.empty() ? Dash{0, 0} : kDashes[label % kDashes.size()];
    return stroke;
  }

 private:
  static std::size_t index(const std::vector<std::string>& known, const std::string& wanted) {
    return static_cast<std::size_t>(std::ranges::find(known, wanted) - known.begin());
  }

  const Style& style_;
  std::vector<std::string> formats_, labels_;
};

/// The evidence of all curves with this label, as words: "emulated", "measured or emulated".
std::string evidence_words(const RoundoffChart& chart, const ChartCurve& like) {
  std::set<Evidence> kinds;
  for (const ChartCurve& curve : chart.curves)
    if (curve.label == like.label &&
        (curve.evidence == Evidence::predicted) == (like.evidence == Evidence::predicted))
      kinds.insert(curve.evidence);
  std::string words;
  for (const Evidence kind : kinds)
    words +=
        (words.empty() ? "" : " / ") + std::string(text(fmt::format("plot.{}", name_of(kind))));
  return words;
}

/// Formats by colour and mark, then methods by their dashes, each with where it comes from.
std::vector<ChartLegendEntry> legend_of(const RoundoffChart& chart, const ChartLook& look,
                                        const Style& style) {
  std::vector<ChartLegendEntry> entries;
  const bool several = look.formats().size() > 1;
  if (several)
    for (const std::string& format : look.formats()) {
      ChartCurve sample;
      sample.format = format;
      entries.push_back({look.stroke(sample), format, false});
    }
  std::set<std::pair<std::string, bool>> seen;
  for (const ChartCurve& curve : chart.curves) {
    const bool predicted = curve.evidence == Evidence::predicted;
    if (!seen.insert({curve.label, predicted}).second) continue;
    ChartLegendEntry entry{look.stroke(curve), text(curve.label), true};
    entry.words += fmt::format(" ({})", evidence_words(chart, curve));
    if (!curve.formula.empty()) entry.words += ": " + curve.formula;
    if (several && !curve.format.empty()) {
      entry.stroke.color = style.palette.text;
      entry.stroke.marked = false;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Draws a curve between the gaps that values without a place leave.
void draw_curve(Canvas& canvas, const ChartFrame& frame, const ChartCurve& curve,
                const Stroke& stroke) {
  std::vector<ImVec2> points;
  const auto flush = [&] {
    draw_stroke(canvas, points, stroke);
    points.clear();
  };
  float next_mark = frame.low.x;
  const float apart = (frame.high.x - frame.low.x) / kMarksOnCurve;
  std::vector<ImVec2> marks;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (!frame.has(curve.x[i], curve.y[i])) {
      flush();
      continue;
    }
    const ImVec2 at = frame.at(curve.x[i], curve.y[i]);
    // Points closer than half a pixel add nothing but length.
    if (points.empty() || std::hypot(at.x - points.back().x, at.y - points.back().y) > 0.5f)
      points.push_back(at);
    if (at.x < next_mark) continue;
    marks.push_back(at);
    next_mark = at.x + apart;
  }
  flush();
  if (stroke.marked)
    for (const ImVec2& at : marks) draw_marker(canvas, stroke.mark, at, stroke.color);
}

/// A line across the plot where something is, named at its end; names step down so that they do
/// not touch.
void draw_marks(Canvas& canvas, const ChartFrame& frame, const RoundoffChart& chart,
                const ChartLook& look, ChartMark::Axis axis) {
  const Style& style = canvas.style();
  const float size = body(style) * kSmall;
  int row = 0;
  for (const ChartMark& mark : chart.marks) {
    if (mark.axis != axis) continue;
    const bool across = axis == ChartMark::Axis::y;
    const ScaledAxis& scale = across ? frame.y : frame.x;
    const double place = scale.scaled(mark.at);
    if (!(place >= scale.limits.low && place <= scale.limits.high)) continue;
    const ImVec4 color =
        mark.format.empty() ? style.palette.limit : look.color(mark.format, mark.label);
    std::string words = mark.format.empty() ? "" : mark.format + " ";
    words += fmt::format("{} {}", text(mark.label), number_text(mark.at));
    const float x = frame.x_at(mark.at), y = frame.y_at(mark.at);
    const std::array line = across ? std::array{ImVec2{frame.low.x, y}, ImVec2{frame.high.x, y}}
                                   : std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}};
    canvas.dashes(line, ink(color, 0.8f), units(style, 1.25f), {3, 3});
    const float width = text_extent(style, Face::regular, size, words).x;
    ImVec2 at = across ? ImVec2{frame.high.x - width - size * 0.5f, y - size * 1.2f}
                       : ImVec2{x + size * 0.3f,
                                frame.low.y + size * (0.2f + 1.3f * static_cast<float>(row++ % 8))};
    if (at.x + width > frame.high.x) at.x = x - size * 0.3f - width;
    canvas.fill({at.x - size * 0.15f, at.y}, {at.x + width + size * 0.15f, at.y + size * 1.15f},
                ink(style.palette.surface, 0.85f));
    canvas.text(at, words, {Face::regular, size, ink(color)});
  }
}

/// The finite values of an axis over all curves.
std::vector<double> values_of(const RoundoffChart& chart, std::vector<double> ChartCurve::*axis) {
  std::vector<double> values;
  for (const ChartCurve& curve : chart.curves)
    values.insert(values.end(), (curve.*axis).begin(), (curve.*axis).end());
  return values;
}

std::string axis_name(const ChartAxis& axis) {
  if (axis.unit.empty() || axis.unit == "share") return text(axis.key);
  return fmt::format("{} [{}]", text(axis.key), axis.unit);
}

/// The point of any curve that is nearest to the pointer, read out beside it.
void draw_nearest(Canvas& canvas, const ChartFrame& frame, const RoundoffChart& chart,
                  const ChartLook& look, ImVec2 pointer) {
  const Style& style = canvas.style();
  const ChartCurve* nearest = nullptr;
  std::size_t point = 0;
  float best = units(style, 40);
  for (const ChartCurve& curve : chart.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (!frame.has(curve.x[i], curve.y[i])) continue;
      const ImVec2 at = frame.at(curve.x[i], curve.y[i]);
      const float distance = std::hypot(at.x - pointer.x, at.y - pointer.y);
      if (distance < best) best = distance, nearest = &curve, point = i;
    }
  if (!nearest) return;
  const ImVec2 at = frame.at(nearest->x[point], nearest->y[point]);
  const float size = body(style) * 0.875f;
  const std::array lines{
      curve_words(*nearest),
      fmt::format("{} {}", text(chart.x.key), cell_words(nearest->x[point], chart.x.unit)),
      fmt::format("{} {}", text(chart.y.key), cell_words(nearest->y[point], chart.y.unit))};
  float width = 0;
  for (const std::string& line : lines)
    width = std::max(width, text_extent(style, Face::regular, size, line).x);
  const float pad = size * 0.5f;
  ImVec2 low{at.x + size, at.y + size * 0.5f};
  if (low.x + width + 2 * pad > frame.high.x) low.x = at.x - size - width - 2 * pad;
  if (low.y + size * 4.6f > frame.high.y) low.y = at.y - size * 5;
  const ImVec2 high{low.x + width + 2 * pad, low.y + size * 4.6f};
  canvas.fill(low, high, ink(style.palette.surface), units(style, 3));
  canvas.outline(low, high, ink(style.palette.border), units(style, 1), units(style, 3));
  for (std::size_t i = 0; i < lines.size(); ++i)
    canvas.text({low.x + pad, low.y + pad * 0.8f + size * 1.35f * static_cast<float>(i)}, lines[i],
                {i == 0 ? Face::semibold : Face::regular, size, ink(style.palette.text)});
  const ImVec4 color = look.stroke(*nearest).color;
  canvas.outline({at.x - size * 0.5f, at.y - size * 0.5f}, {at.x + size * 0.5f, at.y + size * 0.5f},
                 ink(color), units(style, 2), size * 0.5f);
}

}  // namespace

void draw_roundoff_curves(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size,
                          const std::optional<ImVec2>& pointer) {
  if (chart.curves.empty()) return;
  const Style& style = canvas.style();
  const ChartLook look(chart, style);
  const float head =
      draw_chart_legend(canvas, legend_of(chart, look, style), corner, size.x) + body(style) * 0.2f;
  const ImVec2 area{size.x, std::max(1.0f, size.y - head)};
  const double columns = std::max(3.0f, area.x / (body(style) * 4));
  const double rows = std::max(2.0f, area.y / (body(style) * 2.2f));
  const ImFont* font = style.fonts.regular;
  const ChartFrame frame =
      place_chart(canvas,
                  scaled_axis(values_of(chart, &ChartCurve::x), chart.x.log_base, columns, font,
                              chart.x.unit == "share"),
                  scaled_axis(values_of(chart, &ChartCurve::y), chart.y.log_base, rows, font,
                              chart.y.unit == "share"),
                  {corner.x, corner.y + head}, area);
  draw_chart_frame(canvas, frame, axis_name(chart.x), axis_name(chart.y));
  for (const ChartCurve& curve : chart.curves)
    if (curve.evidence == Evidence::predicted) draw_curve(canvas, frame, curve, look.stroke(curve));
  for (const ChartCurve& curve : chart.curves)
    if (curve.evidence != Evidence::predicted) draw_curve(canvas, frame, curve, look.stroke(curve));
  draw_marks(canvas, frame, chart, look, ChartMark::Axis::x);
  draw_marks(canvas, frame, chart, look, ChartMark::Axis::y);
  if (pointer) draw_nearest(canvas, frame, chart, look, *pointer);
}

void draw_roundoff_histogram(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner,
                             ImVec2 size) {
  if (chart.histograms.empty()) return;
  const Style& style = canvas.style();
  const ChartLook look(chart, style);
  std::vector<ChartLegendEntry> entries;
  std::vector<double> edges, shares{0};
  constexpr std::array<Dash, 4> kDashes{{{0, 0}, {10, 3}, {4, 3}, {12, 8}}};
  const auto stroke_of = [&](std::size_t i) {
    const auto& series = style.palette.series;
    return Stroke{.color = series[i % series.size()], .dash = kDashes[i % kDashes.size()]};
  };
  for (std::size_t i = 0; i < chart.histograms.size(); ++i) {
    const ChartBars& bars = chart.histograms[i];
    std::string words = bars.format.empty() ? "" : bars.format + " ";
    words += fmt::format("{} ({})", text(bars.label),
                         text(fmt::format("plot.{}", name_of(bars.evidence))));
    entries.push_back({stroke_of(i), words, true});
    for (std::size_t k = 0; k < bars.shares.size(); ++k)
      if (bars.shares[k] > 0) edges.insert(edges.end(), {bars.edges[k], bars.edges[k + 1]});
    shares.insert(shares.end(), bars.shares.begin(), bars.shares.end());
  }
  const float head = draw_chart_legend(canvas, entries, corner, size.x) + body(style) * 0.2f;
  const ImVec2 area{size.x, std::max(1.0f, size.y - head)};
  const ImFont* font = style.fonts.regular;
  const ChartFrame frame =
      place_chart(canvas,
                  scaled_axis(edges, chart.histogram_x.log_base,
                              std::max(3.0f, area.x / (body(style) * 4)), font, false),
                  scaled_axis(shares, 0, std::max(2.0f, area.y / (body(style) * 2.2f)), font, true),
                  {corner.x, corner.y + head}, area);
  draw_chart_frame(canvas, frame, axis_name(chart.histogram_x), text("roundoff.axis.share"));
  for (std::size_t i = 0; i < chart.histograms.size(); ++i) {
    const ChartBars& bars = chart.histograms[i];
    std::vector<ImVec2> outline;
    for (std::size_t k = 0; k < bars.shares.size(); ++k) {
      if (!frame.has(bars.edges[k], bars.shares[k]) || !frame.has(bars.edges[k + 1], 0)) continue;
      const ImVec2 low = frame.at(bars.edges[k], bars.shares[k]);
      const ImVec2 high = frame.at(bars.edges[k + 1], 0);
      if (bars.shares[k] > 0) canvas.fill(low, high, ink(stroke_of(i).color, 0.16f));
      outline.insert(outline.end(), {low, {high.x, low.y}});
    }
    draw_stroke(canvas, outline, stroke_of(i));
  }
  draw_marks(canvas, frame, chart, look, ChartMark::Axis::histogram_x);
}

}  // namespace nanscope
