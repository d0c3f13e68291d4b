#include "ui/export/own_context.h"

#include "imgui_impl_opengl3.h"

namespace nanscope {

OwnContext::OwnContext() : before_(ImGui::GetCurrentContext()) {
  own_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(own_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigErrorRecoveryEnableTooltip = false;
  started_ = ImGui_ImplOpenGL3_Init("#version 330 core");
}

OwnContext::~OwnContext() {
  if (started_) ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext(own_);
  ImGui::SetCurrentContext(before_);
}

void OwnContext::begin_frame(ImVec2 size) const {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = size;
  io.DeltaTime = 1.0f / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

}  // namespace nanscope
