#pragma once

#include "imgui.h"

namespace nanscope {

/// Whether a key was pressed that goes to what is pointed at, whatever has the focus, unless a text
/// is typed. `id` is of what is pointed at; asked only while it is.
bool pointed_key(ImGuiKeyChord chord, ImGuiID id, bool repeats = false);

}  // namespace nanscope
