#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "imgui.h"
#include "ui/charts/plot_reading.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One plot of a figure.
struct FigurePlot {
  std::string name;  ///< "forward_variance": the command line's and the file's name
  /// Draws into a rectangle of this size at the cursor, between ImGui::Begin and End.
  std::function<void(const Style& style, ImVec2 size)> draw;
  /// The same drawing as an SVG document of this size, or empty where there is none.
  std::function<std::string(const Style& style, ImVec2 size)> svg = {};
  bool alone = false;  ///< drawn when it is asked for by name, not on the slide of the whole figure
  float height = 1;    ///< share of a stacked figure's height, relative to the other plots'
  /// The height that it needs in heights of body text, where that does not depend on the room.
  float text_height = 0;
  bool beside =
      false;  ///< in a stacked figure: in one row with the plot before it, given the width
  /// What is drawn at a point of the rectangle that begins at `corner`, in words; or empty.
  std::function<std::optional<PlotReading>(const Style& style, ImVec2 corner, ImVec2 size,
                                           ImVec2 pointer)>
      read = {};
};

/// What a lab shows at one moment, as it goes into pictures and data files. A value that holds what
/// it draws: it can outlive the frame that it was made in.
struct Figure {
  Experiment experiment;  ///< travels inside of the PNG
  std::string title;      ///< the sentence
  std::string settings;   ///< in words, below the title
  std::string foot;       ///< seed, device, precision: what made the numbers
  std::vector<FigurePlot> plots;
  float type = 1;  ///< of the usual size on a slide with all plots, where there is much to say
  bool stacked = false;  ///< plots under one another, as wide as the picture
  std::function<std::string()> csv;
  std::function<std::string()> json;
};

/// The figure's plot with this name, or null.
inline const FigurePlot* find_plot(const Figure& figure, std::string_view name) {
  for (const FigurePlot& plot : figure.plots)
    if (plot.name == name) return &plot;
  return nullptr;
}

}  // namespace nanscope
