#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/window/kept_frame.h"
#include "engine/base/result.h"
#include "imgui.h"
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

  /// One frame over `ground`: begins it, lets `content` draw, and, unless that returns false,
  /// renders and shows it.
  void frame(const std::function<bool()>& content, const ImVec4& ground);
  /// A texture has new pixels: the next frame may not rest on what was drawn before.
  void forget_frame();

  float display_scale() const;
  bool close_requested() const;
  void request_close(bool close);
  void set_title(const std::string& title);
  void toggle_fullscreen();
  /// Where it is, or was before it filled the screen.
  WindowPlacement placement() const;

 private:
  /// What GLFW's callbacks reach.
  struct Events {
    std::function<void(const std::vector<std::string>&)> dropped;
    std::optional<KeptFrame> kept;  ///< where the processor draws
  };
  explicit GlfwWindow(GLFWwindow* window);

  GLFWwindow* window_ = nullptr;
  std::unique_ptr<Events> events_;
  std::string title_;
  WindowPlacement windowed_;  ///< before fullscreen
};

}  // namespace nanscope
