#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ui/shell/settings.h"

struct GLFWwindow;

namespace nanscope {

/// GLFW, one window with an OpenGL 3.3 context, and Dear ImGui's context in it.
class GlfwWindow {
 public:
  /// Nothing if there is no display. Errors: no OpenGL 3.3, with what to install.
  static Result<std::optional<GlfwWindow>> open(const WindowPlacement& placement);

  GlfwWindow(GlfwWindow&& other) noexcept;
  GlfwWindow& operator=(GlfwWindow&&) = delete;
  ~GlfwWindow();

  /// Called with the paths of files that are dropped on the window.
  void on_drop(std::function<void(const std::vector<std::string>&)> dropped);

  /// One frame: begins it, lets `content` draw, and, unless that returns false, renders and shows
  /// it.
  void frame(const std::function<bool()>& content, float red, float green, float blue);

  float display_scale() const;
  bool close_requested() const;
  void request_close(bool close);
  void set_title(const std::string& title);
  void toggle_fullscreen();
  /// Where it is, or was before it filled the screen.
  WindowPlacement placement() const;

 private:
  struct Drop {
    std::function<void(const std::vector<std::string>&)> dropped;
  };
  explicit GlfwWindow(GLFWwindow* window);

  GLFWwindow* window_ = nullptr;
  std::unique_ptr<Drop> drop_;
  std::string title_;
  WindowPlacement windowed_;  ///< before fullscreen
};

}  // namespace nanscope
