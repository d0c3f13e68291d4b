#include "ui/export/figure.h"

#include <array>
#include <utility>

#include "ui/charts/pins.h"

namespace nanscope {
namespace {

/// Why a pin is not in this plot.
Result<void> check_pin(const ViewPin& pin, const Plot& plot, const Style& style,
                       const PlotPlace& place) {
  constexpr const char* kKey = "view.pins";
  if (!plot.frame || !plot.read)
    return input_error(kKey, "{} has no axes, and so no readings to pin.", pin.plot);
  const ChartFrame frame = plot.frame(style, place);
  using Axis = std::pair<const char*, std::pair<double, const ScaledAxis*>>;
  for (const auto& [name, at] : {Axis{"x", {pin.x, &frame.x}}, Axis{"y", {pin.y, &frame.y}}}) {
    const auto& [value, axis] = at;
    if (!axis->at_home(value))
      return input_error(kKey, "{} {} is outside of {}, whose axis goes from {} to {}.", name,
                         value, pin.plot, axis->home.low, axis->home.high);
  }
  if (read_place(plot, style, place, pin.x, pin.y)) return {};
  return input_error(kKey, "nothing is drawn at x {} y {} of {}; choose a place on a curve.", pin.x,
                     pin.y, pin.plot);
}

}  // namespace

void look_at(Figure& figure, const ViewSpec& view) {
  for (FigurePlot& plot : figure.plots) {
    plot.zoom = plot_zoom(view, plot.name());
    plot.held = plot_lock(view, plot.name());
    plot.pins = pin_places(view, plot.name());
  }
}

void draw_figure_plot(Canvas& canvas, const FigurePlot& plot, ImVec2 corner, ImVec2 size) {
  const PlotPlace place{corner, size, plot.zoom, plot.held};
  plot.plot.draw(canvas, place);
  if (plot.pins.empty() || !plot.plot.frame) return;
  Pins pins = pins_at(plot.pins);
  read_pins(pins, plot.plot, canvas.style(), place);
  draw_pins(canvas, plot.plot.frame(canvas.style(), place), pins,
            around_pins(plot.plot, canvas.style(), place));
}

Result<void> check_pins(const Figure& figure, const Style& style) {
  constexpr ImVec2 kSize{800, 500};  // its axes have the same ends in any
  for (const FigurePlot& plot : figure.plots)
    for (const ViewPin& pin : plot.pins)
      if (auto good = check_pin(pin, plot.plot, style, {{0, 0}, kSize, {}, plot.held}); !good)
        return good;
  return {};
}

std::string csv_of(const Figure& figure, std::string_view plot) {
  const FigurePlot* one = find_plot(figure, plot);
  return one && one->csv ? one->csv() : figure.csv();
}

}  // namespace nanscope
