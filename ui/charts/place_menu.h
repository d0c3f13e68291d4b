#pragma once

#include <functional>
#include <string>
#include <vector>

namespace nanscope {

/// The menu of a drawing that is no chart, as a grid of cells: what can be copied of the place
/// under the pointer, and what its lab adds. Ctrl+C copies the first of it.
class PlaceMenu {
 public:
  using Words = std::function<std::vector<std::string>()>;
  /// Once a frame, in the window that the drawing is in. `words`: of the place under the pointer,
  /// asked for when they are needed; `pointed`: whether the pointer is over the drawing at all;
  /// `more`: the other entries. What is copied, or "".
  std::string draw(const char* id, const Words& words, bool pointed,
                   const std::function<void()>& more);

 private:
  std::vector<std::string> words_;  ///< of the place that the menu was opened on
};

}  // namespace nanscope
