#pragma once

#include <string>
#include <vector>

#include "engine/recipe/training_request.h"

namespace nanscope {

/// Keeps as many steps of a run as a person reads: evenly spread, and the first and the last.
class ShownSteps final : public StepSink {
 public:
  explicit ShownSteps(std::int64_t steps);
  bool take(const RunStep& step) override;
  void take(const LiveChange&) override {}

  std::vector<RunStep> steps() const;

 private:
  std::int64_t stride_;
  std::vector<RunStep> kept_;
  RunStep last_;
};

/// Where the run stopped being finite, with which numbers and why, and what is worth a try; nothing
/// for a run that did not.
std::vector<std::string> nonfinite_sentences(const RunSummary& summary);

std::string run_to_text(const RunSummary& summary, const std::vector<RunStep>& shown);

}  // namespace nanscope
