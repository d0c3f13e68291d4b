#include "ui/charts/interactive_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "imgui_internal.h"
#include "ui/charts/chart_signs.h"
#include "ui/charts/gestures.h"
#include "ui/text/text.h"
#include "ui/widgets/pointed_key.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr float kArrowStep = 0.1f;  // of the plot area
constexpr std::array<GestureHelp, 8> kGestures{{{"chart.zoom", "chart.zoom_how"},
                                                {"chart.pan", "chart.pan_how"},
                                                {"chart.box", "chart.box_how"},
                                                {"chart.show_all", "chart.show_all_how"},
                                                {"chart.zoom_keys", "chart.zoom_keys_how"},
                                                {"chart.pan_keys", "chart.pan_keys_how"},
                                                {"chart.pin", "chart.pin_how"},
                                                {"chart.copy", "chart.copy_how"}}};

bool any_pointed_key(std::initializer_list<ImGuiKeyChord> chords, ImGuiID id) {
  bool pressed = false;
  for (const ImGuiKeyChord chord : chords) pressed = pointed_key(chord, id, true) || pressed;
  return pressed;
}

/// A number in all of its digits.
std::string in_full(const ReadingValue& value) { return fmt::format("{}", value.value); }

/// What is copied of a reading: of a table's cell the number alone.
std::string copied_words(const Plot& plot, const PlotReading& reading) {
  const bool number = !plot.frame && !reading.values.empty();
  return number ? in_full(reading.values.front()) : reading_text(reading);
}

/// The row of a reading's table whose value is drawn nearest to the pointer.
std::optional<std::size_t> nearest_row(const PlotReading& reading, const ChartFrame& frame,
                                       ImVec2 pointer) {
  const std::vector<ReadingValue> values = all_values(reading);
  if (values.size() != all_rows(reading).size()) return std::nullopt;
  std::optional<std::size_t> nearest;
  float least = INFINITY;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float distance = std::abs(frame.at_units(0, values[i].place).y - pointer.y);
    if (!(distance < least)) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

/// The place of a pixel, or of the nearest one in the plot area.
ChartPoint point_within(const ChartFrame& frame, ImVec2 pixel) {
  return {frame.x_unit(std::clamp(pixel.x, frame.low.x, frame.high.x)),
          frame.y_unit(std::clamp(pixel.y, frame.low.y, frame.high.y))};
}

/// The chart as an item. The frame of the keyboard's focus stands half way to the edge of its card:
/// Dear ImGui's would touch the title of a large one.
void draw_item(const char* label, ImVec2 size, const Style& style) {
  bool& hides_focus = ImGui::GetCurrentWindow()->DC.NavHideHighlightOneFrame;
  const bool hidden = std::exchange(hides_focus, true);
  ImGui::InvisibleButton(label, size,
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                             ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_EnableNav);
  hides_focus = hidden;
  if (hidden || !ImGui::IsItemFocused() || !ImGui::GetCurrentContext()->NavCursorVisible) return;
  ImRect frame(ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  frame.Expand(std::floor(px(style.spacing) / 2));
  const float width = std::max(2.0f, std::round(units(style, 2)));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect({frame.Min.x - width, frame.Min.y - width},
                    {frame.Max.x + width, frame.Max.y + width});
  list.AddRect(frame.Min, frame.Max, ImGui::GetColorU32(ImGuiCol_NavCursor),
               ImGui::GetStyle().FrameRounding, width);
  list.PopClipRect();
}

/// Copies one of a reading's numbers.
void copy_value_menu(const std::vector<ReadingValue>& values, ChartEvents& events) {
  if (values.empty() || !ImGui::BeginMenu(text("chart.copy_value"))) return;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string words = values[i].words(values[i].value);
    if (ImGui::MenuItem(fmt::format("{}###value {}", values[i].name, i).c_str(), words.c_str()))
      events.copied = in_full(values[i]);
  }
  ImGui::EndMenu();
}

}  // namespace

std::span<const GestureHelp> chart_gestures() { return kGestures; }

/// The chart's item in this frame.
struct InteractiveCharts::Item {
  const Plot& plot;
  const Style& style;
  ImVec2 corner, size;
  ImGuiID id = 0;

  PlotZoom held = {};  ///< its axes
  bool hovered = false, focused = false, active = false;

  PlotPlace place(const PlotZoom& zoom) const { return {corner, size, zoom, held}; }
  ChartFrame frame(const PlotZoom& zoom) const { return plot.frame(style, place(zoom)); }
  bool is_on_handle(const PlotZoom& zoom, ImVec2 pixel) const {
    if (!plot.handle) return false;
    const ImVec2 handle = plot.handle(style, place(zoom));
    return std::hypot(handle.x - pixel.x, handle.y - pixel.y) <= units(style, 12);
  }
};

