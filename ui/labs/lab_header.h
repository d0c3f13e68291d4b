#pragma once

#include <functional>
#include <string>

#include "ui/labs/lab.h"

// What stands above a lab's plots: the computed sentence, and what a demo wants people to look at.
namespace nanscope {

/// What is being done, how far it is, and what can be done about it: the rest of a line.
void draw_work(const WorkNotice& notice, const Style& style, LabRequests& requests);

/// In place of a plot that there is not yet: the outline of one that comes, or that there is none
/// of these settings.
void draw_no_plot(const LabView& view, ImVec2 size);
/// The inspector before there is anything to inspect.
void draw_no_inspection(const LabView& view);

/// What stands at the right end of the summary's row: a choice for the plots.
struct HeaderAside {
  float width = 0;
  std::function<void()> draw = {};
  /// What differs between two settings that are compared: in place of the hint.
  std::string compared = {};
};

/// What a demo wants people to look at, while the experiment is the demo's, whatever is looked at;
/// afterwards that it no longer is, and how to go back.
std::string_view hint_words(std::string_view summary, const Experiment& experiment,
                            const Experiment& demo);
/// The hint alone, over the whole width; nothing without one.
void draw_hint(const LabView& view, LabRequests& requests);

/// The sentence and below it the hint, over the whole width; a message that covers the
/// sentence leaves their place empty. Where the sentence would not be true, the view's notice
/// stands in its place.
void draw_header(const LabView& view, const std::string& words, LabRequests& requests,
                 const HeaderAside& aside = {});

}  // namespace nanscope
