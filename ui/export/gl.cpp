#define GLAD_GL_IMPLEMENTATION
#include "ui/export/gl.h"

#include <GLFW/glfw3.h>

namespace nanscope {

Result<void> load_gl() {
  if (!glfwGetCurrentContext())
    return work_error("OpenGL", "no context is current on this thread.");
  const int version = gladLoadGL(glfwGetProcAddress);
  if (version < GLAD_MAKE_VERSION(3, 3))
    return work_error(
        "OpenGL",
        "this driver offers version {}.{}; NaNscope needs 3.3. Install a newer driver, or "
        "libgl1-mesa-dri, which draws on the processor.",
        GLAD_VERSION_MAJOR(version), GLAD_VERSION_MINOR(version));
  return {};
}

std::string gl_renderer() {
  const GLubyte* name = glGetString(GL_RENDERER);
  return name ? reinterpret_cast<const char*>(name) : "unknown";
}

}  // namespace nanscope
