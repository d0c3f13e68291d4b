#include "engine/job/job.h"

namespace nanscope {

Result<JobResult> run_job(Job& job, JobContext& context) {
  while (true) {
    Result<JobResult> result = job.advance(context);
    if (!result || *result) return result;
    context.begin_slice();
  }
}

}  // namespace nanscope
