#pragma once

#include <string>

#include "ui/theme/theme.h"

namespace nanscope {

/// Help > Glossary: every term with its words and formula, narrowed by what is typed.
class GlossaryWindow {
 public:
  void toggle();
  void draw(const Style& style);
  bool visible() const { return visible_; }

 private:
  bool visible_ = false;
  bool opening_ = false;
  std::string pattern_;
};

}  // namespace nanscope
