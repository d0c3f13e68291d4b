#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/theme/theme.h"

namespace nanscope {

/// Short notes at the lower right that go away by themselves after four seconds.
class Toasts {
 public:
  /// `button` and `run` are optional: "Open folder".
  void add(std::string words, std::string button = {}, std::function<void()> run = {});
  void draw(const Style& style);
  /// Until the next one goes; infinity without any.
  double seconds_left() const;

 private:
  struct Toast {
    std::string words;
    std::string button;
    std::function<void()> run;
    double seconds_left = 0;
  };
  std::vector<Toast> toasts_;
};

}  // namespace nanscope
