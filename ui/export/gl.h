#pragma once

#include <glad/gl.h>

#include <string>

#include "engine/base/result.h"

namespace nanscope {

/// Loads OpenGL's functions for the context that is current, through GLFW. Cheap to repeat. Errors
/// if no context is current or it is older than OpenGL 3.3.
Result<void> load_gl();

/// The renderer's name of the current context, after load_gl().
std::string gl_renderer();

}  // namespace nanscope
