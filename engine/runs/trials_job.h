#pragma once

#include <memory>

#include "engine/job/job.h"
#include "engine/recipe/trials.h"

namespace nanscope {

std::unique_ptr<Job> make_trials_job(TrialsRequest request);

}  // namespace nanscope
