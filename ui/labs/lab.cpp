#include "ui/labs/lab.h"

#include <algorithm>

namespace nanscope {

bool Lab::up_to_date(const Experiment&, const std::vector<JobRequest>& jobs,
                     const SessionView& session) const {
  return std::ranges::all_of(jobs, [&](const JobRequest& job) {
    const SlotView& slot = session.slot(job.slot());
    return slot.up_to_date() && slot.answered == job;
  });
}

}  // namespace nanscope
