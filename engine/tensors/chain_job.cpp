#include "engine/tensors/chain_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/machine/memory.h"
#include "engine/tensors/parameters.h"
#include "engine/tensors/repairs.h"
#include "engine/tensors/trial.h"

namespace nanscope {
namespace {

/// Chains of less predicted work are not predicted as a whole before they go on.
constexpr double kWorthAForecast = 0.2;
/// What takes longer says what it does.
constexpr double kWorthProgress = 0.1;
constexpr std::size_t kMostLetters = 40;  // of an operation in its progress

std::int64_t allowed_bytes(const TensorRequest& request) {
  if (request.largest_bytes > 0) return request.largest_bytes;
  const std::int64_t available = available_memory();
  return available == 0 ? std::numeric_limits<std::int64_t>::max() : memory_for_work(available);
}

std::string abridged(std::string operation) {
  std::ranges::replace(operation, '\n', ' ');
  if (operation.size() > kMostLetters) operation = operation.substr(0, kMostLetters) + "...";
  return operation;
}

}  // namespace

ChainJob::ChainJob(TensorRequest request, TensorLab& lab)
    : request_(std::move(request)),
      lab_(lab),
      pause_([this] { return context_->slice_over() || context_->stop().stop_requested(); }) {}

Result<JobResult> ChainJob::advance(JobContext& context) {
  if (context.stop().stop_requested()) return cancelled_error();
  context_ = &context;
  if (!work_) {
    work_ = work();
    work_->start();
  } else {
    pause_.resume();
  }
  return work_->done() ? work_->result() : JobResult();
}

Task<Result<JobResult>> ChainJob::work() {
  const std::optional<Program> program = read_chain(request_.expression, request_, chain_);
  if (!program) co_return JobResult::of(std::move(chain_));
  largest_bytes_ = allowed_bytes(request_);
  if (const auto kept = lab_.kept(request_)) {
    chain_ = *kept;
  } else {
    const bool done = co_await carry_out(*program);
    if (!done) co_return cancelled_error();
  }
  if (chain_.error) {
    if (chain_.error->repairs.empty())
      chain_.error->repairs =
          find_repairs(Trial(lab_.overloads(), request_, largest_bytes_, chain_), *program, chain_);
  } else if (request_.parameters) {
    const Trial trial(lab_.overloads(), request_, largest_bytes_, chain_);
    chain_.parameters = co_await find_parameters(trial, lab_.overloads(), *program, chain_, pause_);
  }
  auto result = std::make_shared<const TensorChain>(std::move(chain_));
  lab_.keep(request_, result);
  co_return JobResult(std::move(result));
}

Task<bool> ChainJob::carry_out(const Program& program) {
  seed_generator(request_.seed);
  began_ = JobContext::Clock::now();
  Executor executor(lab_.overloads(), c10::kCPU, largest_bytes_, &lab_.pace());
  executor.watch([&](double seconds) { return begin_operation(program, seconds); });
  evaluator_ = std::make_unique<Evaluator>(executor, chain_, request_, context_->stop(),
                                           CellsWanted::yes, &pause_);
  const bool done = co_await evaluator_->steps(program);
  evaluator_.reset();
  co_return done && !refused_;
}

bool ChainJob::begin_operation(const Program& program, double seconds) {
  const double so_far = predicted_ + seconds;
  const bool first = !forecast_ && so_far > kWorthAForecast;
  if (first || (forecast_ && so_far > *forecast_)) {
    forecast_ = first ? std::max(forecast(program), so_far) : so_far;
    refused_ = !context_->may_take(*forecast_);
    if (refused_) return false;
  }
  report_progress(seconds);
  predicted_ += seconds;
  return true;
}

double ChainJob::forecast(const Program& program) const {
  TensorChain chain;
  chain.expression = request_.expression;
  double seconds = 0;
  Executor executor(lab_.overloads(), c10::kMeta, largest_bytes_, &lab_.pace());
  executor.watch([&](double more) {
    seconds += more;
    return true;
  });
  Evaluator(executor, chain, request_, {}, CellsWanted::no).run(program);
  return seconds;
}

void ChainJob::report_progress(double seconds) const {
  const std::chrono::duration<double> worked = JobContext::Clock::now() - began_;
  if (!context_->progress() || std::max(seconds, worked.count()) < kWorthProgress) return;
  const std::size_t step = chain_.steps.size() + 1;
  const std::string operation = abridged(evaluator_->operation());
  const double share = forecast_ && *forecast_ > 0 ? std::min(predicted_ / *forecast_, 0.99) : 0;
  // An operation cannot be stopped in its midst.
  context_->progress()(seconds < 1 ? message("step {}: {}", step, operation)
                                   : message("step {}: {}, which takes about {} s at one go", step,
                                             operation, fmt::format("{:.2g}", seconds)),
                       share);
}

}  // namespace nanscope
