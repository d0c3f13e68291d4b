#include "app/command_line/run_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/base/file.h"
#include "engine/base/strict_json.h"
#include "engine/base/text_file.h"
#include "engine/experiment/json.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestRun = std::size_t{1} << 40;

/// Whether a line of a run tells of the steps before this one.
bool is_before(const Json& line, std::int64_t steps) {
  const auto number = line.contains("step") ? line.find("step") : line.find("before_step");
  return number != line.end() && number->is_number() && number->get<std::int64_t>() < steps;
}

/// Whether both are one run, however far it is to go.
bool same_run(Experiment one, const Experiment& other) {
  one.training.steps = other.training.steps;
  return one == other;
}

/// Whether a run would give each of the other one's steps again.
bool repeats(const TrainingRequest& request, const RunSummary& run) {
  return same_run(run.experiment, request.experiment) && run.changes == request.changes &&
         check_data(run.data, request.data, "") &&
         run.steps <= goal_of(request.experiment, request.changes);
}

/// Whether nothing would be lost but a run that this one repeats, or may replace.
Result<void> check_replaceable(const std::string& path, const TrainingRequest& request,
                               bool force) {
  if (read_head(path, 1).empty()) return {};
  if (!is_run_file(path))
    return input_error(
        "--out", "{} holds something else than a run; name another file, or remove it.", path);
  if (force) return {};
  const Result<RunSummary> run = read_run(path);
  if (run && (run->steps == 0 || repeats(request, *run))) return {};
  const Message steps = run ? message("{} steps of a run", run->steps) : message("a run");
  return input_error("--out",
                     "{} holds {} that this one does not repeat; name another file, or let --force "
                     "replace it.",
                     path, steps);
}

/// The lines of the file behind its header that tell of the steps before this one; of a half last
/// line nothing.
Result<std::string> lines_before(const std::string& path, const Experiment& experiment,
                                 std::int64_t steps) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::string();
  const Result<std::string> text = read_text_so_far(path, kLargestRun);
  if (!text) return tl::unexpected(text.error());
  std::string kept;
  bool is_header = true;
  for (std::size_t begin = 0, end = 0; (end = text->find('\n', begin)) != text->npos;
       begin = end + 1) {
    const std::string line = text->substr(begin, end - begin + 1);
    const Result<Json> json = parse_json(line);
    if (is_header) {
      const Result<Experiment> of_file = from_json(line);
      if (!json || !of_file || !same_run(*of_file, experiment))
        return input_error(path,
                           "holds something else than the run that goes on; give --out "
                           "another file.");
    } else if (json && is_before(*json, steps)) {
      kept += line;
    }
    is_header = false;
  }
  return kept;
}

}  // namespace

RunFile::RunFile(std::string path, std::shared_ptr<StepSink> next, bool force)
    : path_(std::move(path)), next_(std::move(next)), force_(force) {}

Result<void> RunFile::begin(const TrainingRequest& request) {
  if (const auto writable = check_writable(path_); !writable) return writable;
  const std::string header = header_to_json({request.experiment, request.changes, request.data});
  if (request.from) {
    const auto kept = lines_before(path_, request.experiment, request.from->steps);
    if (!kept) return tl::unexpected(kept.error());
    if (auto done = write_file_atomically(path_, header + "\n" + *kept); !done) return done;
    if (auto opened = open(std::ios::app); !opened) return opened;
  } else {
    if (const auto free = check_replaceable(path_, request, force_); !free) return free;
    if (auto opened = open(std::ios::trunc); !opened) return opened;
    write(header);
  }
  return good();
}

Result<void> RunFile::open(std::ios::openmode how) {
  errno = 0;
  file_.open(path_, std::ios::out | how);
  if (file_.is_open()) return {};
  return work_error(path_, "cannot be written: {}.", std::strerror(errno));
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
