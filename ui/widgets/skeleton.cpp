#include "ui/widgets/skeleton.h"

#include <cmath>

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {

void plot_skeleton(ImVec2 size, const Style& style) {
  constexpr int kLines = 5;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::Dummy(size);
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  const ImU32 fill = ImGui::GetColorU32(style.palette.raised);
  const ImU32 line = ImGui::GetColorU32(style.palette.grid);
  const float line_height = ImGui::GetFontSize();
  canvas->AddRectFilled(corner, {corner.x + size.x * 0.4f, corner.y + line_height}, fill,
                        line_height / 4);
  const float left = corner.x + line_height * 3;
  const float right = corner.x + size.x;
  const float top = corner.y + line_height * 2;
  const float bottom = corner.y + size.y - line_height * 2;
  for (int i = 0; i < kLines; ++i) {
    const float y = std::round(top + (bottom - top) * static_cast<float>(i) / (kLines - 1));
    canvas->AddLine({left, y}, {right, y}, line);
    canvas->AddRectFilled({corner.x, y - line_height / 4},
                          {corner.x + line_height * 2, y + line_height / 4}, fill, line_height / 4);
  }
}

void plot_empty(const char* words, ImVec2 size, const Style& style) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::Dummy(size);
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  canvas->AddRect(corner, {corner.x + size.x, corner.y + size.y},
                  ImGui::GetColorU32(style.palette.border), ImGui::GetFontSize() / 2);
  const ImVec2 extent = ImGui::CalcTextSize(words, nullptr, false, size.x);
  const ImVec2 at{std::round(corner.x + (size.x - extent.x) / 2),
                  std::round(corner.y + (size.y - extent.y) / 2)};
  canvas->AddText(nullptr, 0, at, ImGui::GetColorU32(style.palette.text), words, nullptr, size.x);
}

}  // namespace nanscope
