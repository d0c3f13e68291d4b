#pragma once

#include <optional>

#include "app/command_line/command.h"
#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// The experiment that words of a command line say, as resolve_experiment() puts it together, with
/// its notes on standard error. Pairs that all belong to one lab, "tensors.expression=...", mean
/// that lab. `lab`: the one that the command reads a table for, whatever the words
/// say.
Result<Experiment> read_words(const Words& words, std::optional<LabName> lab = {});
/// The same, with a view of what is there (check_view()).
Result<Experiment> read_experiment(const Words& words, std::optional<LabName> lab = {});
/// The same for what calculates a network: an experiment of another lab that sets none is refused.
Result<Experiment> read_network_experiment(const Words& words, std::optional<LabName> lab = {});

/// Whether each key that the pairs among these words set, those behind the last whole experiment,
/// acts in its lab. Errors: the first that does not, and what would act. What a file carries is
/// taken as it is.
Result<void> check_typed(const Words& words, const Experiment& experiment);

/// Whether the command reads each of these pairs. Errors: the first that another lab reads, another
/// lab's name, and what is looked at where the command draws nothing.
Result<void> check_read(const Words& words, std::string_view command, LabName lab);
/// In the experiment's own lab, which may read more than the lab does otherwise.
Result<void> check_read(const Words& words, std::string_view command, const Experiment& experiment);

/// Whether what these pairs look at is in the picture of the experiment's lab: check_acts(), and
/// plots of this lab. Errors: the first that is not.
Result<void> check_looked_at(const Words& words, const Experiment& experiment);

/// The run of the run file, whatever it is called, that these words begin with, or the recipe of
/// the run in such a picture; nothing without one. Its changes are those that the run has with the
/// words behind it. Errors: a run file that cannot be read.
Result<std::optional<RunSummary>> run_in(const Words& words);

/// Whether the words behind the last whole experiment leave its run as it is: they only say what is
/// looked at.
bool repeats_run(const Words& words);

}  // namespace nanscope
