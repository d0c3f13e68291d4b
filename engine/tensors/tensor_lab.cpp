#include "engine/tensors/tensor_lab.h"

#include "engine/tensors/chain_job.h"

namespace nanscope {

Overloads& TensorLab::overloads() {
  if (!overloads_) overloads_ = std::make_unique<Overloads>();
  return *overloads_;
}

void TensorLab::keep(const TensorRequest& request, std::shared_ptr<const TensorChain> chain) {
  kept_request_ = request;
  kept_ = std::move(chain);
}

std::shared_ptr<const TensorChain> TensorLab::kept(const TensorRequest& request) const {
  TensorRequest without = request;
  without.parameters = false;
  return request.parameters && without == kept_request_ ? kept_ : nullptr;
}

Result<TensorChain> TensorLab::run(const TensorRequest& request, std::stop_token stop) {
  JobContext context(std::move(stop), {});
  ChainJob job(request, *this);
  return run_job(job, context).map([](const JobResult& result) {
    return *result.as<TensorChain>();
  });
}

std::unique_ptr<Job> make_chain_job(TensorRequest request, TensorLab& lab) {
  return std::make_unique<ChainJob>(std::move(request), lab);
}

}  // namespace nanscope
