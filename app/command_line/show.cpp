#include "app/command_line/show.h"

#include <fmt/format.h>

#include "app/command_line/command.h"
#include "app/command_line/console.h"
#include "app/command_line/pass.h"
#include "engine/experiment/resolve.h"

namespace nanscope {
namespace {

int draw_instead(const WindowOptions& options, const std::string& stem) {
  note("No display: there is neither X11 nor Wayland. Drawing PNG files into this folder instead.");
  // What the last session showed is the window's; pictures are the same for everybody.
  const Result<Experiment> experiment =
      options.experiment ? Result<Experiment>(*options.experiment) : resolve_experiment({});
  if (!experiment) return report(experiment.error());

  PictureRequest picture;
  picture.theme = options.theme.value_or(ThemeId::light);
  const std::string path = fmt::format("{}-{}.png", stem, name_of(experiment->lab));
  return draw_pictures({.experiment = *experiment,
                        .picture = {picture, path},
                        .plots_stem = stem,
                        .csv_path = "",
                        .json_path = ""});
}

}  // namespace

int show(const WindowOptions& options, const std::string& stem) {
  const Result<WindowOutcome> outcome = run_window(options);
  if (!outcome) return report(outcome.error());
  return *outcome == WindowOutcome::closed ? kDone : draw_instead(options, stem);
}

}  // namespace nanscope
