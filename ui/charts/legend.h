#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/charts/stroke.h"

namespace nanscope {

/// What stands before a legend's words.
enum class Sample {
  line,       ///< as the series is drawn: solid or dashed, with its mark
  mark,       ///< the mark alone
  both,       ///< a solid line, and the dashes of its prediction
  predicted,  ///< dashes on the tint of the band
  band,       ///< a tinted field
  colors,     ///< the colour scale of a heatmap, low to high
  hatch,      ///< a hatched field
};

struct LegendEntry {
  Sample sample = Sample::line;
  std::string words;
  Stroke stroke = {};
  bool present = true;       ///< false: nothing to see of it now; drawn pale
  std::string formula = {};  ///< stands behind the words, where there is room for it
  bool new_row = false;      ///< it begins one
  /// More words, as far as the row has room. How long they are does not count for where rows break,
  /// only that there are some, so that what stands below does not move when they change.
  std::string tail = {};
  std::optional<std::string> brief = {};  ///< in place of words and tail where there is little room
  std::string narrow = {};                ///< its words where a whole row has no room for them
};

/// The entries as short as they can be, one after the other.
std::vector<LegendEntry> brief_legend(std::vector<LegendEntry> entries);

/// Entries one after the other, in rows as long as `width`.
void draw_legend(Canvas& canvas, std::span<const LegendEntry> entries, ImVec2 corner, float width);
/// How wide an entry is alone in a row.
float legend_width(const Style& style, const LegendEntry& entry);
/// The height that they take.
float legend_height(const Style& style, std::span<const LegendEntry> entries, float width);

/// A chart's title, and on the right what kind of numbers it shows, or, where that has no room, the
/// shorter note: false where neither has.
bool draw_title(Canvas& canvas, const std::string& title, const std::string& note, ImVec2 corner,
                float width, const std::string& shorter = "");
/// The height of that row.
float title_height(const Style& style);

/// The colour of a share of values in heatmaps, 0..1 along a perceptually even scale: pale to dark
/// on light grounds, dark to bright on dark ones.
ImVec4 heat_color(const Style& style, float position);

}  // namespace nanscope
