#pragma once

#include <span>
#include <string>
#include <vector>

#include "imgui.h"
#include "ui/shell/action.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The command palette: type a few letters of an action, press Enter.
class CommandPalette {
 public:
  void open();
  /// Draws it while it is open, and runs what was chosen. True if something was.
  bool draw(std::span<const Action> actions, const Style& style);

 private:
  bool opening_ = false;
  std::string pattern_;
  std::vector<ImWchar> early_;  ///< typed before the field had the keyboard
  bool has_keyboard_ = false;
  int selected_ = 0;
};

}  // namespace nanscope
