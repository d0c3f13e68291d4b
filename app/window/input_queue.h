#pragma once

// What Dear ImGui has been told of since its last frame.
namespace nanscope {

/// Whether that is only that the pointer moved, while no button is down.
bool only_pointer_moved();

/// ImGui::NewFrame(). Where a key goes down and a modifier changes after it, the change
/// and what follows wait for the next frame: programs and quick hands that let go of Ctrl first
/// have pressed a chord all the same.
void begin_frame();

/// Whether something waits for the next frame.
bool inputs_wait();

}  // namespace nanscope
