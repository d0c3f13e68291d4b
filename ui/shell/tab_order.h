#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nanscope {

/// Tab and Shift+Tab go through the panels as if they were one window: behind the last control of
/// one comes the first of the next. Dear ImGui's own go round within a window, and nowhere where no
/// window has the focus.
class TabOrder {
 public:
  /// Once a frame, before the panels are drawn: their names from left to right. `elsewhere`: other
  /// windows that have controls, where Tab goes round.
  void begin(std::span<const char* const> panels, std::span<const char* const> elsewhere);
  /// Behind the last control of a panel, within its window.
  void end_of_panel();
  /// Tab begins with the first control again, whatever had the focus.
  void start_over() { from_outside_ = true; }

 private:
  struct Wish {
    std::string panel;
    bool forward = true;
  };
  /// The panel after (or before) this one; an unknown one is before the first and behind the last.
  const std::string& neighbour(const std::string& panel, bool forward) const;
  static void enter(const Wish& wish);

  std::vector<std::string> panels_;
  std::optional<Wish> wish_;  ///< for the next frame
  bool from_outside_ = false;
};

}  // namespace nanscope
