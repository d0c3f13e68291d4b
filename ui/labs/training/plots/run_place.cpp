#include "ui/labs/training/plots/run_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ui/charts/chart_area.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Among others the first plot says for all which run is which. One curve is what the title says.
std::vector<LegendEntry> legend_of(const std::vector<DrawnCurve>& curves, bool names_all,
                                   int networks) {
  std::vector<LegendEntry> legend;
  const auto band = std::ranges::find_if(curves, &DrawnCurve::is_band);
  if (std::ranges::count(curves, false, &DrawnCurve::beside) > 1 ||
      (names_all && (curves.size() > 1 || band != curves.end())))
    for (const DrawnCurve& one : curves)
      if (!one.beside || names_all) legend.push_back({Sample::line, one.words, one.stroke});
  if (names_all && band != curves.end())
    legend.push_back({.sample = Sample::band,
                      .words = format_text("run.band_legend", fmt::arg("count", networks)),
                      .stroke = band->stroke,
                      .brief = format_text("run.band_brief", fmt::arg("count", networks)),
                      .narrow = format_text("run.band_brief", fmt::arg("count", networks))});
  return legend;
}

/// The names of many runs leave the curves their room: of those beside it the newest are named, and
/// how many more there are. `own`: entries of the run itself.
void leave_out_older(std::vector<LegendEntry>& legend, std::size_t own, std::size_t beside,
                     const Style& style, ImVec2 size) {
  constexpr float kMost = 0.3f;  // of the plot's height
  const std::vector<LegendEntry> all = legend;
  const auto at = [&](std::size_t entry) {
    return all.begin() + static_cast<std::ptrdiff_t>(entry);
  };
  for (std::size_t left = 1; left < beside; ++left) {
    if (legend_height(style, legend, size.x) <= kMost * size.y) return;
    legend.assign(all.begin(), at(own));
    legend.insert(legend.end(), at(own + left), at(own + beside));
    legend.push_back({.words = count_text("run.more_read", static_cast<std::int64_t>(left)),
                      .stroke = {.color = {0, 0, 0, 0}}});
    legend.insert(legend.end(), at(own + beside), all.end());
  }
}

}  // namespace

LabelPlaces RunPlace::label_places(float apart, std::span<const std::vector<ImVec2>> lines) const {
  std::vector<ImVec2> points;
  for (const std::vector<ImVec2>& line : lines) add_points_along(points, line, apart, area());
  return LabelPlaces(area(), std::move(points));
}

RunPlace place_run(const RunPicture& picture, const RunQuantity& quantity, const Style& style,
                   const PlotPlace& place) {
  RunPlace placed;
  placed.curves = drawn_curves(picture, quantity, style);
  placed.legend = legend_of(
      placed.curves,
      quantity.plot == run_quantities().front().plot || quantity.plot == picture.view.plot,
      picture.run->experiment.network.networks);
  const auto beside =
      static_cast<std::size_t>(std::ranges::count(placed.curves, true, &DrawnCurve::beside));
  // Where a legend names those beside it, it names all of the run's own before them.
  if (const std::size_t own = placed.curves.size() - beside;
      beside > 1 && placed.legend.size() >= placed.curves.size())
    leave_out_older(placed.legend, own, beside, style, place.size);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const ImFont* font = style.fonts.regular;
  const int log_base = picture.view.log ? quantity.log_base : 0;
  ScaledAxis values =
      scaled_axis(ends_of(picture, placed.curves, log_base),
                  {log_base, area.rows, quantity.percent, place.zoom.y, place.held.y}, font);
  // How large what nobody has measured yet will be, nobody knows.
  if (placed.curves.empty() && !quantity.percent) values.ticks = {};
  placed.frame = place_chart(style, axis_along(picture, style, place, area.size.x),
                             std::move(values), area.corner, area.size);
  return placed;
}

bool have_room_beside_titles(const RunPicture& picture, const Style& style, const std::string& note,
                             float width) {
  const float size = body(style);
  const float taken =
      text_extent(style, Face::regular, size * text_size::small, note).x + px(style.spacing * 2);
  return std::ranges::all_of(run_quantities(), [&](const RunQuantity& quantity) {
    const std::string title = title_along(quantity.plot, axis_of(picture));
    return !has(*picture.run, quantity) || quantity.plot == kConditionPlot ||
           text_extent(style, Face::semibold, size, title).x + taken <= width;
  });
}

std::string note_within(const RunPicture& picture, const Style& style, float width) {
  const RunSummary& run = *picture.run;
  const std::string note = measured_in_one(run, seen_network(run, picture.view));
  if (have_room_beside_titles(picture, style, note, width)) return note;
  return text(run.emulated ? "plot.emulated" : "plot.measured") +
         network_words(run, seen_network(run, picture.view));
}

std::vector<ImVec2> corners_beside(const Style& style, const ChartFrame& frame, float x,
                                   ImVec2 size, int steps) {
  const float gap = units(style, 4);
  const float room = frame.high.y - frame.low.y - size.y - 2 * gap;
  std::vector<ImVec2> corners;
  for (const float left : {x + gap, x - gap - size.x})
    for (int i = 0; i <= steps; ++i)
      corners.push_back(
          {left, frame.low.y + gap + room * static_cast<float>(i) / static_cast<float>(steps)});
  return corners;
}

}  // namespace nanscope
