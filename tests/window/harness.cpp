#include "harness.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/resolve.h"
#include "imgui_impl_opengl3.h"
#include "imgui_internal.h"
#include "imgui_te_engine.h"
#include "ui/export/framebuffer.h"
#include "ui/labs/signal/compared.h"

namespace nanscope {
namespace {

constexpr auto kPatience = std::chrono::seconds(180);

/// GLFW closes EGL with each window. Opening it takes of the process' storage for threads what the
/// C library does not give back: after some 160 windows EGL finds no display. So it stays open.
void keep_egl_open() {
  static void* const egl = dlopen("libEGL.so.1", RTLD_LAZY);
  static_cast<void>(egl);  // without it HeadlessContext says what is missing
}

HeadlessContext context_or_throw() {
  keep_egl_open();
  Result<HeadlessContext> context = HeadlessContext::create();
  if (!context) throw std::runtime_error(to_string(context.error()));
  return std::move(*context);
}

/// The frame that Dear ImGui has just made.
std::optional<Pixels> rendered(ImVec2 size, const Shell& shell) {
  Result<Framebuffer> target =
      Framebuffer::create(static_cast<int>(size.x), static_cast<int>(size.y));
  if (!target) return std::nullopt;
  const DrawInto into(*target);
  target->clear(palette_of(shell.theme()).window);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  Result<Pixels> pixels = target->read();
  return pixels ? std::optional(*std::move(pixels)) : std::nullopt;
}

}  // namespace

ImRect chart_of(ImGuiTestContext& person, std::string_view plot) {
  return person.WindowInfo(("//###plots/" + std::string(plot)).c_str()).RectFull;
}

bool is_seen(ImGuiTestContext& person, const char* window) {
  const ImGuiWindow* found = person.GetWindowByRef(window);
  return found && found->WasActive && !found->Hidden;
}

HarnessOptions themed_window(ThemeId theme, ImVec2 size) {
  HarnessOptions options{.size = size};
  options.shell.settings.theme = theme;
  return options;
}

HarnessOptions showing(LabName lab, const std::string& key, const std::string& value) {
  HarnessOptions options;
  Experiment experiment;
  if (!key.empty()) experiment = *with_key(experiment, key, value);
  experiment.lab = lab;
  options.shell.experiment = experiment;
  return options;
}

const std::vector<Demo>& all_demos() {
  static const std::vector<Demo> all = load_demos().value();
  return all;
}

const Demo& demo_named(std::string_view name) {
  const auto found = std::ranges::find(all_demos(), name, &Demo::name);
  if (found == all_demos().end()) throw std::runtime_error("no demo " + std::string(name));
  return *found;
}

/// What a frame that nobody looks at leaves to be done: most of a test's time was spent on pixels.
void update_textures(const ImDrawData& data) {
  if (!data.Textures) return;
  for (ImTextureData* texture : *data.Textures)
    if (texture->Status != ImTextureStatus_OK) ImGui_ImplOpenGL3_UpdateTexture(texture);
}

WindowHarness::WindowHarness(HarnessOptions options)
    : options_(std::move(options)), gl_(context_or_throw()) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard | ImGuiConfigFlags_DockingEnable;
  ImGui_ImplOpenGL3_Init("#version 330 core");

  engine_ = ImGuiTestEngine_CreateContext();
  ImGuiTestEngineIO& test_io = ImGuiTestEngine_GetIO(engine_);
  test_io.ConfigRunSpeed = ImGuiTestRunSpeed_Fast;
  test_io.ConfigNoThrottle = true;
  test_io.ConfigSavedSettings = false;
  test_io.ConfigLogToTTY = true;
  test_io.ConfigVerboseLevel = ImGuiTestVerboseLevel_Error;
  test_io.ConfigWatchdogKillTest = 600;  // a slow machine under a sanitizer
  ImGuiTestEngine_Start(engine_, ImGui::GetCurrentContext());

  session_ = std::make_unique<Session>(options_.loader);
  shell_ = std::make_unique<Shell>(
      options_.shell, *session_,
      HostServices{.open_folder = [this](const std::string& folder) { opened_folder_ = folder; },
                   .close_window = [this] { close_asked_ = true; },
                   .display_scale = [this] { return options_.display_scale; },
                   .toggle_fullscreen = {},
                   .copy_picture = [this](const std::string& png) -> Result<void> {
                     const std::lock_guard lock(copied_);
                     copied_picture_ = png;
                     return {};
                   }});
}

WindowHarness::~WindowHarness() {
  shell_.reset();
  session_.reset();
  ImGuiTestEngine_Stop(engine_);
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
  ImGuiTestEngine_DestroyContext(engine_);
}

void WindowHarness::frame() {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = options_.size;
  io.DeltaTime = 1.0f / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  shell_->draw();
  ImGui::Render();
  const std::string png = std::exchange(picture_, {});
  if (options_.draw)
    options_.draw(*ImGui::GetDrawData(), palette_of(shell_->theme()).window, new_pixels_);
  else if (png.empty() && !look_wanted_)
    update_textures(*ImGui::GetDrawData());
  else
    pixels_ = rendered(options_.size, *shell_);
  look_wanted_ = false;
  if (!png.empty() && pixels_) {
    const Result<std::string> bytes = encode_png(*pixels_, to_json(shell_->experiment()));
    EXPECT_TRUE(bytes && write_file_atomically(png, *bytes));
  }
  new_pixels_ = shell_->finish_frame();
  ImGuiTestEngine_PostSwap(engine_);
}

void WindowHarness::run(const std::function<void(ImGuiTestContext&)>& steps) {
  ImGuiTest* test = IM_REGISTER_TEST(engine_, "window", "steps");
  std::function<void(ImGuiTestContext&)> copy = steps;
  test->UserData = &copy;
  test->TestFunc = [](ImGuiTestContext* context) {
    (*static_cast<std::function<void(ImGuiTestContext&)>*>(context->Test->UserData))(*context);
  };
  ImGuiTestEngine_QueueTest(engine_, test);
  while (!ImGuiTestEngine_IsTestQueueEmpty(engine_)) frame();
  EXPECT_EQ(test->Output.Status, ImGuiTestStatus_Success);
  ImGuiTestEngine_UnregisterTest(engine_, test);
}

const Pixels& WindowHarness::look(ImGuiTestContext& context) {
  pixels_.reset();
  look_wanted_ = true;
  context.Yield();
  if (!pixels_) throw std::runtime_error("no picture of the window");
  return *pixels_;
}

bool WindowHarness::wait_until(ImGuiTestContext& context, const std::function<bool()>& reached) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(8));  // for the engine, not for frames
    context.Yield();
  }
  return true;
}

bool WindowHarness::wait_for_pass(ImGuiTestContext& context) {
  const bool came = wait_until(context, [this] {
    const SessionView view = session_->view();
    const auto signal = view.results.latest<SignalRequest>();
    return !view.working() && signal && signal->experiment == asked_of_pass(shell_->experiment());
  });
  context.Yield(2);  // the frame that shows it
  return came;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "nanscope-window-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace nanscope
