#pragma once

#include "ui/theme/theme.h"

namespace nanscope {

/// A bordered field of its own ground that a plot stands in, while it lives.
class Card {
 public:
  Card(const char* id, ImVec2 size, const Style& style, bool scrolls = false);
  ~Card();
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  bool hovered() const { return hovered_; }

 private:
  bool hovered_ = false;
};

}  // namespace nanscope
