#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/experiment_words.h"
#include "engine/base/file.h"
#include "engine/pytorch/experiment_script.h"

namespace nanscope {

int run_pytorch_command(const Words& words) {
  Words experiment_words;
  std::string output;
  Parser parser("pytorch", "Prints a self-contained PyTorch script that gives the same numbers.");
  parser.add_experiment(experiment_words);
  parser.add_option("-o,--output", output, "write it to a file; - prints it")->type_name("PATH");
  if (const auto status = parser.parse_words(words)) return *status;

  const Result<Experiment> experiment = read_experiment(experiment_words);
  if (!experiment) return report(experiment.error());
  if (experiment->lab != LabName::training) note_training_keys(*experiment);
  note_changes_left_out(experiment_words);
  const Result<std::string> script = pytorch_script(*experiment);
  if (!script) return report(script.error());
  if (output.empty() || output == "-") return print(*script);
  if (const Result<void> written = write_file_atomically(output, *script); !written)
    return report(written.error());
  return print(output + "\n");
}

}  // namespace nanscope
