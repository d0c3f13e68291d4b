#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// Puts an experiment together from command-line words: files (.json, exported .png), demo names
/// and key=value pairs, later ones winning. No words: the first demo's.
Result<Experiment> resolve_experiment(const std::vector<std::string>& words);

/// Reads an experiment from a file: JSON, or a PNG that NaNscope exported.
Result<Experiment> read_experiment_file(const std::string& path);

/// Writes the text beside `path` and renames it there: never half a file.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace nanscope
