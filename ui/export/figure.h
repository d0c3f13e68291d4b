#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "imgui.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One plot of a figure.
struct FigurePlot {
  std::string name;  ///< "forward_variance": the command line's and the file's name
  /// Draws into a rectangle of this size at the cursor, between ImGui::Begin and End.
  std::function<void(const Style& style, ImVec2 size)> draw;
  /// The same drawing as an SVG document of this size, or empty where there is none.
  std::function<std::string(const Style& style, ImVec2 size)> svg = {};
  float height = 1;  ///< share of a stacked figure's height, relative to the other plots'
};

/// What a lab shows at one moment, as it goes into pictures and data files. A value that holds what
/// it draws: it can outlive the frame that it was made in.
struct Figure {
  Experiment experiment;  ///< travels inside of the PNG
  std::string title;      ///< the sentence
  std::string settings;   ///< in words, below the title
  std::string foot;       ///< seed, device, precision: what made the numbers
  std::vector<FigurePlot> plots;
  bool stacked = false;  ///< plots under one another, as wide as the picture
  /// The first plot on the left, the others stacked beside it.
  bool first_leads = false;
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
