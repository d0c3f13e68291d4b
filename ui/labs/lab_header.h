#pragma once

#include <string>
#include <string_view>

#include "ui/labs/lab.h"

// What stands above a lab's plots: the computed sentence, and what a demo wants people to look at.
namespace nanscope {

/// The sentence and below it the demo's summary, over the whole width; a message that covers the
/// sentence leaves their place empty.
void draw_header(const LabView& view, const std::string& words);

/// The height of the sentence's row, the same whatever it says, in pixels.
float sentence_row();

/// The sentence in the largest size in which it fits: one line, or two small ones.
void draw_sentence(const std::string& words, float width, float height, const Style& style);

/// The height of the demo's summary, which takes three lines at most.
float measure_summary(std::string_view summary, float width, const Style& style);

/// The summary, cut off at `height` and whole in a tooltip.
void draw_summary(std::string_view summary, float width, float height, const Style& style);

}  // namespace nanscope
