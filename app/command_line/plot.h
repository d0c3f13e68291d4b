#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "engine/experiment/experiment.h"
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
  std::vector<PlotFile> pictures;
  std::string csv_path;   ///< "" writes none
  std::string json_path;  ///< "" writes none
};

/// The first file that could not be written, before any work is done for it.
Result<void> check_files(const PlotOptions& options);

/// Runs one pass of the experiment's lab, draws the pictures with a headless OpenGL context and
/// writes every file atomically. Returns the paths in the order in which they were written. Errors:
/// those of the engine, no OpenGL (input is checked before the pass), a file that cannot be
/// written.
Result<std::vector<std::string>> run_plot(const PlotOptions& options, Engine& engine,
                                          std::stop_token stop, const Progress& progress);

}  // namespace nanscope
