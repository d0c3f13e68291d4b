#pragma once

#include <fstream>
#include <string>

#include "engine/recipe/training_request.h"

namespace nanscope {

/// Writes a run line by line as it goes, so that the file can be read at any moment, and hands
/// every step on to another sink.
class RunFile final : public StepSink {
 public:
  /// `force`: it may take the place of any run.
  RunFile(std::string path, std::shared_ptr<StepSink> next, bool force);

  /// Of a run that goes on from a checkpoint, what the file already says of the steps before stays.
  /// Errors: a file that cannot be written, or has steps that would be lost: another run's, or more
  /// of this one's.
  Result<void> begin(const TrainingRequest& request);
  bool take(const RunStep& step) override;
  void take(const LiveChange& change) override;
  void finish(const RunSummary& summary);
  /// Whether everything was written.
  Result<void> good() const;

 private:
  Result<void> open(std::ios::openmode how);
  void write(const std::string& line);

  std::string path_;
  std::shared_ptr<StepSink> next_;
  bool force_;
  std::ofstream file_;
};

}  // namespace nanscope
