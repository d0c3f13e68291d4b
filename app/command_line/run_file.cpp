#include "app/command_line/run_file.h"

#include <utility>

#include "engine/base/file.h"
#include "engine/recipe/run_json.h"

namespace nanscope {

RunFile::RunFile(std::string path, std::shared_ptr<StepSink> next)
    : path_(std::move(path)), next_(std::move(next)) {}

Result<void> RunFile::begin(const TrainingRequest& request) {
  if (const auto writable = check_writable(path_); !writable) return writable;
  file_.open(path_, std::ios::trunc);
  write(header_to_json(request.experiment, request.changes));
  return good();
}

bool RunFile::take(const RunStep& step) {
  write(step_to_json(step));
  return next_->take(step) && file_.good();
}

void RunFile::take(const LiveChange& change) {
  write(change_to_json(change));
  next_->take(change);
}

void RunFile::finish(const RunSummary& summary) { write(summary_to_json(summary)); }

Result<void> RunFile::good() const {
  if (file_.good()) return {};
  return work_error(path_, "cannot be written to its end; is the disk full?");
}

void RunFile::write(const std::string& line) { file_ << line << '\n' << std::flush; }

}  // namespace nanscope
