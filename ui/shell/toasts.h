#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "ui/theme/theme.h"

namespace nanscope {

/// What a hall leaves free at its foot, for notes.
float hall_notes_height();

/// Short notes that go away by themselves after four seconds. They lie where nothing is worked on
/// or read: over the right end of the status bar, or at a hall's foot; side by side, the newest at
/// the right, as many as there is room for.
class Toasts {
 public:
  /// `button` and `run` are optional: "Open folder". The same words are said once.
  void add(std::string words, std::string button = {}, std::function<void()> run = {});
  /// In place of what is said about this.
  void say(std::string about, std::string words);
  void draw(const Style& style, bool in_hall);
  /// Until the next one goes; infinity without any.
  double seconds_left() const;
  /// The left edge of what was drawn last, in pixels: nothing else may stand behind it on the bar.
  float left() const { return left_; }

 private:
  struct Toast {
    std::string about;
    std::string words;
    std::string button;
    std::function<void()> run;
    double seconds_left = 0;
    bool drawn = false;  ///< in a frame before this one
  };
  void add(Toast toast);
  static void draw(Toast& toast, const Style& style);
  static void let_time_pass(Toast& toast);

  std::vector<Toast> toasts_;
  float left_ = std::numeric_limits<float>::infinity();
};

}  // namespace nanscope
