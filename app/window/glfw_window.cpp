#include "app/window/glfw_window.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "app/window/frame_pace.h"
#include "app/window/input_queue.h"
#include "app/window/window.h"
#include "app/window/window_icon.h"
#include "imgui.h"
#include "imgui_impl_glfw.h"
#include "imgui_impl_opengl3.h"
#include "ui/export/gl.h"

namespace nanscope {
namespace {

constexpr int kFirstWidth = 1440, kFirstHeight = 900;
constexpr int kSmallestWidth = 640, kSmallestHeight = 400;

std::string window_refusal() {
  const char* words = nullptr;
  glfwGetError(&words);
  return words ? words : "GLFW gives no reason";
}

/// True if enough of the window's top edge lies on a monitor to take hold of it.
bool on_a_monitor(const WindowPlacement& placement) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  for (int i = 0; i < count; ++i) {
    int x = 0, y = 0, width = 0, height = 0;
    glfwGetMonitorWorkarea(monitors[i], &x, &y, &width, &height);
    const int overlap =
        std::min(placement.x + placement.width, x + width) - std::max(placement.x, x);
    if (overlap > 100 && placement.y >= y && placement.y < y + height - 50) return true;
  }
  return false;
}

void set_hints(const WindowPlacement& placement) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_MAXIMIZED, placement.maximized ? GLFW_TRUE : GLFW_FALSE);
  // A first window is as large as its text needs; a remembered size is in pixels already.
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, placement.width == 0 ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHintString(GLFW_WAYLAND_APP_ID, "nanscope");
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "nanscope");
}

/// The first window's size: smaller than the screen it comes up on.
WindowPlacement fitted(WindowPlacement placement) {
  if (placement.width > 0) return placement;
  placement.width = kFirstWidth;
  placement.height = kFirstHeight;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
    int x = 0, y = 0, width = 0, height = 0;
    float scale_x = 1, scale_y = 1;
    glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
    glfwGetMonitorContentScale(monitor, &scale_x, &scale_y);
    // GLFW multiplies the size by the monitor's scale.
    const auto limit = [](int side, float scale) {
      return static_cast<int>(static_cast<float>(side) / std::max(scale, 1.0f));
    };
    if (width > 0) placement.width = std::min(placement.width, limit(width, scale_x));
    if (height > 0) placement.height = std::min(placement.height, limit(height, scale_y));
  }
  return placement;
}

GLFWwindow* create_window(const WindowPlacement& remembered) {
  const WindowPlacement placement = fitted(remembered);
  GLFWwindow* window = nullptr;
  // Some X servers have no GLX, where EGL still works.
  for (const int api : {GLFW_NATIVE_CONTEXT_API, GLFW_EGL_CONTEXT_API}) {
    set_hints(remembered);
    glfwWindowHint(GLFW_CONTEXT_CREATION_API, api);
    if (!window)
      window = glfwCreateWindow(placement.width, placement.height, "NaNscope", nullptr, nullptr);
  }
  glfwDefaultWindowHints();
  if (!window) return nullptr;
  glfwSetWindowSizeLimits(window, kSmallestWidth, kSmallestHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
  if (remembered.width > 0 && !remembered.maximized && on_a_monitor(remembered))
    glfwSetWindowPos(window, remembered.x, remembered.y);
  return window;
}

void create_contexts(GLFWwindow* window) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the layout is kept in NaNscope's own settings
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard | ImGuiConfigFlags_DockingEnable;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
}

/// False without a display. GLFW's null platform is never taken.
bool start_glfw() {
  // Without XDG_RUNTIME_DIR there is no Wayland, and libwayland would complain on standard error.
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  glfwInitHint(GLFW_PLATFORM, runtime && *runtime ? GLFW_ANY_PLATFORM : GLFW_PLATFORM_X11);
  return glfwInit() == GLFW_TRUE;
}

}  // namespace

std::optional<std::string> reachable_display() {
  if (!start_glfw()) return std::nullopt;
  const bool wayland = glfwGetPlatform() == GLFW_PLATFORM_WAYLAND;
  glfwTerminate();
  const char* name = std::getenv(wayland ? "WAYLAND_DISPLAY" : "DISPLAY");
  return std::string(wayland ? "Wayland " : "X11 ") + (name ? name : "");
}