void InteractiveCharts::show(const ViewSpec& view, bool dragging, bool settled) {
  for (const ViewZoom& zoom : view.zoom) views_[zoom.plot];
  for (const ViewPin& pin : view.pins) views_[pin.plot];
  for (auto& [plot, one] : views_) {
    one.zoom = plot_zoom(view, plot);
    one.pins = pins_at(pin_places(view, plot), one.pins);
  }
  lock_.show(view.lock, dragging);
  settled_ = settled;
}

ViewSpec InteractiveCharts::looked_at(ViewSpec view) const {
  // In place where nothing has changed, so that the view stays the same value.
  for (const auto& [plot, one] : views_) {
    if (plot_zoom(view, plot) != one.zoom) set_plot_zoom(view, plot, one.zoom);
    const std::vector<ViewPin> pins = places_of(one.pins, plot);
    if (pin_places(view, plot) != pins) set_pin_places(view, plot, pins);
  }
  // What is still drawn of another experiment lets no axis grow that is locked.
  const bool toggled = lock_.locked() == view.lock.empty();
  if (settled_ || toggled) view.lock = lock_.lock();
  return view;
}

PlotZoom InteractiveCharts::zoom(std::string_view plot) const {
  const auto found = views_.find(plot);
  return found == views_.end() ? PlotZoom{} : found->second.zoom;
}

void InteractiveCharts::set_zoom(std::string_view plot, const PlotZoom& zoom) {
  views_[std::string(plot)].zoom = zoom;
}

const Pins& InteractiveCharts::pins(std::string_view plot) const {
  static const Pins kNone;
  const auto found = views_.find(plot);
  return found == views_.end() ? kNone : found->second.pins;
}

void InteractiveCharts::drag(const Item& item, View& view, ChartEvents& events) {
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsItemActivated()) drag_.reset();
  if (item.active && !drag_)
    for (const ImGuiMouseButton button : {ImGuiMouseButton_Left, ImGuiMouseButton_Right})
      if (ImGui::IsMouseDragging(button))
        drag_ = Drag{io.MouseClickedPos[button], view.zoom,
                     button == ImGuiMouseButton_Right || io.KeyShift,
                     item.is_on_handle(view.zoom, io.MouseClickedPos[button])};
  // Where the button is let go, too: the pointer may have moved since the frame before.
  const bool released = ImGui::IsItemDeactivated();
  if ((item.active || released) && drag_ && !drag_->box) {
    if (drag_->handle) {
      events.moved_to = point_within(item.frame(view.zoom), io.MousePos);
      events.gesture = item.id;
    } else {
      view.zoom = pan_to(item.frame(drag_->before), drag_->from, io.MousePos);
    }
  }
  if (released) {
    if (drag_ && drag_->box)
      view.zoom = zoom_to_box(item.frame(drag_->before), drag_->from, io.MousePos);
    if (!drag_ && item.hovered) {
      events.clicked =
          ImGui::IsMouseReleased(ImGuiMouseButton_Left) && io.MouseClickedLastCount[0] == 1;
      if (const ChartFrame frame = item.frame(view.zoom);
          events.clicked && item.plot.handle && frame.contains(io.MousePos))
        events.moved_to = point_within(frame, io.MousePos);
      if (ImGui::IsMouseReleased(ImGuiMouseButton_Right)) ImGui::OpenPopup("chart menu");
    }
    drag_.reset();
  }
}

