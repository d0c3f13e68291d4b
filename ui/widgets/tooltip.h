#pragma once

// One tooltip at a time. While the keyboard is used, a control that has its focus shows its help,
// although the pointer rests on something that has something to say, too: what the pointer is on
// wins. Items under the pointer are never several, so they need no care.
namespace nanscope {

/// Begins the tooltip of what the pointer is on, beside the pointer, in place of any help. End it
/// with ImGui::EndTooltip().
void begin_pointer_tooltip();

/// The last item's help, if it is hovered or has the keyboard's focus and the pointer has no
/// tooltip.
void item_tooltip(const char* words);

}  // namespace nanscope
