#include "engine/roundoff/roundoff_request.h"

#include "engine/roundoff/roundoff.h"

namespace nanscope {

std::unique_ptr<Job> RoundoffRequest::make_job() const {
  return one_slice([request = *this](const JobContext& context) {
    return run_roundoff(request.experiment, request.settings, context.stop());
  });
}

}  // namespace nanscope
