#pragma once

#include <memory>

#include "engine/job/job.h"
#include "engine/runs/plane_ground.h"

namespace nanscope {

/// The latest plane, whole or in part: another start or other optimizers find it measured.
using KeptGround = std::unique_ptr<PlaneGround>;

/// Measures a run's plane and sends the optimizers over it: the coarse grid first, then the paths,
/// then the rest of the grid, and a grid of the part that is looked at.
std::unique_ptr<Job> make_plane_job(PlaneRequest request, KeptGround& kept);

}  // namespace nanscope
