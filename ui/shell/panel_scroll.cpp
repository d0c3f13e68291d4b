#include "ui/shell/panel_scroll.h"

#include <utility>

namespace nanscope {

void PanelScroll::before(LabName lab) {
  if (std::exchange(shown_, lab) == lab) return;
  const Left& left = left_[name_of(lab)];
  // What is scrolled to lies within what the other lab had, for Dear ImGui, unless it is told.
  ImGui::SetNextWindowContentSize({0, left.height});
  ImGui::SetNextWindowScroll({-1, left.scroll});
}

void PanelScroll::after(LabName lab) {
  left_[name_of(lab)] = {ImGui::GetScrollY(), ImGui::GetCursorPosY()};
}

}  // namespace nanscope
