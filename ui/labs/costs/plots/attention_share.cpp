#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/curve.h"
#include "ui/charts/labels.h"
#include "ui/charts/legend.h"
#include "ui/labs/costs/plots/transformer_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct SharePlace {
  std::vector<LegendEntry> legend;  ///< of two
  float title = 0;
  ChartFrame frame;
};

Stroke stroke_of(const Style& style, bool other) {
  return {.color = other ? style.palette.series[1] : style.palette.predicted, .dash = {7, 4}};
}

SharePlace place_share(const CostsPicture& picture, const Style& style, const PlotPlace& place) {
  const TransformerCosts& costs = *picture.transformer;
  SharePlace placed;
  if (picture.other_transformer)
    placed.legend = {{Sample::line, picture.run_words, stroke_of(style, false)},
                     {Sample::line, picture.other_words, stroke_of(style, true)}};
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  placed.frame = place_chart(
      style,
      scaled_axis(std::array{costs.shares.front().length, costs.shares.back().length},
                  {.log_base = 2, .most = area.columns, .zoom = place.zoom.x, .held = place.held.x},
                  style.fonts.regular),
      scaled_axis(std::array{0.0, 1.0},
                  {.most = area.rows, .percent = true, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

/// That of this length, between those that were calculated.
double share_at(const TransformerCosts& costs, double length) {
  const auto behind = std::ranges::lower_bound(costs.shares, length, {}, &LengthShare::length);
  if (behind == costs.shares.begin()) return costs.shares.front().share;
  if (behind == costs.shares.end()) return costs.shares.back().share;
  const auto before = behind - 1;
  const double t = (std::log(length) - std::log(before->length)) /
                   (std::log(behind->length) - std::log(before->length));
  return before->share + t * (behind->share - before->share);
}

std::string share_words(double length, double share) {
  return format_text("costs.reading.share", fmt::arg("length", grouped(length)),
                     fmt::arg("share", fmt::format("{:.1f}", 100 * share)));
}

std::vector<ImVec2> line_of(const TransformerCosts& costs, const ChartFrame& frame) {
  std::vector<ImVec2> line;
  for (const LengthShare& one : costs.shares) line.push_back(frame.at(one.length, one.share));
  return line;
}

/// Points of a line, close enough that no label lies between two of them.
std::vector<ImVec2> pixels_of(const std::vector<ImVec2>& line) {
  constexpr int kParts = 8;
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i + 1 < line.size(); ++i)
    for (int part = 0; part < kParts; ++part) {
      const float t = static_cast<float>(part) / kParts;
      points.push_back({line[i].x + t * (line[i + 1].x - line[i].x),
                        line[i].y + t * (line[i + 1].y - line[i].y)});
    }
  return points;
}

void draw_share(Canvas& canvas, const CostsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  const TransformerCosts& costs = *picture.transformer;
  const SharePlace placed = place_share(picture, style, place);
  const ChartFrame& frame = placed.frame;
  draw_title(canvas, text("plot.attention_share"),
             format_text("costs.attention_counted", fmt::arg("pairs", name_of(costs.of.attention))),
             place.corner, place.size.x);
  draw_chart_frame(canvas, frame, text("costs.axis.length"), text("costs.axis.share"));
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  const FrameClip clip(canvas, frame);
  if (picture.other_transformer)
    draw_stroke(canvas, line_of(*picture.other_transformer, frame), stroke_of(style, true));
  const std::vector<ImVec2> line = line_of(costs, frame);
  draw_stroke(canvas, line, stroke_of(style, false));
  const auto length = static_cast<double>(costs.estimate.length);
  const ImVec2 here = frame.at(length, share_at(costs, length));
  draw_mark(canvas, Mark::circle, here, ink(style.palette.accent), 1.5f);
  const std::string words = share_words(length, share_at(costs, length));
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.text};
  const ImVec2 size = plate_size(style, plate, words);
  const float gap = units(style, 8);
  std::vector<ImVec2> drawn = pixels_of(line);
  if (picture.other_transformer)
    for (const ImVec2& point : pixels_of(line_of(*picture.other_transformer, frame)))
      drawn.push_back(point);
  LabelPlaces places({frame.low, frame.high}, drawn, gap / 2);
  const std::array corners{
      ImVec2{here.x - size.x - gap, here.y - size.y - gap}, ImVec2{here.x + gap, here.y + gap},
      ImVec2{here.x - size.x - gap, here.y + gap}, ImVec2{here.x + 3 * gap, here.y + gap}};
  // Between two curves there may be no room: then a reading alone says it.
  const auto most = picture.other_transformer ? 0 : LabelPlaces::kAny;
  if (const auto corner = places.take(corners, size, most))
    draw_plate(canvas, plate, *corner, words, frame.low, frame.high);
}

std::optional<PlotReading> read_share(const CostsPicture& picture, const Style& style,
                                      const PlotPlace& place, ImVec2 pointer) {
  const TransformerCosts& costs = *picture.transformer;
  const ChartFrame frame = place_share(picture, style, place).frame;
  if (!frame.contains(pointer)) return std::nullopt;
  const double length = std::clamp(std::round(std::exp2(frame.x_unit(pointer.x))),
                                   costs.shares.front().length, costs.shares.back().length);
  const double share = share_at(costs, length);
  PlotReading reading{frame.at(length, share), {share_words(length, share)}};
  reading.values.push_back({text("costs.axis.share"), share, share});
  if (picture.other_transformer)
    reading.lines.push_back(
        fmt::format("{}: {}", picture.other_words,
                    share_words(length, share_at(*picture.other_transformer, length))));
  return reading;
}

}  // namespace

Plot attention_share(std::shared_ptr<const CostsPicture> picture) {
  return {
      .name = "attention_share",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_share(canvas, *picture, place); },
      .frame = [picture](
                   const Style& style,
                   const PlotPlace& place) { return place_share(*picture, style, place).frame; },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_share(*picture, style, place, pointer); }};
}

}  // namespace nanscope