Result<std::optional<GlfwWindow>> GlfwWindow::open(const WindowPlacement& placement) {
  if (!start_glfw()) return std::optional<GlfwWindow>();
  GLFWwindow* window = create_window(placement);
  if (!window) {
    const std::string reason = window_refusal();
    glfwTerminate();
    return work_error(
        "OpenGL",
        "the window needs OpenGL 3.3, which cannot be started ({}). Install it with: sudo apt-get "
        "install libgl1 libgl1-mesa-dri libglx-mesa0",
        reason);
  }
  glfwMakeContextCurrent(window);
  if (const Result<void> loaded = load_gl(); !loaded) {
    glfwDestroyWindow(window);
    glfwTerminate();
    return tl::unexpected(loaded.error());
  }
  glfwSwapInterval(1);
  set_window_icon(window);
  create_contexts(window);
  return std::optional<GlfwWindow>(GlfwWindow(window));
}

GlfwWindow::GlfwWindow(GLFWwindow* window) : window_(window), events_(std::make_unique<Events>()) {
  glfwSetWindowUserPointer(window_, events_.get());
  if (draws_on_processor(gl_renderer())) events_->kept.emplace();
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* target) {
    auto* events = static_cast<Events*>(glfwGetWindowUserPointer(target));
    if (events->kept) events->kept->forget();
  });
  glfwSetDropCallback(window_, [](GLFWwindow* target, int count, const char** paths) {
    const auto* events = static_cast<const Events*>(glfwGetWindowUserPointer(target));
    if (events->dropped) events->dropped(std::vector<std::string>(paths, paths + count));
  });
}

GlfwWindow::GlfwWindow(GlfwWindow&& other) noexcept
    : window_(std::exchange(other.window_, nullptr)),
      events_(std::move(other.events_)),
      title_(std::move(other.title_)),
      windowed_(other.windowed_) {}

GlfwWindow::~GlfwWindow() {
  if (!window_) return;
  events_->kept.reset();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window_);
  glfwTerminate();
}

void GlfwWindow::on_drop(std::function<void(const std::vector<std::string>&)> dropped) {
  events_->dropped = std::move(dropped);
}

void GlfwWindow::frame(const std::function<bool()>& content, const ImVec4& ground) {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  begin_frame();
  if (!content()) return ImGui::EndFrame();
  ImGui::Render();
  ImDrawData& data = *ImGui::GetDrawData();
  if (events_->kept) {
    if (events_->kept->draw(data, ground) == FramePart::nothing) return;
  } else {
    draw_in_full(data, ground);
  }
  glfwSwapBuffers(window_);
}

void GlfwWindow::forget_frame() {
  if (events_->kept) events_->kept->forget();
}

float GlfwWindow::display_scale() const { return ImGui_ImplGlfw_GetContentScaleForWindow(window_); }

bool GlfwWindow::close_requested() const { return glfwWindowShouldClose(window_) == GLFW_TRUE; }

void GlfwWindow::request_close(bool close) {
  glfwSetWindowShouldClose(window_, close ? GLFW_TRUE : GLFW_FALSE);
}

void GlfwWindow::set_title(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  glfwSetWindowTitle(window_, title.c_str());
}

void GlfwWindow::toggle_fullscreen() {
  if (glfwGetWindowMonitor(window_)) {
    glfwSetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width,
                         windowed_.height, GLFW_DONT_CARE);
    return;
  }
  windowed_ = placement();
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
  if (mode)
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

WindowPlacement GlfwWindow::placement() const {
  if (glfwGetWindowMonitor(window_)) return windowed_;
  WindowPlacement placement;
  placement.maximized = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) == GLFW_TRUE;
  if (glfwGetPlatform() != GLFW_PLATFORM_WAYLAND)  // which keeps positions to itself
    glfwGetWindowPos(window_, &placement.x, &placement.y);
  glfwGetWindowSize(window_, &placement.width, &placement.height);
  return placement;
}

}  // namespace nanscope
