#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// Puts an experiment together from command-line words: files (.json, exported .png or .svg), demo
/// names and key=value pairs, later ones winning. A file or a demo replaces the whole experiment, a
/// pair changes it; pairs alone change Experiment{}, so that a script means the same whichever demo
/// comes first. No words: the first demo's. `notes`: what a person should know of it, as that the
/// batch is that of a table with few rows. `lab`: the one that reads the table,
/// whatever the words say.
Result<Experiment> resolve_experiment(const std::vector<std::string>& words,
                                      std::vector<Message>* notes = nullptr,
                                      std::optional<LabName> lab = {});

/// Whether a word is one of those: a file, a demo's name, a key and its value.
bool names_experiment(const std::string& word);

/// Whether a text is a run file's: its first line carries the schema and the experiment.
bool looks_like_run(std::string_view text);
/// The same of a file, whatever it is called.
bool is_run_file(const std::string& path);

/// The JSON of an experiment in a file, or of what carries one: a file of JSON, the first line of a
/// run file, what a picture carries.
Result<std::string> read_experiment_text(const std::string& path);
/// Reads an experiment from a file: JSON, or a PNG that NaNscope exported.
Result<Experiment> read_experiment_file(const std::string& path);

}  // namespace nanscope
