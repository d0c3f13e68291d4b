#include "app/command_line/arguments.h"
#include "app/command_line/change_words.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/experiment_words.h"
#include "engine/base/file.h"
#include "engine/pytorch/experiment_script.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

int run_pytorch_command(const Words& words) {
  Words experiment_words, change_words;
  std::string output;
  Parser parser("pytorch",
                "Prints a self-contained PyTorch script that gives the same numbers; of\n"
                "a run file with its changes.");
  parser.add_experiment(experiment_words);
  add_change_option(parser, change_words);
  parser.add_option("-o,--output", output, "write it to a file; - prints it")->type_name("PATH");
  if (const auto status = parser.parse_words(words)) return *status;

  const Result<Experiment> experiment = read_experiment(experiment_words);
  if (!experiment) return report(experiment.error());
  if (const auto read = check_read(experiment_words, "pytorch", experiment->lab); !read)
    return report(read.error());
  if (experiment->lab != LabName::training) note_training_keys(*experiment);
  const auto run = run_in(experiment_words);
  if (!run) return report(run.error());
  std::vector<LiveChange> changes;
  if (*run) {
    note_damaged_lines(**run);
    changes = (*run)->changes;
  }
  if (const auto has = check_has_run(change_words, *experiment); !has) return report(has.error());
  if (const auto added = add_changes(change_words, *experiment, 0, changes); !added)
    return report(added.error());
  const Result<std::string> script = pytorch_script(*experiment, changes);
  if (!script) return report(script.error());
  if (output.empty() || output == "-") return print(*script);
  if (const Result<void> written = write_file_atomically(output, *script); !written)
    return report(written.error());
  return print(output + "\n");
}

}  // namespace nanscope
