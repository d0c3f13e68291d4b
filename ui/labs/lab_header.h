#pragma once

#include <functional>
#include <string>

#include "ui/labs/lab.h"

// What stands above a lab's plots: the computed sentence, and what a demo wants people to look at.
namespace nanscope {

/// What stands at the right end of the summary's row: a choice for the plots.
struct HeaderAside {
  float width = 0;
  std::function<void()> draw = {};
};

/// The sentence and below it the demo's summary, over the whole width; a message that covers the
/// sentence leaves their place empty. Where the sentence would not be true, the view's notice
/// stands in its place.
void draw_header(const LabView& view, const std::string& words, LabRequests& requests,
                 const HeaderAside& aside = {});

}  // namespace nanscope
