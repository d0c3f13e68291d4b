#pragma once

#include <string>

#include "engine/optimizers/paths.h"

namespace nanscope {

/// What happened: which optimizers diverge and which stand still, which one comes nearest and,
/// where it is another one, which has the smallest loss.
std::string paths_sentence(const Paths& paths);

/// The surface, the format and the rates on one line.
std::string describe_optimizers(const PathsRequest& request);

}  // namespace nanscope
