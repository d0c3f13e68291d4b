#include "ui/labs/training/plots/surface_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "engine/recipe/decision_surface.h"
#include "ui/charts/cells.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr int kTints = 8;  // from unsure to sure

/// How a class is told from others: by colour and mark.
Stroke class_look(int label, const Style& style) {
  constexpr std::array kMarks{Mark::circle, Mark::triangle, Mark::square};
  const auto place = static_cast<std::size_t>(label);
  return {.color = style.palette.series[place % style.palette.series.size()],
          .mark = kMarks[place % kMarks.size()],
          .mark_size = 0.9f};
}

/// The chosen one of several, or the first one until the plane of that was looked at.
int network_of_plane(const RunPicture& picture) {
  const int network = seen_network(*picture.run, picture.view);
  return picture.run->surface_of(network) == picture.run->surface ? 0 : network;
}

const DecisionSurface& surface_of(const RunPicture& picture) {
  return *picture.run->surface_of(network_of_plane(picture));
}

struct SurfacePlace {
  const Table& samples;
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;
};

/// An axis whose ends are the surface's, with about `most` round ticks.
ScaledAxis plane_axis(double low, double high, double most, const std::optional<Limits>& zoom,
                      const ImFont* font) {
  ScaledAxis axis;
  axis.limits = axis.home = {low, high};
  if (zoom) axis.limits = within_reach(*zoom, axis.home);
  axis.ticks = round_ticks(axis.limits, 0, most, font, false);
  return axis;
}

SurfacePlace place_surface(const RunPicture& picture, const Style& style, const PlotPlace& place) {
  const DecisionSurface& surface = surface_of(picture);
  SurfacePlace placed{.samples = *surface.samples, .legend = {}, .frame = {}};
  for (int label = 0; label < placed.samples.classes; ++label)
    placed.legend.push_back({.sample = Sample::mark,
                             .words = format_text("run.class", fmt::arg("label", label)),
                             .stroke = class_look(label, style)});
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  placed.frame = place_chart(
      style,
      plane_axis(surface.low_x, surface.high_x, area.columns, place.zoom.x, style.fonts.regular),
      plane_axis(surface.low_y, surface.high_y, area.rows, place.zoom.y, style.fonts.regular),
      area.corner, area.size);
  return placed;
}

/// 0 where every class has the same share, up to kTints - 1 where one has all.
int tint_of(float share, int classes) {
  const float least = 1 / static_cast<float>(std::max(classes, 2));
  const float sure = std::clamp((share - least) / (1 - least), 0.0f, 1.0f);
  return static_cast<int>(std::lround(sure * (kTints - 1)));
}

void draw_classes(Canvas& canvas, const SurfacePlace& placed, const DecisionSurface& surface) {
  const Style& style = canvas.style();
  constexpr int kNoClass = -1;
  CellField field;
  for (int edge = 0; edge <= surface.side; ++edge) {
    field.x.push_back(placed.frame.x_at(surface.low_x + edge * surface.cell_width()));
    field.y.push_back(placed.frame.y_at(surface.low_y + edge * surface.cell_height()));
  }
  field.look = [&](std::size_t column, std::size_t row) {
    const std::size_t cell = surface.cell(static_cast<int>(column), static_cast<int>(row));
    const int label = surface.classes[cell];
    if (label < 0) return kNoClass;
    return label * kTints + tint_of(surface.shares[cell], placed.samples.classes);
  };
  draw_cells(placed.frame, field, [&](ImVec2 low, ImVec2 high, int look) {
    if (look == kNoClass) return draw_hatch(canvas, low, high, ink(style.palette.bad));
    const auto tint = static_cast<float>(look % kTints);
    canvas.fill(low, high,
                ink(class_look(look / kTints, style).color, 0.08f + 0.32f * tint / (kTints - 1)));
  });
}

void draw_samples(Canvas& canvas, const SurfacePlace& placed) {
  const Table& samples = placed.samples;
  for (std::size_t i = 0; i < samples.targets.size(); ++i) {
    const ImVec2 at = placed.frame.at(samples.values[2 * i], samples.values[2 * i + 1]);
    if (!placed.frame.contains(at)) continue;
    const Stroke look = class_look(static_cast<int>(samples.targets[i]), canvas.style());
    draw_mark(canvas, look.mark, at, ink(look.color), look.mark_size);
  }
}

void draw_surface(Canvas& canvas, const RunPicture& picture, const PlotPlace& place) {
  const DecisionSurface& surface = surface_of(picture);
  const SurfacePlace placed = place_surface(picture, canvas.style(), place);
  draw_title(canvas, text("plot.decision_surface"),
             count_text("run.surface_after", surface.steps) +
                 network_words(*picture.run, network_of_plane(picture)),
             place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("plot.axis.plane_x"), text("plot.axis.plane_y"));
  const Clip clip(canvas, placed.frame.low, placed.frame.high);
  draw_classes(canvas, placed, surface);
  draw_samples(canvas, placed);
}

std::optional<PlotReading> read_surface(const RunPicture& picture, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const DecisionSurface& surface = surface_of(picture);
  const SurfacePlace placed = place_surface(picture, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  const double x = placed.frame.x_unit(pointer.x), y = placed.frame.y_unit(pointer.y);
  const auto column = static_cast<int>(std::floor((x - surface.low_x) / surface.cell_width()));
  const auto row = static_cast<int>(std::floor((y - surface.low_y) / surface.cell_height()));
  if (column < 0 || row < 0 || column >= surface.side || row >= surface.side) return std::nullopt;
  const std::size_t cell = surface.cell(column, row);
  PlotReading reading{pointer,
                      {format_text("run.surface_at", fmt::arg("x", number_text(x)),
                                   fmt::arg("y", number_text(y)))}};
  const int label = surface.classes[cell];
  if (label < 0) {
    reading.lines.push_back(text("run.surface_none"));
    reading.on_drawn = false;
    return reading;
  }
  const double share = surface.shares[cell];
  const std::string name = format_text("run.class", fmt::arg("label", label));
  reading.lines.push_back(format_text("run.surface_share", fmt::arg("label", label),
                                      fmt::arg("share", number_text(100 * share))));
  reading.values.push_back({name, share, y});
  return reading;
}

}  // namespace

Plot surface_plot(std::shared_ptr<const RunPicture> picture) {
  return {
      .name = std::string(kSurfacePlot),
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_surface(canvas, *picture, place); },
      .frame = [picture](
                   const Style& style,
                   const PlotPlace& place) { return place_surface(*picture, style, place).frame; },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_surface(*picture, style, place, pointer); },
      .cells = true};
}

}  // namespace nanscope
