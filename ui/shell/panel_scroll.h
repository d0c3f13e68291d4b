#pragma once

#include <map>
#include <string_view>

#include "engine/experiment/lab_name.h"
#include "imgui.h"

namespace nanscope {

/// A panel that all labs draw into, scrolled as each of them was left.
class PanelScroll {
 public:
  /// Before the panel begins: another lab's place comes back in its first frame.
  void before(LabName lab);
  /// Within the panel, when the lab has drawn.
  void after(LabName lab);

 private:
  struct Left {
    float scroll = 0, height = 0;  ///< of the content, pixels
  };
  LabName shown_{};
  std::map<std::string_view, Left> left_;
};

}  // namespace nanscope
