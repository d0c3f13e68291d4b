#pragma once

#include <string>

// Where help may stand, in one place for the whole window. What is read off a plot stands beside
// the pointer. Help of a control, a button or a word stands on the bar at the window's foot, where
// it covers no control, no sentence and no plot. It comes when a pointer has rested on the item;
// not after the item was pressed, until the pointer has left it; and to who moves by keys when
// asked for. A hall has no bar: there is no help in it, and what was read gives way to the curve.
//
// One tooltip at a time: what the pointer is on wins.
namespace nanscope {

/// The window that help stands on.
inline constexpr const char* kHelpBar = "###status";
/// Help's letters, relative to the body.
inline constexpr float kHelpSize = 0.875f;

/// The bar's height: two lines of help.
float help_bar_height();
/// Within the bar, once a frame: help ends at this place on the screen.
void end_help_at(float right);
/// The item that has the keyboard's focus shows its help, and no other one does, until the focus
/// moves on or the pointer comes to rest on another one, or at the next call.
void ask_for_help();

/// Flags for ImGui::IsItemHovered(): a field that is typed into does not keep the pointer from
/// everything else.
int hovered_while_typing();

/// Begins the tooltip of what the pointer is on, beside the pointer, in place of any help. False in
/// a hall once the pointer rests. End it with ImGui::EndTooltip().
bool begin_pointer_tooltip();
/// The same with these words, in the place of the next window.
void tell_at_place(const std::string& words);
/// Seconds until a reading gives way; infinity where it stays.
double seconds_of_reading();

/// Begins the help of the last item, if it is waited for. Text in it is wrapped. End it with
/// end_item_help().
bool begin_item_help();
void end_item_help();

/// The last item's help, if it is waited for.
void item_tooltip(const char* words);

}  // namespace nanscope
