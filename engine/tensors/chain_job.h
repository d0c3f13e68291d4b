#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/job/job.h"
#include "engine/job/task.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/tensor_lab.h"

namespace nanscope {

/// A chain on its way: its operations, then what repairs its error or which values its numbers may
/// take, with a pause after each where others wait.
class ChainJob final : public Job {
 public:
  ChainJob(TensorRequest request, TensorLab& lab);
  Result<JobResult> advance(JobContext& context) override;

 private:
  Task<Result<JobResult>> work();
  /// The chain itself, into `chain_`. False: it was stopped, or may not take as long as it would.
  Task<bool> carry_out(const Program& program);
  /// Before an operation of so many seconds: whether it may begin.
  bool begin_operation(const Program& program, double seconds);
  /// Seconds that the whole chain takes, as far as that is known without values.
  double forecast(const Program& program) const;
  void report_progress(double seconds) const;

  TensorRequest request_;
  TensorLab& lab_;
  JobContext* context_ = nullptr;  ///< from the first slice on
  std::int64_t largest_bytes_ = 0;
  TensorChain chain_;
  Pause pause_;
  std::unique_ptr<Evaluator> evaluator_;  ///< while operations are carried out
  JobContext::Clock::time_point began_;
  double predicted_ = 0;            ///< seconds, of the operations so far
  std::optional<double> forecast_;  ///< of the whole chain, once it is worth knowing
  bool refused_ = false;            ///< it may not take that long
  std::optional<Task<Result<JobResult>>> work_;
};

}  // namespace nanscope
