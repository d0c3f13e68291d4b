#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/live_change.h"
#include "ui/export/picture.h"

namespace nanscope {

/// One picture and the file that it goes to.
struct PlotFile {
  PictureRequest picture;
  std::string path;  ///< ends in .png or .svg
};

/// What `nanscope plot` writes: pictures and data of one pass.
struct PlotOptions {
  Experiment experiment;
  std::vector<LiveChange> changes = {};  ///< of a run, by step
  /// Steps of a run that are drawn; nothing: all of them, or those before it stops being finite.
  std::optional<std::int64_t> until = {};
  PlotFile picture;
  std::string plots_stem;  ///< its plots go one by one into STEM-PLOT.png, too; "" writes none
  std::string csv_path;    ///< "" writes none
  std::string json_path;   ///< "" writes none
};

/// Everything that can be known before any work is done: a picture that cannot be drawn, an
/// experiment without a figure, a file that could not be written.
Result<void> check_plot(const PlotOptions& options);

/// The engine, which stays its owner's; opened when it is first asked for.
using OpenEngine = std::function<Result<Engine*>()>;

/// Runs one pass of the experiment's lab, if it needs one, draws with a headless OpenGL context and
/// writes every file atomically. Returns the paths in the order in which they were written.
/// `options` have passed check_plot(). Errors: no OpenGL, which is found before the pass, those of
/// the engine, a file that cannot be written.
Result<std::vector<std::string>> run_plot(const PlotOptions& options, const OpenEngine& open,
                                          std::stop_token stop, const Progress& progress);

}  // namespace nanscope
