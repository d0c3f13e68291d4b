#include "ui/export/panel_places.h"

#include <algorithm>

namespace nanscope {
namespace {

using Plots = std::span<const FigurePlot* const>;

constexpr float kRoomBeside = 60;      // ems of width from which plots stand beside one another
constexpr float kLeastBeside = 24;     // the same where under one another they would be too low:
constexpr float kLowest = 13;          // ems of a plot with its legend and its axes
constexpr float kMostForText = 0.45f;  // of a column's height for plots that are as high as text

/// Plots that share a row.
std::vector<Plots> rows_of(Plots plots, bool wide) {
  std::vector<Plots> rows;
  for (std::size_t i = 0; i < plots.size(); ++i)
    if (i > 0 && wide && plots[i]->beside)
      rows.back() = plots.subspan(static_cast<std::size_t>(rows.back().data() - plots.data()),
                                  rows.back().size() + 1);
    else
      rows.push_back(plots.subspan(i, 1));
  return rows;
}

/// Of rows under one another: those of text are as high as their text, others by their shares.
std::vector<float> heights_of(const std::vector<Plots>& rows, const PanelMeasures& measures,
                              float area) {
  const auto text_height = [&](Plots row) {
    const float text = row.front()->text_height;
    return text > 0 ? text * measures.em + 2 * measures.padding : 0;
  };
  const float room = area - measures.gap * static_cast<float>(rows.size() - 1);
  float fixed = 0, shares = 0;
  for (const Plots row : rows) {
    fixed += text_height(row);
    if (text_height(row) == 0) shares += row.front()->height;
  }
  const float most = shares > 0 ? room * kMostForText : room;
  const float shrink = fixed > most ? most / fixed : 1;
  std::vector<float> heights;
  for (const Plots row : rows) {
    const float text = text_height(row) * shrink;
    heights.push_back(text > 0 ? text : (room - fixed * shrink) * row.front()->height / shares);
  }
  return heights;
}

bool gives_way(Plots row) {
  return std::ranges::all_of(row, [](const FigurePlot* plot) { return plot->gives_way; });
}

/// Whether a row that stays would be too low, while others may give way to it.
bool is_crowded(const std::vector<Plots>& rows, const std::vector<float>& heights, float lowest) {
  bool low = false, any_gives_way = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool leaves = gives_way(rows[i]);
    any_gives_way = any_gives_way || leaves;
    low = low || (!leaves && heights[i] < lowest);
  }
  return low && any_gives_way;
}

void stack(std::vector<PanelPlace>& places, Plots plots, const PanelMeasures& measures, ImVec2 at,
           ImVec2 area) {
  std::vector<Plots> rows = rows_of(plots, area.x > kRoomBeside * measures.em);
  std::vector<float> heights = heights_of(rows, measures, area.y);
  if (heights.front() < kLowest * measures.em && area.x > kLeastBeside * measures.em) {
    rows = rows_of(plots, true);
    heights = heights_of(rows, measures, area.y);
  }
  if (is_crowded(rows, heights, kLowest * measures.em)) {
    std::erase_if(rows, gives_way);
    heights = heights_of(rows, measures, area.y);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Plots row = rows[i];
    const float height = heights[i];
    const auto count = static_cast<float>(row.size());
    const float width = (area.x - measures.gap * (count - 1)) / count;
    float x = at.x;
    for (const FigurePlot* plot : row) {
      places.push_back({plot, {x, at.y}, {width, height}});
      x += width + measures.gap;
    }
    at.y += height + measures.gap;
  }
}

/// Two columns of equal panels, one on a tall slide.
void fill_grid(std::vector<PanelPlace>& places, Plots plots, float gap, ImVec2 at, ImVec2 area) {
  const int count = static_cast<int>(plots.size());
  const int columns = count == 1 || area.x < area.y * 0.75f ? 1 : 2;
  const int rows = (count + columns - 1) / columns;
  const ImVec2 size{(area.x - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns),
                    (area.y - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows)};
  for (int i = 0; i < count; ++i) {
    const int column = i % columns, row = i / columns;
    places.push_back({plots[static_cast<std::size_t>(i)],
                      {at.x + static_cast<float>(column) * (size.x + gap),
                       at.y + static_cast<float>(row) * (size.y + gap)},
                      size});
  }
}

}  // namespace

std::vector<PanelPlace> place_panels(const Figure& figure, Plots plots,
                                     const PanelMeasures& measures, ImVec2 at, ImVec2 area) {
  std::vector<PanelPlace> places;
  if (plots.empty()) return places;
  if (plots.size() == 1) {
    places.push_back({plots.front(), at, area});
  } else if (figure.stacked) {
    stack(places, plots, measures, at, area);
  } else {
    fill_grid(places, plots, measures.gap, at, area);
  }
  return places;
}

}  // namespace nanscope
