#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "app/command_line/arguments.h"
#include "app/command_line/change_words.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "app/command_line/reading_text.h"
#include "app/command_line/run_file.h"
#include "app/command_line/train_text.h"
#include "engine/base/file.h"
#include "engine/experiment/json.h"
#include "engine/plan/task.h"
#include "engine/recipe/run_json.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Whether nobody reads standard output any more (`nanscope train --json | head`).
bool reader_has_left() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

/// Prints every step as it comes, as long as that can be done and somebody reads them.
class PrintedSteps final : public StepSink {
 public:
  bool take(const RunStep& step) override {
    status_ = print(step_to_json(step) + "\n");
    ended_ = status_ != kDone || reader_has_left();
    return !ended_;
  }
  void take(const LiveChange&) override {}
  /// The exit status where that was not so, and nothing more is to be said.
  std::optional<int> status() const { return ended_ ? std::optional(status_) : std::nullopt; }

 private:
  int status_ = kDone;
  bool ended_ = false;
};

/// What a command line says of a run.
struct TrainWords {
  Words experiment, changes;
  std::string out, checkpoint, resume;
  std::int64_t every = 0;
  bool json = false, force = false;
};

/// What goes to standard output twice can be read by nobody.
Result<void> check_own_output(const TrainWords& words) {
  if (words.out.empty() || !same_target(words.out, "/dev/stdout")) return {};
  return words.json
             ? input_error(
                   "--out",
                   "{} is standard output, to which --json writes the same lines; leave one "
                   "of the two out.",
                   words.out)
             : input_error("--out",
                           "{} is standard output, to which the summary goes, too; --json in its "
                           "place writes the lines there.",
                           words.out);
}

/// Runs, into a file too where one is named.
Result<RunSummary> run_into(const TrainWords& words, TrainingRequest& request,
                            bool shows_progress) {
  if (words.out.empty()) return run_training(request, shows_progress);
  const auto file = std::make_shared<RunFile>(words.out, request.sink, words.force);
  if (const auto begun = file->begin(request); !begun) return tl::unexpected(begun.error());
  request.sink = file;
  Result<RunSummary> summary = run_training(request, shows_progress);
  if (summary) file->finish(*summary);
  if (const auto written = file->good(); summary && !written)
    return tl::unexpected(written.error());
  return summary;
}

int train(TrainingRequest request, const TrainWords& words, const TableReading* read) {
  const bool json = words.json;
  const auto shown = std::make_shared<ShownSteps>(goal_of(request.experiment, request.changes) -
                                                  (request.from ? request.from->steps : 0));
  const auto printed = std::make_shared<PrintedSteps>();
  request.sink = json ? std::shared_ptr<StepSink>(printed) : shown;
  // On a terminal the lines themselves say how far the run is.
  const Result<RunSummary> summary = run_into(words, request, !json || isatty(STDOUT_FILENO) == 0);
  if (!summary) return report(summary.error());
  if (const auto ended = printed->status()) return *ended;
  if (json && read)
    for (const Message& doubt : read->doubts) note(message_text(doubt) + ".");
  if (json)
    for (const std::string& sentence : nonfinite_sentences(*summary)) note(sentence);
  const std::string text = read ? reading_to_text(*read, request.experiment.data.batch) + "\n" : "";
  const int status =
      print(json ? summary_to_json(*summary) + "\n" : text + run_to_text(*summary, shown->steps()));
  return status == kDone && summary->stopped ? kInterrupted : status;
}

/// A run that goes on goes as far as that: a change before its next step.
Result<void> go_farther(const std::string& steps, std::int64_t done, TrainingRequest& request) {
  const Result<Experiment> farther = with_key(request.experiment, "steps", steps);
  if (!farther) return tl::unexpected(farther.error());
  if (farther->training.steps < done)
    return input_error("steps", "{} steps are done already; it takes that many at least.", done);
  std::erase_if(request.changes, [&](const LiveChange& change) {
    return change.step >= done && (change.key == "steps" || change.step >= farther->training.steps);
  });
  if (goal_of(request.experiment, request.changes) != farther->training.steps)
    request.changes.push_back({done, "steps", key_text(*farther, "steps")});
  return {};
}

