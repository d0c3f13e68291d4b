#pragma once

#include <string_view>

#include "engine/base/result.h"

// Standard output and standard error, as commands use them.
namespace nanscope {

/// Makes the standard streams safe to use: one that the caller closed fails when it is written to
/// instead of hitting a file that took its number; a reader that left raises no signal.
void prepare_streams();

/// Writes to standard output. The result is an exit status: kDone, also when the reader has left
/// (`nanscope signal | head`), or kFailed if the output could not be written, which is reported.
int print(std::string_view text);

/// Writes a line for people to standard error.
void note(std::string_view line);

/// Writes the error to standard error; the result is its exit status.
int report(const Error& error);

}  // namespace nanscope
