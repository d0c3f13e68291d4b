#pragma once

#include <memory>

#include "engine/optimizers/paths.h"
#include "ui/export/figure.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// The surface with its paths, the losses, and a step's anatomy, which is no part of the slide.
Figure optimizers_figure(const Experiment& experiment, std::shared_ptr<const Paths> paths,
                         std::shared_ptr<SurfaceGround> ground = std::make_shared<SurfaceGround>());

}  // namespace nanscope
