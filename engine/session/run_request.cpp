#include "engine/session/run_request.h"

namespace nanscope {

Result<JobResult> run_request(Engine* engine, const JobRequest& request, std::stop_token stop,
                              Progress progress) {
  Result<std::unique_ptr<Job>> job =
      request.needs_engine() ? engine->make_job(request) : request.make_job();
  if (!job) return tl::unexpected(job.error());
  JobContext context(std::move(stop), std::move(progress));
  return run_job(**job, context);
}

}  // namespace nanscope
