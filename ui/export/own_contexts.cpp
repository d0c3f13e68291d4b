#include "ui/export/own_contexts.h"

#include "imgui_impl_opengl3.h"

namespace nanscope {

OwnContexts::OwnContexts()
    : imgui_before_(ImGui::GetCurrentContext()), implot_before_(ImPlot::GetCurrentContext()) {
  imgui_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(imgui_);
  implot_ = ImPlot::CreateContext();
  ImPlot::SetCurrentContext(implot_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigErrorRecoveryEnableTooltip = false;
  started_ = ImGui_ImplOpenGL3_Init("#version 330 core");
}

OwnContexts::~OwnContexts() {
  if (started_) ImGui_ImplOpenGL3_Shutdown();
  ImPlot::DestroyContext(implot_);
  ImGui::DestroyContext(imgui_);
  ImGui::SetCurrentContext(imgui_before_);
  ImPlot::SetCurrentContext(implot_before_);
}

void OwnContexts::begin_frame(ImVec2 size) const {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = size;
  io.DeltaTime = 1.0f / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

}  // namespace nanscope
