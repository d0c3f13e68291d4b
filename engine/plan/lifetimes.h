#pragma once

#include <vector>

#include "engine/plan/description.h"
#include "engine/plan/moments.h"

namespace nanscope {

/// From the moment in which a value is first written to the last one that reads it.
struct Lifetime {
  int begin = 0, end = 0;  ///< moments (engine/plan/moments.h)
};

/// How long each value of a plan would be there in an allocator that hands out memory at the first
/// write and takes it back after the last read. None: it is there from step to step (parameters,
/// the optimizer's state, running statistics), or it is another name of a gradient that is passed
/// on as it is. Two: a value that is dropped and computed again; scratch: one for each use. Inputs
/// begin at moment -1; gradients of parameters end at `last_moment`, when the optimizer has read
/// them.
struct Lifetimes {
  std::vector<std::vector<Lifetime>> of_values;
  std::vector<bool> stays;  ///< from step to step
  int last_moment = 0;
};
Lifetimes lifetimes_of(const PlanDescription& plan);

}  // namespace nanscope
