#pragma once

namespace nanscope {

/// Whether the keyboard's focus is on a slider: that has no use for Space.
bool slider_has_focus();

}  // namespace nanscope
