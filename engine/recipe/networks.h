#pragma once

#include <span>
#include <vector>

#include "engine/recipe/run_record.h"

// What several networks, each from a seed of its own, come to together: their median, and the band
// from the smallest to the largest.
namespace nanscope {

/// The experiment of one of its networks alone: the same with the seed behind so many others.
Experiment network_of(const Experiment& experiment, int network);

/// The median: of an even number the mean of the middle two. A NaN counts as the largest, so that
/// the median is a number as long as most networks have one.
double median_of(std::vector<double> each);

OfNetworks of_networks(std::vector<double> each);

/// The step of several networks, and their look at what is held out.
RunStep together(std::span<const RunStep> steps);
HeldOut together(std::span<const HeldOut> looks);

}  // namespace nanscope
