#include "ui/export/panel_places.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

using Plots = std::span<const FigurePlot* const>;

constexpr float kRoomBeside = 60;   // ems of width from which plots stand beside one another
constexpr float kLeastBeside = 24;  // the same where under one another they would be too low:
constexpr float kLowest = 13;       // ems of a plot with its legend and its axes
constexpr float kNarrowest = 12;    // ems of a plot in a row of several, and of a large one:
constexpr float kNarrowestLarge = 14;
constexpr std::size_t kMostInRow = 4;
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

float share_of(Plots row) {
  return std::ranges::max(row, {}, [](const FigurePlot* plot) { return plot->height; })->height;
}

/// None is lower than `least`, as far as there is room for that: the others give of theirs.
void even_out(std::vector<float>& heights, float least) {
  float room = 0;
  for (const float height : heights) room += height;
  least = std::min(least, room / static_cast<float>(heights.size()));
  float missing = 0, over = 0;
  for (const float height : heights) {
    missing += std::max(least - height, 0.0f);
    over += std::max(height - least, 0.0f);
  }
  for (float& height : heights)
    height = height < least ? least : height - (over > 0 ? missing * (height - least) / over : 0);
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
    if (text_height(row) == 0) shares += share_of(row);
  }
  const float most = shares > 0 ? room * kMostForText : room;
  const float shrink = fixed > most ? most / fixed : 1;
  std::vector<float> heights;
  for (const Plots row : rows) {
    const float text = text_height(row) * shrink;
    heights.push_back(text > 0 ? text : (room - fixed * shrink) * share_of(row) / shares);
  }
  return heights;
}

float width_in(Plots row, const PanelMeasures& measures, float area) {
  const auto count = static_cast<float>(row.size());
  return (area - measures.gap * (count - 1)) / count;
}

/// Of rows without text, none of which is low where others are high.
std::vector<float> even_heights_of(const std::vector<Plots>& rows, const PanelMeasures& measures,
                                   float area) {
  std::vector<float> heights = heights_of(rows, measures, area);
  even_out(heights, kLowest * measures.em);
  return heights;
}

/// How well plots can be read in these rows: the larger ones count for much more, what is lower or
/// narrower than it can be read counts twice, and what is much more than that gives no more.
double legibility(const std::vector<Plots>& rows, const PanelMeasures& measures, ImVec2 area) {
  const std::vector<float> heights = even_heights_of(rows, measures, area.y);
  constexpr double kEnough = 0.5;
  const auto worth = [&](float length, float least) {
    const double relative = std::log(std::max(length, 1.0f) / (least * measures.em));
    return relative < 0 ? 2 * relative : std::min(relative, kEnough);
  };
  double sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const FigurePlot* plot : rows[i]) {
      const float least = plot->height > 1 ? kNarrowestLarge : kNarrowest;
      sum += static_cast<double>(plot->height * plot->height) *
             (worth(heights[i], kLowest) + worth(width_in(rows[i], measures, area.x), least));
    }
  return sum;
}

/// Of all ways to set them in rows, in their order, the most legible one.
std::vector<Plots> packed_rows(Plots plots, const PanelMeasures& measures, ImVec2 area) {
  const auto fitting = static_cast<std::size_t>(
      std::max((area.x + measures.gap) / (kNarrowest * measures.em + measures.gap), 1.0f));
  const std::size_t most = std::min(fitting, kMostInRow);
  std::vector<Plots> best;
  double most_legible = 0;
  // Each bit says that a plot begins a row.
  for (unsigned begins = 0; begins < 1u << (plots.size() - 1); ++begins) {
    std::vector<Plots> rows;
    std::size_t first = 0;
    for (std::size_t end = 1; end <= plots.size(); ++end)
      if (end == plots.size() || (begins >> (end - 1) & 1u) != 0) {
        rows.push_back(plots.subspan(first, end - first));
        first = end;
      }
    if (std::ranges::any_of(rows, [&](Plots row) { return row.size() > most; })) continue;
    const double legible = legibility(rows, measures, area);
    if (!best.empty() && legible <= most_legible) continue;
    most_legible = legible;
    best = std::move(rows);
  }
  return best;
}

/// Whether one of the lesser plots has a row for itself while others share theirs.
bool wastes_a_row(const std::vector<Plots>& rows) {
  const auto is_small = [](Plots row) { return row.size() == 1 && row.front()->height <= 1; };
  const auto is_shared = [](Plots row) { return row.size() > 1; };
  return std::ranges::any_of(rows, is_small) && std::ranges::any_of(rows, is_shared);
}

bool gives_way(Plots row) {
  return std::ranges::all_of(row, [](const FigurePlot* plot) { return plot->gives_way; });
}

/// Whether a row that stays would be too low, one of text lower than its text, while others may
/// give way to it.
bool is_crowded(const std::vector<Plots>& rows, const std::vector<float>& heights,
                const PanelMeasures& measures) {
  bool low = false, any_gives_way = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool leaves = gives_way(rows[i]);
    any_gives_way = any_gives_way || leaves;
    const float text = rows[i].front()->text_height;
    const float lowest = (text > 0 ? text : kLowest) * measures.em;
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
  if (is_crowded(rows, heights, measures)) {
    std::erase_if(rows, gives_way);
    heights = heights_of(rows, measures, area.y);
  }
  // The figure's own rows, unless they are too low or one of them is hardly used.
  const auto is_text = [](Plots row) { return row.front()->text_height > 0; };
  const bool may_share = std::ranges::any_of(plots, &FigurePlot::beside);
  const bool too_low = std::ranges::min(heights) < kLowest * measures.em;
  std::vector<const FigurePlot*> packed;
  if (may_share && (too_low || wastes_a_row(rows)) && std::ranges::none_of(rows, is_text)) {
    for (const Plots row : rows) packed.insert(packed.end(), row.begin(), row.end());
    rows = packed_rows(packed, measures, area);
    heights = even_heights_of(rows, measures, area.y);
  } else if (std::ranges::none_of(rows, is_text)) {
    even_out(heights, kLowest * measures.em);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Plots row = rows[i];
    const float height = heights[i];
    const float width = width_in(row, measures, area.x);
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
