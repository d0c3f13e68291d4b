#pragma once

// One tooltip at a time. While the keyboard is used, a control that has its focus shows its help,
// although the pointer rests on something that has something to say, too: what the pointer is on
// wins. Items under the pointer are never several, so they need no care.
namespace nanscope {

/// Begins the tooltip of what the pointer is on, beside the pointer, in place of any help. End it
/// with ImGui::EndTooltip().
void begin_pointer_tooltip();

/// Whether the last item is waited upon for its help: by a pointer that rests on it, or the
/// keyboard's focus. Not while it is worked on, nor then until the pointer has left it.
bool waits_for_help();

/// Begins the help of the last item below it (above it, low in the window), within its panel: it
/// covers neither the item nor what lies beside the panel. Text in it is wrapped. False if another
/// tooltip is there. End it with end_item_help().
bool begin_item_help();
void end_item_help();

/// The last item's help, if it waits for it and the pointer has no tooltip.
void item_tooltip(const char* words);

}  // namespace nanscope
