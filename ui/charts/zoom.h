#pragma once

#include <optional>
#include <string_view>

#include "engine/experiment/view.h"
#include "ui/charts/axis.h"

// Zooming and panning as arithmetic, without a pointer or a screen.
namespace nanscope {

/// What a person has zoomed a chart to, in the units of its axes. An axis without limits shows what
/// the chart itself decides: its home.
struct PlotZoom {
  std::optional<Limits> x = {}, y = {};

  bool operator==(const PlotZoom&) const = default;
  bool at_home() const { return !x && !y; }
};

/// The zoom of a plot as an experiment's view has it, and as it is put there.
PlotZoom plot_zoom(const ViewSpec& view, std::string_view plot);
/// What of a plot's axes is locked, and to what.
PlotZoom plot_lock(const ViewSpec& view, std::string_view plot);
void set_plot_zoom(ViewSpec& view, std::string_view plot, const PlotZoom& zoom);

/// What a locked axis shows: more than it is locked to only where values leave that, and then what
/// the plot itself would show.
Limits grown(const Limits& held, const Limits& taken, const Limits& home);

/// How far a person can zoom an axis, as shares of its home's span.
struct ZoomReach {
  double closest = 1e-4;
  double furthest = 8;
};

/// What is seen of a chart that was zoomed to these limits, also where its data are others since or
/// a file has asked for more than can be seen: no closer and no further than that, and some of
/// home.
Limits within_reach(const Limits& wanted, const Limits& home, const ZoomReach& reach = {});

/// The limits `factor` times as close, about the place at this share of them, as far as that
/// reaches; home itself is nothing.
std::optional<Limits> zoomed(const Limits& seen, const Limits& home, double share, double factor,
                             const ZoomReach& reach = {});

/// The limits moved by a share of their span, as far as some of home stays in sight.
std::optional<Limits> panned(const Limits& seen, const Limits& home, double share);

/// The limits narrowed to the part between two shares of them.
std::optional<Limits> narrowed(const Limits& seen, const Limits& home, double from, double to,
                               const ZoomReach& reach = {});

}  // namespace nanscope
