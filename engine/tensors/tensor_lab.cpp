#include "engine/tensors/tensor_lab.h"

#include <limits>
#include <utility>

#include "engine/machine/memory.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/parameters.h"
#include "engine/tensors/repairs.h"
#include "engine/tensors/trial.h"

namespace nanscope {
namespace {

std::int64_t allowed_bytes(const TensorRequest& request) {
  if (request.largest_bytes > 0) return request.largest_bytes;
  const std::int64_t available = available_memory();
  return available == 0 ? std::numeric_limits<std::int64_t>::max() : memory_for_work(available);
}

}  // namespace

Result<TensorChain> TensorLab::run(const TensorRequest& request, std::stop_token stop) {
  TensorChain chain;
  const std::optional<Program> program = read_chain(request.expression, request, chain);
  if (!program) return chain;
  if (!overloads_) overloads_ = std::make_unique<Overloads>();
  seed_generator(request.seed);
  const std::int64_t largest_bytes = allowed_bytes(request);
  Executor executor(*overloads_, c10::kCPU, largest_bytes);
  if (!Evaluator(executor, chain, request, stop, CellsWanted::yes).run(*program))
    return cancelled_error();
  if (chain.error) {
    chain.error->repairs =
        find_repairs(Trial(*overloads_, request, largest_bytes, chain), *program, chain);
  } else if (request.parameters) {
    const Trial trial(*overloads_, request, largest_bytes, chain);
    chain.parameters = find_parameters(trial, *overloads_, *program, chain, stop);
    if (stop.stop_requested()) return cancelled_error();
  }
  return chain;
}

std::unique_ptr<Job> make_chain_job(TensorRequest request, TensorLab& lab) {
  return one_slice([request = std::move(request), &lab](const JobContext& context) {
    return lab.run(request, context.stop());
  });
}

}  // namespace nanscope
