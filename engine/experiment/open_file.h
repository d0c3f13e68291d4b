#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/file_kind.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// An experiment that shows a file, and what a person should know of it.
struct OpenedFile {
  Experiment experiment;
  std::vector<Message> notes = {};  ///< as what a table was read, and that the batch follows it
};

/// A table (engine/data/file_kind.h) as the input of the Signal lab, or of Training if `base` is
/// its, weights in the Numbers lab: the other settings stay those of `base`, but a batch takes no
/// more rows than there are. An experiment or a picture is read as it is. The file is read first,
/// so that a bad one is an error by its name.
Result<OpenedFile> open_file(const Experiment& base, const std::string& path);

/// Gives a batch that is larger than the experiment's file no more rows than there are, and for
/// Training than are trained on. Returns what it says of that, or nothing; a file that cannot be
/// read is left to who reads it.
std::optional<Message> fit_batch_to_file(Experiment& experiment, LabName lab);

}  // namespace nanscope
