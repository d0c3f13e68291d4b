#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "app/command_line/signal_text.h"
#include "engine/probes/signal_json.h"

namespace nanscope {

int run_signal_command(const Words& words) {
  Words experiment_words;
  bool json = false, csv = false;
  std::string histogram;
  SignalTextOptions text;
  Parser parser("signal", "Runs one forward and backward pass and prints statistics per layer.");
  parser.add_experiment(experiment_words);
  parser.add_flag("--json", json, "one JSON object, schema nanscope.signal/1");
  parser.add_flag("--csv", csv, "a table, one row a layer");
  parser
      .add_option("--histogram", histogram,
                  "count the magnitudes of a tensor: weight, preactivation,\n"
                  "activation, activation_grad or weight_grad")
      ->type_name("TENSOR");
  parser.add_flag("--all", text.all_layers, "print every layer of a deep network");
  if (const auto status = parser.parse_words(words)) return *status;
  if (json && csv)
    return report(input_error("--json", "does not go together with --csv; choose one.").value());

  SignalRequest request{.experiment = {}, .histogram = value_of<SignalTensor>(histogram)};
  if (!histogram.empty() && !request.histogram)
    return report(
        unknown_name("--histogram", histogram, "tensor", all_names<Names<SignalTensor>>()));
  Result<Experiment> experiment = read_network_experiment(experiment_words, LabName::signal);
  if (!experiment) return report(experiment.error());
  if (const auto read = check_read(experiment_words, "signal", LabName::signal); !read)
    return report(read.error());
  note_training_keys(*experiment);
  request.experiment = std::move(*experiment);
  // What is printed of a training run is its network at initialization.
  if (request.experiment.lab == LabName::training) request.experiment.lab = LabName::signal;

  const Result<SignalSnapshot> snapshot = run_pass(request);
  if (!snapshot) return report(snapshot.error());
  if (json) return print(signal_to_json(*snapshot, 2) + "\n");
  if (csv) return print(signal_to_csv(*snapshot));
  return print(signal_to_text(*snapshot, text));
}

}  // namespace nanscope
