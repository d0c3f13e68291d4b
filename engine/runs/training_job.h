#pragma once

#include <memory>

#include "engine/job/job.h"
#include "engine/recipe/training_request.h"

namespace nanscope {

std::unique_ptr<Job> make_training_job(TrainingRequest request);

}  // namespace nanscope
