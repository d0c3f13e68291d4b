#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/view.h"
#include "ui/charts/labels.h"
#include "ui/charts/plot.h"

// Readings that stay: what a chart said when it was pinned, also after the chart has changed, so
// that before and after can be compared as well as two places. What it said of passes beside the
// chart's own follows these, and is gone with them. Their places are a part of the experiment's
// view: a picture reads there what it shows, and so does the window that opens it.
namespace nanscope {

struct PinnedReading {
  double x = 0, y = 0;  ///< where, in the units of the axes
  PlotReading reading;
  bool read = true;      ///< false: of a file, whose chart is not there yet
  bool there = true;     ///< false: the chart has become another, and nothing is drawn there now
  bool earlier = false;  ///< the chart says something else there by now; so does the plate
};

/// Two at most: a third one takes the place of the first.
using Pins = std::vector<PinnedReading>;

/// Pins a reading of a chart, or takes away the pin that is there already. False where nothing is
/// drawn that could be pinned.
bool toggle_pin(Pins& pins, const ChartFrame& frame, const PlotReading& reading);

/// The places of a plot's pins, as a view has them.
std::vector<ViewPin> pin_places(const ViewSpec& view, std::string_view plot);
void set_pin_places(ViewSpec& view, std::string_view plot, const std::vector<ViewPin>& places);
/// Those of pins that a picture could read.
std::vector<ViewPin> places_of(const Pins& pins, std::string_view plot);
/// Pins at these places: former ones stay as they were read, others wait to be read. Former ones
/// that nothing is drawn at stay beside them where there is room.
Pins pins_at(const std::vector<ViewPin>& places, const Pins& former = {});
/// Reads the pins that wait for it out of what the plot shows; where nothing is drawn they go, and
/// where a plot that grows has not come to they wait on. Of
/// the others it is found out whether something is drawn there still.
void read_pins(Pins& pins, const Plot& plot, const Style& style, const PlotPlace& place);

/// What a plot says at a place, in the units of its axes, also where a zoom has moved it out of
/// sight; nothing where nothing is drawn.
std::optional<PlotReading> read_place(const Plot& plot, const Style& style, PlotPlace place,
                                      double x, double y);

/// The pin at a point of the chart, or null.
const PinnedReading* pin_at(const Pins& pins, const ChartFrame& frame, ImVec2 pixel);

/// What the pins say of passes beside the plot's own becomes what the plot says of them now. A pin
/// from before a change is what was before: it says beside it what the plot itself says now, also
/// where that is NaN or out of sight.
void follow_passes_beside(Pins& pins, const Plot& plot, const Style& style, const PlotPlace& place);

/// A number of two readings side by side.
struct Comparison {
  std::string name;
  double first = 0, second = 0;
  std::function<std::string(double)> words = {};

  double difference() const { return second - first; }
  double ratio() const { return second / first; }
};
/// The numbers that both readings have: by their names, or by their order where no name is the
/// same.
std::vector<Comparison> compare(const PlotReading& first, const PlotReading& second);

/// A reading as text: its lines, and its table separated by tabs.
std::string reading_text(const PlotReading& reading);
/// What the pins say as text: a reading, or two of them compared.
std::string pins_text(const Pins& pins);

/// What a plate of pins leaves free, and a reading where it can.
struct PinSurroundings {
  std::vector<ImVec2> points = {};     ///< some of the curves', pixels
  std::vector<LabelBox> words = {};    ///< tags
  std::vector<ImVec2> lines = {};      ///< along all that is drawn as a line, but for the grid
  std::vector<LabelBox> fields = {};   ///< what is filled
  bool cells = false;                  ///< a heat map: a plate says one number there
  std::optional<LabelBox> plate = {};  ///< what the pins say, in the frame before
};
/// What tells that they may have become others, and is known without a look at the drawing: where
/// the axes are, what is read at the pins, and how large words are.
using PinSigns = std::vector<std::uint64_t>;
PinSigns pin_signs(const ChartFrame& frame, const Pins& pins, const Style& style);
/// The curves' points as far as the plot's readings say where these are. Draws the plot in silence.
PinSurroundings around_pins(const Plot& plot, const Style& style, const PlotPlace& place);
/// The pins' rings and what they say, for what gives way to them.
std::vector<LabelBox> taken_by_pins(const Style& style, const ChartFrame& frame, const Pins& pins,
                                    const PinSurroundings& around);
/// A place in the plot area, rather in its corner, for words of this size that hide nothing that is
/// drawn, no pin and not the pointer; none where each hides something. `on_cells`: but for cells of
/// a map of them, which has no other place for one of its numbers where they are all over.
std::optional<ImVec2> free_corner(const Style& style, const ChartFrame& frame, const Pins& pins,
                                  const PinSurroundings& around, ImVec2 pointer, ImVec2 extent,
                                  bool on_cells = false);

/// Marks the pinned places 1 and 2 that are in sight, and says in a plate what was read there, and
/// of two how far they are apart. The plate lies within the plot area beside the pins, and leaves
/// free what is around; where there is less room it says less or is not there. Returns its place.
std::optional<LabelBox> draw_pins(Canvas& canvas, const ChartFrame& frame, const Pins& pins,
                                  const PinSurroundings& around = {});

}  // namespace nanscope
