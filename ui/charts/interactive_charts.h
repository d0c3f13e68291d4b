#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ui/charts/axis_lock.h"
#include "ui/charts/pins.h"

namespace nanscope {

/// A place of a chart in the units of its axes.
struct ChartPoint {
  double x = 0, y = 0;
};

/// What a person did to a chart in this frame, beside zooming and pinning.
struct ChartEvents {
  std::optional<PlotReading> reading;  ///< of the place under the pointer
  bool clicked = false;                ///< pressed and released on one spot
  bool double_clicked = false;         ///< while all of it was shown
  bool click_taken_back = false;       ///< the click before was the first half of a double click
  std::optional<ChartPoint> moved_to;  ///< where the plot's handle was brought
  unsigned gesture = 0;                ///< by which drag; 0: by a click
  std::string copied;                  ///< text for the clipboard
};

struct ChartOptions {
  bool says_zoom = true;            ///< that it is zoomed, in a corner of its plot area
  bool click_copies = false;        ///< a click copies the number that is read
  std::function<void()> menu = {};  ///< more items for its menu
  /// What is read at this index stands elsewhere: no tooltip says it again.
  std::optional<int> told = {};
};

/// The charts of a lab in the window, all with the same gestures: the wheel zooms about the
/// pointer, a drag pans, a drag with the right button or Shift zooms to a box, a double click shows
/// all again; + - 0 and, on a focused chart that is zoomed, the arrow keys do the same. P or the
/// middle button pins what the pointer reads, Ctrl+C copies it. Drawings without axes are only
/// read, and a click on what is read copies it.
class InteractiveCharts {
 public:
  /// Draws a plot at the cursor.
  ChartEvents draw(const Plot& plot, const Style& style, ImVec2 size,
                   const ChartOptions& options = {});

  /// Zooms, locks and pins as an experiment's view says: at the beginning of a frame. While a
  /// control is dragged axes stay. Pins of a file are read when what is drawn is the experiment's.
  void show(const ViewSpec& view, bool dragging = false, bool settled = true);
  /// The view with what has become of that.
  ViewSpec looked_at(ViewSpec view) const;
  /// The axes of its plots that can be locked, as they are now.
  AxisLock& lock() { return lock_; }
  const AxisLock& lock() const { return lock_; }

  PlotZoom zoom(std::string_view plot) const;
  void set_zoom(std::string_view plot, const PlotZoom& zoom);
  const Pins& pins(std::string_view plot) const;
  /// Forgets all zooms, pins and axes: what is drawn is about something else now.
  void clear() { views_.clear(), lock_.clear(); }

 private:
  struct View {
    PlotZoom zoom;
    Pins pins;
    bool drawn = false;           ///< it is a plot of these charts, not another lab's
    PinSigns signs = {};          ///< of what was around the pins
    PinSurroundings around = {};  ///< when the signs were these
  };
  /// A drag under way: from where, and what was seen then.
  struct Drag {
    ImVec2 from;
    PlotZoom before;
    bool box = false;
    bool handle = false;  ///< it takes the plot's handle along
  };
  struct Item;
  void drag(const Item& item, View& view, ChartEvents& events);
  void zoom_by_wheel_and_keys(const Item& item, View& view, ChartEvents& events);
  void pin_and_copy(const Item& item, View& view, ChartEvents& events);
  static void copy_by_click(const Item& item, ChartEvents& events);
  const PinSurroundings& around(const Item& item, const ChartFrame& frame, View& view) const;
  void pin(const Item& item, View& view, const PlotReading& reading);
  void menu(const Item& item, View& view, ChartEvents& events, const ChartOptions& options);

  std::map<std::string, View, std::less<>> views_;
  AxisLock lock_;
  bool settled_ = true;
  std::optional<Drag> drag_;
  std::optional<PlotReading> menu_reading_;  ///< what the pointer was on when the menu opened
  std::string refused_pin_;                  ///< the plot whose reading cannot be pinned ...
  double refused_until_ = 0;                 ///< ... which is said until then
};

/// A gesture in the list of shortcuts: keys of its name and of what does it, in ui/text.
struct GestureHelp {
  const char* name;
  const char* how;
};
std::span<const GestureHelp> chart_gestures();

}  // namespace nanscope