void InteractiveCharts::zoom_by_wheel_and_keys(const Item& item, View& view, ChartEvents& events) {
  const ImGuiIO& io = ImGui::GetIO();
  if (item.hovered) {
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    if (io.MouseWheel != 0)
      view.zoom = zoom_about(item.frame(view.zoom), io.MousePos,
                             std::pow(kZoomNotch, static_cast<double>(io.MouseWheel)));
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
      events.double_clicked = view.zoom.at_home();
      events.click_taken_back = true;
      view.zoom = {};
    }
  }
  if (!item.hovered && !item.focused) return;
  if (any_pointed_key({ImGuiKey_Equal, ImGuiMod_Shift | ImGuiKey_Equal, ImGuiKey_KeypadAdd},
                      item.id))
    view.zoom = zoom_about_middle(item.frame(view.zoom), kZoomNotch);
  if (any_pointed_key({ImGuiKey_Minus, ImGuiKey_KeypadSubtract}, item.id))
    view.zoom = zoom_about_middle(item.frame(view.zoom), 1 / kZoomNotch);
  if (any_pointed_key({ImGuiKey_0, ImGuiKey_Keypad0}, item.id)) view.zoom = {};
  // At home there is nothing to pan: the arrow keys go from item to item.
  if (!item.focused || view.zoom.at_home()) return;
  constexpr std::array<std::pair<ImGuiKey, ImVec2>, 4> kArrows{{{ImGuiKey_LeftArrow, {1, 0}},
                                                                {ImGuiKey_RightArrow, {-1, 0}},
                                                                {ImGuiKey_UpArrow, {0, 1}},
                                                                {ImGuiKey_DownArrow, {0, -1}}}};
  for (const auto& [key, way] : kArrows) {
    if (!pointed_key(key, item.id, true)) continue;
    const ChartFrame frame = item.frame(view.zoom);
    const ImVec2 from{(frame.low.x + frame.high.x) / 2, (frame.low.y + frame.high.y) / 2};
    view.zoom = pan_to(frame, from,
                       {from.x + way.x * kArrowStep * (frame.high.x - frame.low.x),
                        from.y + way.y * kArrowStep * (frame.high.y - frame.low.y)});
  }
}

/// What is around the pins: looked for when something says that it may have changed, and while what
/// is drawn is on its way to become another.
const PinSurroundings& InteractiveCharts::around(const Item& item, const ChartFrame& frame,
                                                 View& view) const {
  PinSigns signs = pin_signs(frame, view.pins, item.style);
  if (!settled_ || signs != view.signs) {
    const std::optional<LabelBox> plate = view.around.plate;
    PlotPlace place = item.place(view.zoom);
    place.pointed = false;  // what comes and goes with the pointer moves nothing that is pinned
    view.around = around_pins(item.plot, item.style, place);
    view.around.plate = plate;
  }
  view.signs = settled_ ? std::move(signs) : PinSigns();
  return view.around;
}

/// Pins the reading or takes its pin away; what cannot be pinned says so for a moment.
void InteractiveCharts::pin(const Item& item, View& view, const PlotReading& reading) {
  constexpr double kMoment = 2;  // seconds
  if (toggle_pin(view.pins, item.frame(view.zoom), reading)) return;
  refused_pin_ = item.plot.name;
  refused_until_ = ImGui::GetTime() + kMoment;
}

void InteractiveCharts::pin_and_copy(const Item& item, View& view, ChartEvents& events) {
  if (!item.hovered) return;
  if (events.reading && item.plot.frame) {
    const bool wanted = pointed_key(ImGuiKey_P, item.id);
    if (wanted || ImGui::IsMouseClicked(ImGuiMouseButton_Middle)) pin(item, view, *events.reading);
  }
  const bool something = events.reading || !view.pins.empty();
  if (something && pointed_key(ImGuiMod_Ctrl | ImGuiKey_C, item.id))
    events.copied = events.reading && view.pins.size() < 2
                        ? copied_words(item.plot, *events.reading)
                        : pins_text(view.pins);
}

/// A click copies the number that is read: a cell of a table, and in a chart what is no drag.
void InteractiveCharts::copy_by_click(const Item& item, ChartEvents& events) {
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const bool clicked =
      item.plot.frame ? events.clicked : ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  if (!clicked) return;
  const bool number = item.plot.frame && !events.reading->values.empty();
  events.copied =
      number ? in_full(events.reading->values.front()) : copied_words(item.plot, *events.reading);
}

void InteractiveCharts::menu(const Item& item, View& view, ChartEvents& events,
                             const ChartOptions& options) {
  if (!ImGui::BeginPopup("chart menu")) return;
  if (ImGui::IsWindowAppearing()) {
    const PlotPlace place = item.place(view.zoom);
    menu_reading_.reset();
    if (item.plot.read)
      menu_reading_ = item.plot.read(item.style, place, ImGui::GetIO().MouseClickedPos[1]);
  }
  const auto entry = [](const char* key, const char* shortcut, bool enabled) {
    return ImGui::MenuItem(text(key), shortcut, false, enabled);
  };
  if (item.plot.frame) {
    const ChartFrame frame = item.frame(view.zoom);
    const bool pinned = menu_reading_ && pin_at(view.pins, frame, menu_reading_->at);
    if (entry(pinned ? "chart.unpin" : "chart.pin", "P",
              menu_reading_ && (pinned || menu_reading_->on_drawn)))
      pin(item, view, *menu_reading_);
    if (entry("chart.unpin_all", nullptr, !view.pins.empty())) view.pins.clear();
    const auto is_pinned = [](const auto& one) {
      return one.second.drawn && !one.second.pins.empty();
    };
    if (entry("chart.unpin_lab", nullptr, std::ranges::any_of(views_, is_pinned)))
      for (auto& [plot, one] : views_)
        if (one.drawn) one.pins.clear();
  }
  if (entry("chart.copy", "Ctrl+C", menu_reading_ || !view.pins.empty()))
    events.copied = view.pins.size() == 2 || !menu_reading_
                        ? pins_text(view.pins)
                        : copied_words(item.plot, *menu_reading_);
  if (menu_reading_) copy_value_menu(all_values(*menu_reading_), events);
  if (item.plot.frame && entry("chart.show_all", "0", !view.zoom.at_home())) view.zoom = {};
  if (options.menu) {
    ImGui::Separator();
    options.menu();
  }
  ImGui::EndPopup();
}

