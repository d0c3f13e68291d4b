#pragma once

#include <string>
#include <vector>

#include "ui/labs/costs/picture.h"
#include "ui/labs/costs/plots/stacked_bars.h"

// What was measured, beside what is predicted.
namespace nanscope {

/// Of a step's memory a row for each run, framed: the plan's buffers as the allocator has them, and
/// what it holds besides at the peak. The rows of the prediction get what is predicted of that.
void add_measured_memory(const CostsPicture& picture, StackedBars& bars);
/// A line of each layer's bytes.
void add_measured_layers(const CostsPicture& picture, StackedBars& bars);
/// A line of what the allocator held in each moment, without what lies beside the plan.
void add_measured_moments(const CostsPicture& picture, StackedBars& bars);
/// The peak of the run that it is compared with, by name.
void point_out_other_peak(const CostsPicture& picture, StackedBars& bars);
/// What a moment brings and what it leaves behind: "new: z3", "gone: dz4".
std::vector<std::string> lifetime_lines(const TimelineRow& row);
/// The largest of what is alive at the peak: "most of it: W1.m 256 KiB, ...".
std::string alive_line(const StepTimeline& timeline);

/// The seconds of each operation of a step, by what it is part of; measured.
StackedBars operation_seconds_bars(const CostsPicture& picture);
/// What a moment is part of: one of these, which have colours and patterns of their own.
std::vector<BarPart> moment_parts();
std::size_t part_of_moment(StepPart part);
/// Why there is nothing measured: not yet, or under way.
std::string not_measured_words(const CostsPicture& picture);

}  // namespace nanscope
