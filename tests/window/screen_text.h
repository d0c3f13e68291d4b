#pragma once

#include <string>
#include <vector>

#include "imgui.h"

// What can be read on the screen: the letters of the last frame, found in what Dear ImGui drew.
struct ImGuiWindow;

namespace nanscope {

struct Letter {
  ImVec2 low, high;  ///< of its ink, as far as it is seen
  float size = 0;    ///< of its text, in pixels
  unsigned code = 0;
  bool cut = false;  ///< part of its ink is not seen
  int run = 0;       ///< letters of one line that were drawn one after the other
  std::string window;
};

/// In the order in which they were drawn.
std::vector<Letter> letters_on_screen();

/// The line that a letter stands in.
std::string line_of(const std::vector<Letter>& letters, int run);

/// The letters that lie within these corners, without blanks.
std::string letters_within(const ImVec4& corners);

/// Whether these words stand on the screen, on one line or on several.
bool is_on_screen(std::string words);

/// What lies on something else or is cut: "\"loss\" lies on \"layer\"". The edges of what scrolls
/// may cut, and a field that is typed into shows a part of a long text: `fields` are their corners.
std::vector<std::string> faults_of_text(const std::vector<ImVec4>& fields = {});

/// The tooltips that are seen: readings and help.
std::vector<const ImGuiWindow*> seen_tooltips();

/// The size of the smallest text, 0 if there is none; and its line.
float smallest_text(std::string* line = nullptr);

}  // namespace nanscope