ChartEvents InteractiveCharts::draw(const Plot& plot, const Style& style, ImVec2 size,
                                    const ChartOptions& options) {
  ChartEvents events;
  View& view = views_[plot.name];
  view.drawn = true;
  Item item{plot, style, ImGui::GetCursorScreenPos(), size};
  ImGui::PushID(plot.name.c_str());
  // The label is for those who cannot see it: how many times as close each axis is.
  const auto closer = [](const ScaledAxis& axis) { return axis.home.span() / axis.limits.span(); };
  std::string label = "###chart";
  bool locked = false;
  if (plot.frame) {
    item.held = lock_.hold(plot, style, item.corner, size);
    const ChartFrame frame = item.frame(view.zoom);
    locked = lock_.locked() && (frame.x.lockable || frame.y.lockable);
    label = fmt::format("{:.3g}x, {:.3g}x{}###chart", closer(frame.x), closer(frame.y),
                        locked ? ", locked" : "");
  }
  draw_item(label.c_str(), {std::max(size.x, 1.0f), std::max(size.y, 1.0f)}, style);
  item.id = ImGui::GetItemID();
  // By the pointer, also while the keyboard leads.
  item.hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride | hovered_while_typing());
  item.focused = ImGui::IsItemFocused();
  item.active = ImGui::IsItemActive();
  if (plot.frame) {
    drag(item, view, events);
    zoom_by_wheel_and_keys(item, view, events);
  } else if (item.hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
    ImGui::OpenPopup("chart menu");
  }
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  PlotPlace place = item.place(view.zoom);
  if (plot.frame && !view.pins.empty())
    place.pinned = taken_by_pins(style, item.frame(view.zoom), view.pins, view.around);
  plot.draw(canvas, place);
  const bool dragged = item.active && drag_;
  if (plot.read && item.hovered && !dragged) events.reading = plot.read(style, place, pointer);
  pin_and_copy(item, view, events);
  if ((!plot.frame || options.click_copies) && events.reading) copy_by_click(item, events);
  if (plot.frame) {
    if (settled_) read_pins(view.pins, plot, style, place);
    follow_passes_beside(view.pins, plot, style, place);
    const ChartFrame frame = item.frame(view.zoom);
    if (!view.pins.empty())
      view.around.plate = draw_pins(canvas, frame, view.pins, around(item, frame, view));
    if (!view.zoom.at_home() && options.says_zoom)
      draw_zoom_note(canvas, frame, item.corner,
                     text(plot.grows ? "chart.not_following" : "chart.zoomed"));
    if (dragged && drag_->box) draw_zoom_box(canvas, zoom_box(frame, drag_->from, pointer));
    const LabelBox lock = lock_box(style, frame);
    if (locked) draw_lock(canvas, lock);
    const bool on_lock = locked && lock.holds(pointer);
    // By the pointer: help of what has the keyboard's focus would lie over the chart.
    if (item.hovered && !events.reading && !frame.contains(pointer))
      item_tooltip(text(on_lock ? "chart.locked" : "chart.hint"));
  }
  const bool refused = refused_pin_ == plot.name && ImGui::GetTime() < refused_until_;
  // A table says what it says without a tooltip.
  const bool told =
      plot.tells || (events.reading && options.told && events.reading->index == options.told);
  if (events.reading && plot.frame && (!told || refused)) {
    const ChartFrame frame = item.frame(view.zoom);
    const auto free = [&](ImVec2 extent, bool on_cells) {
      return free_corner(style, frame, view.pins, around(item, frame, view), pointer, extent,
                         on_cells);
    };
    show_reading(*events.reading, style,
                 {item.corner,
                  {item.corner.x + size.x, frame.low.y},
                  free,
                  nearest_row(*events.reading, frame, pointer)},
                 refused ? text("chart.nothing_to_pin") : "");
  }
  menu(item, view, events, options);
  ImGui::PopID();
  return events;
}

}  // namespace nanscope
