#pragma once

#include <string>

#include "engine/optimizers/plane.h"

namespace nanscope {

/// What happened: which optimizers diverge and which stand still, which one comes nearest and,
/// where it is another one, which has the smallest loss.
std::string paths_sentence(const Paths& paths);

/// The surface, the format and the rates on one line; of a plane its run first.
std::string describe_optimizers(const Paths& paths, const Experiment& experiment);

/// What came to the numbers: "computed in fp64", and of a plane's losses how they were measured.
std::string paths_foot(const Paths& paths);

}  // namespace nanscope
