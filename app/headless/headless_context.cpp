#include "app/headless/headless_context.h"

#include <GLFW/glfw3.h>

#include "ui/export/gl.h"

namespace nanscope {
namespace {

constexpr const char* kInstall = "Install it with: sudo apt-get install libegl1 libgl1-mesa-dri";

/// GLFW's own words for what went wrong last.
std::string context_refusal() {
  const char* words = nullptr;
  glfwGetError(&words);
  return words ? words : "no reason given";
}

}  // namespace

void HeadlessContext::CloseWindow::operator()(GLFWwindow* window) const {
  glfwDestroyWindow(window);
  glfwTerminate();
}

Result<HeadlessContext> HeadlessContext::create() {
  glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_NULL);
  const bool initialized = glfwInit() == GLFW_TRUE;
  glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
  if (!initialized)
    return work_error("OpenGL", "GLFW cannot start without a display: {}.", context_refusal());
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_CREATION_API, GLFW_EGL_CONTEXT_API);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(64, 64, "NaNscope", nullptr, nullptr);
  glfwDefaultWindowHints();
  if (!window) {
    const std::string reason = context_refusal();
    glfwTerminate();
    return work_error("OpenGL",
                      "pictures need EGL and an OpenGL 3.3 driver, but there is none ({}). {}",
                      reason, kInstall);
  }
  HeadlessContext context;
  context.window_.reset(window);
  glfwMakeContextCurrent(window);
  if (const Result<void> loaded = load_gl(); !loaded) return tl::unexpected(loaded.error());
  context.renderer_ = gl_renderer();
  return context;
}

}  // namespace nanscope
