#include "engine/session/run_request.h"

namespace nanscope {

Result<JobResult> run_request(Engine* engine, const JobRequest& request, std::stop_token stop,
                              Progress progress, std::function<void(double seconds)> told) {
  Result<std::unique_ptr<Job>> job =
      request.needs_engine() ? engine->make_job(request) : request.make_job();
  if (!job) return tl::unexpected(job.error());
  Consent consent = [told = std::move(told)](double seconds) {
    if (told) told(seconds);
    return true;
  };
  JobContext context(std::move(stop), std::move(progress), JobContext::Clock::duration::max(),
                     std::move(consent));
  return run_job(**job, context);
}

}  // namespace nanscope
