#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/live_change.h"
#include "ui/charts/plot.h"

namespace nanscope {

/// Pixels of a picture. Below the default no plot has room for its labels.
struct PictureSize {
  int width = 320;
  int height = 240;
};

/// A plot of a figure, and how it goes into pictures.
struct FigurePlot {
  Plot plot;
  PlotZoom zoom = {};              ///< what of it is seen
  PlotZoom held = {};              ///< what its axes are locked to
  std::vector<ViewPin> pins = {};  ///< of its readings
  bool alone = false;  ///< drawn when it is asked for by name, not on the slide of the whole figure
  float height = 1;    ///< share of a stacked figure's height, relative to the other plots'
  /// The height that it needs in heights of body text, where that does not depend on the room.
  float text_height = 0;
  bool beside =
      false;  ///< in a stacked figure: in one row with the plot before it, given the width
  /// In a stacked figure: a row of such plots is left out where others would be too low to be read.
  bool gives_way = false;
  PictureSize least = {};                 ///< a picture of it alone that can still be read
  std::function<std::string()> csv = {};  ///< its own table, where the figure's does not have it

  const std::string& name() const { return plot.name; }
};

/// What a lab shows at one moment, as it goes into pictures and data files. A value that holds what
/// it draws: it can outlive the frame that it was made in.
struct Figure {
  Experiment experiment;                 ///< travels inside of the picture
  std::vector<LiveChange> changes = {};  ///< of a run: as well
  std::int64_t until = 0;                ///< of a run that has more: the steps that are shown
  std::string title;                     ///< the sentence
  std::string settings;                  ///< in words, below the title
  std::string foot;                      ///< seed, device, precision: what made the numbers
  std::vector<FigurePlot> plots;
  float type = 1;  ///< of the usual size on a slide with all plots, where there is much to say
  bool stacked = false;    ///< plots under one another, as wide as the picture
  PictureSize least = {};  ///< a picture of all plots that can still be read
  std::function<std::string()> csv;
  std::function<std::string()> json;
};

/// What of the plots is seen, and what was pinned: as an experiment's view has it.
void look_at(Figure& figure, const ViewSpec& view);
/// A plot as it is looked at, with its pins.
void draw_figure_plot(Canvas& canvas, const FigurePlot& plot, ImVec2 corner, ImVec2 size);
/// Why a pin is not there: outside of its plot's axes, or where nothing is drawn.
Result<void> check_pins(const Figure& figure, const Style& style);

/// The table of the plot with this name, or of the whole figure.
std::string csv_of(const Figure& figure, std::string_view plot);

/// The figure's plot with this name, or null.
inline const FigurePlot* find_plot(const Figure& figure, std::string_view name) {
  for (const FigurePlot& plot : figure.plots)
    if (plot.name() == name) return &plot;
  return nullptr;
}

}  // namespace nanscope
