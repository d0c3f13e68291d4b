#include "halving.h"

namespace nanscope {
namespace {

class HalvingJob final : public Job {
 public:
  explicit HalvingJob(const HalvingRequest& request) : request_(request) {}

  Result<JobResult> advance(JobContext& context) override {
    if (context.stop().stop_requested()) return cancelled_error();
    if (request_.steps < 1) return input_error("toy", "{} steps are none.", request_.steps);
    halvings_.values.push_back(halvings_.values.empty() ? request_.first
                                                        : halvings_.values.back() / 2);
    const auto done = static_cast<int>(halvings_.values.size());
    return done < request_.steps ? JobResult() : JobResult::of(std::move(halvings_));
  }

 private:
  HalvingRequest request_;
  Halvings halvings_;
};

}  // namespace

std::unique_ptr<Job> HalvingRequest::make_job() const {
  return std::make_unique<HalvingJob>(*this);
}

}  // namespace nanscope
