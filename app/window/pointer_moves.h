#pragma once

namespace nanscope {

/// Whether all that Dear ImGui has been told since its last frame is that the pointer moved, while
/// no button is down.
bool only_pointer_moved();

}  // namespace nanscope