/// Of a word that a run that goes on does not take.
tl::unexpected<Error> beside_a_checkpoint(const std::string& word, const Checkpoint& checkpoint) {
  const bool is_over = checkpoint.steps >= goal_of(checkpoint.experiment, checkpoint.changes);
  return is_over ? input_error("--resume",
                               "{} does not go together with it: a run goes on as it began, and "
                               "this one has done all its {} steps. steps=N makes it longer; "
                               "beside that --change {}:KEY=VALUE changes a live key.",
                               word, checkpoint.steps, checkpoint.steps)
                 : input_error("--resume",
                               "{} does not go together with it: a run goes on as it began. "
                               "steps=N says how far, --change {}:KEY=VALUE changes a live key.",
                               word, checkpoint.steps);
}

/// The run of a checkpoint, which only goes farther if other words say so.
Result<TrainingRequest> read_resumed(const TrainWords& words) {
  Result<Checkpoint> checkpoint = read_checkpoint(words.resume);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  TrainingRequest request{.experiment = checkpoint->experiment,
                          .changes = checkpoint->changes,
                          .data = checkpoint->data};
  for (const std::string& word : words.experiment) {
    if (!word.starts_with("steps=")) return beside_a_checkpoint(word, *checkpoint);
    if (const auto farther = go_farther(word.substr(6), checkpoint->steps, request); !farther)
      return tl::unexpected(farther.error());
  }
  request.from = std::make_shared<const Checkpoint>(*std::move(checkpoint));
  return request;
}

Result<TrainingRequest> read_new(const TrainWords& words) {
  Result<Experiment> experiment = read_network_experiment(words.experiment, LabName::training);
  if (!experiment) return tl::unexpected(experiment.error());
  experiment->lab = LabName::training;
  if (const auto read = check_read(words.experiment, "train", LabName::training); !read)
    return tl::unexpected(read.error());
  if (const auto act = check_typed(words.experiment, *experiment); !act)
    return tl::unexpected(act.error());
  experiment->view = {};
  TrainingRequest request{.experiment = *std::move(experiment)};
  // A run file has a whole recipe.
  Result<std::optional<RunSummary>> run = run_in(words.experiment);
  if (!run) return tl::unexpected(run.error());
  if (*run) {
    note_damaged_lines(**run);
    request.changes = std::move((*run)->changes);
    if ((*run)->experiment.data.path == request.experiment.data.path) request.data = (*run)->data;
  }
  return request;
}

/// Whether what is there already may give way to checkpoints.
Result<void> check_place(const TrainWords& words) {
  const std::string& place = words.checkpoint;
  std::error_code nothing_there;
  if (std::filesystem::is_other(place, nothing_there))
    return input_error("--checkpoint",
                       "{} is a device, a pipe or a socket; it takes a folder, or a file that ends "
                       "in .safetensors.",
                       place);
  const bool is_file = checkpoint_path(place, 0) == place;
  if (read_head(place, 1).empty() || (is_file && is_checkpoint(place))) return {};
  return input_error("--checkpoint",
                     "{} is a file that holds no checkpoint, and stays as it is; name a folder, or "
                     "another file that ends in .safetensors.",
                     place);
}

/// Makes the folder where checkpoints are to go, and sees whether they can be written.
Result<void> prepare_checkpoints(const TrainWords& words) {
  if (words.checkpoint.empty()) {
    if (words.every == 0) return {};
    return input_error("--every", "says how often; --checkpoint says where.");
  }
  if (const auto free = check_place(words); !free) return free;
  const std::string path = checkpoint_path(words.checkpoint, 0);
  if (words.resume.empty() && path != words.checkpoint && last_checkpoint(words.checkpoint))
    return input_error(
        "--checkpoint",
        "{} holds checkpoints of another run; --resume {} goes on from the last one, "
        "another folder leaves them as they are.",
        words.checkpoint, words.checkpoint);
  std::error_code failed;
  if (path != words.checkpoint) std::filesystem::create_directories(words.checkpoint, failed);
  if (failed) return work_error(words.checkpoint, "cannot be made: {}.", failed.message());
  return check_writable(path);
}

