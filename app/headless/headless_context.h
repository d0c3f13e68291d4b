#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"

struct GLFWwindow;

namespace nanscope {

/// An OpenGL 3.3 context without a screen (GLFW's null platform and EGL), current on the thread
/// that made it. One at a time, and not beside a window: both share GLFW. While it lives, GLFW is
/// initialized.
class HeadlessContext {
 public:
  /// Errors: no EGL or no OpenGL driver; the message names the packages that bring them.
  static Result<HeadlessContext> create();

  /// The driver's name: "llvmpipe (LLVM 15.0.6, 256 bits)".
  const std::string& renderer() const { return renderer_; }

 private:
  struct CloseWindow {
    void operator()(GLFWwindow* window) const;
  };
  std::unique_ptr<GLFWwindow, CloseWindow> window_;
  std::string renderer_;
};

}  // namespace nanscope