/// What its file holds, beside what it held as the run began.
Result<void> look_at_data(const std::optional<FileBytes>& now, TrainingRequest& request) {
  const std::string& path = request.experiment.data.path;
  if (request.from) {
    if (const auto same = check_data(request.data, now, path); !same) return same;
  } else if (request.data && now) {
    note_other_data(*request.data, *now, path);
  }
  request.data = now;
  request.data_is_read = true;
  return {};
}

/// `read`: as what the run's file was read, where it has one.
Result<TrainingRequest> read_request(const TrainWords& words, std::optional<TableReading>& read) {
  Result<TrainingRequest> request = words.resume.empty() ? read_new(words) : read_resumed(words);
  if (!request) return request;
  // Also what the job would say, a second later: LibTorch is not open yet.
  const auto task = training_task(request->experiment);
  if (!task) return tl::unexpected(task.error());
  if (auto same = look_at_data(data_of(request->experiment.data), *request); !same)
    return tl::unexpected(same.error());
  if (request->experiment.data.kind == DataKind::file) read = task->table.reading;
  if (task->table.rows > 0 && task->held_out == 0 && request->experiment.data.held_out > 0)
    note(count_text("note.none_held_out", task->table.rows));
  const std::int64_t done = request->from ? request->from->steps : 0;
  if (auto added = add_changes(words.changes, request->experiment, done, request->changes); !added)
    return tl::unexpected(added.error());
  if (auto ready = prepare_checkpoints(words); !ready) return tl::unexpected(ready.error());
  request->checkpoint = words.checkpoint;
  request->every = words.every;
  return request;
}

/// What a shell makes of a variable that is not set.
std::string is_no_empty_path(const std::string& path) {
  return path.empty() ? "the path is empty; it takes the name of a file or folder." : "";
}

void add_options(Parser& parser, TrainWords& words) {
  parser.add_experiment(words.experiment);
  parser.add_flag("--json", words.json, "one JSON object a line: every step, then a summary");
  parser.add_option("--out", words.out, "write the run to a file, a line of JSON a step")
      ->type_name("FILE")
      ->check(is_no_empty_path);
  parser.add_flag("--force", words.force,
                  "let --out replace a file with steps that this run does not repeat");
  add_change_option(parser, words.changes);
  parser
      .add_option("--checkpoint", words.checkpoint,
                  "keep the run's state, to go on from: a folder, with a file each\n"
                  "time, or a .safetensors file, which is replaced")
      ->type_name("PATH")
      ->check(is_no_empty_path);
  parser
      .add_option("--every", words.every,
                  "steps from one checkpoint to the next; without it\n"
                  "the last step alone")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  parser.add_option("--resume", words.resume, "go on from a checkpoint, or a folder's last one")
      ->type_name("PATH");
}

}  // namespace

int run_train_command(const Words& words) {
  TrainWords train_words;
  Parser parser("train",
                "Trains a network: forward, loss, backward, optimizer, step by step. networks=N\n"
                "trains N side by side, with the seeds seed, seed + 1, ..., each as it would be\n"
                "alone; what is told is their median, and below \"networks\" each of them.");
  add_options(parser, train_words);
  if (const auto status = parser.parse_words(words)) return *status;
  if (const auto own = check_own_output(train_words); !own) return report(own.error());
  std::optional<TableReading> read;
  Result<TrainingRequest> request = read_request(train_words, read);
  if (!request) return report(request.error());
  return train(*std::move(request), train_words, read ? &*read : nullptr);
}

}  // namespace nanscope
