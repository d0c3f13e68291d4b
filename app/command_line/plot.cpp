#include "app/command_line/plot.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/headless/headless_context.h"
#include "engine/base/file.h"
#include "engine/recipe/training_request.h"
#include "engine/session/run_request.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/check_view.h"
#include "ui/labs/labs.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

bool is_svg(const PlotFile& file) { return file.path.ends_with(".svg"); }

/// Has a run stop behind so many steps.
void stop_behind(std::int64_t steps, const JobRequest& request) {
  const auto* run = request.as<TrainingRequest>();
  if (!run || !run->control) return;
  RunWish wish = run->control->wish();
  wish.until = steps;
  run->control->wish(wish);
}

/// Of a run that is not drawn to its end, as it has died.
void note_death(const JobResult& result) {
  const auto run = result.as<RunSummary>();
  if (run && run->is_lost() && !run->is_over())
    note(format_text("note.drawn_until_death", fmt::arg("done", run->steps),
                     fmt::arg("step", run->first_nonfinite->step), fmt::arg("steps", run->goal)));
}

/// What the lab shows of the experiment.
Result<Figure> make_figure(const PlotOptions& options, const OpenEngine& open,
                           const std::stop_token& stop, const Progress& progress) {
  const std::unique_ptr<Lab> lab = make_lab(options.experiment.lab);
  const Experiment shown = lab->showing(options.picture.picture.plot, options.experiment);
  lab->repeat(shown, options.changes);
  JobResults results;
  Engine* engine = nullptr;
  for (const JobRequest& request : lab->jobs(shown)) {
    if (request.needs_engine() && !engine) {
      const Result<Engine*> opened = open();
      if (!opened) return tl::unexpected(opened.error());
      engine = *opened;
    }
    if (options.until) stop_behind(*options.until, request);
    Result<JobResult> result = run_request(engine, request, stop, progress, note_long_work);
    if (!result) return tl::unexpected(result.error());
    note_death(*result);
    results.set(request.slot(), *std::move(result));
  }
  if (const auto good = lab->check_view(shown, results); !good) return tl::unexpected(good.error());
  std::optional<Figure> figure = lab->figure(shown, results);
  if (!figure) return work_error("plot", "the lab has nothing to draw of this experiment.");
  if (const auto good = check_pins(*figure); !good) return tl::unexpected(good.error());
  return *std::move(figure);
}

using Files = std::vector<std::pair<std::string, std::string>>;

Result<std::string> picture_bytes(const Figure& figure, const PlotFile& file) {
  if (is_svg(file)) return render_svg(figure, file.picture);
  const Result<Pixels> pixels = render_picture(figure, file.picture);
  if (!pixels) return tl::unexpected(pixels.error());
  return encode_png(*pixels, carried(figure, file.picture));
}

/// The picture that was asked for, and the plots one by one.
std::vector<PlotFile> all_pictures(const PlotOptions& options, const Figure& figure) {
  std::vector<PlotFile> pictures{options.picture};
  if (options.plots_stem.empty()) return pictures;
  for (const FigurePlot& plot : figure.plots) {
    PlotFile& one = pictures.emplace_back(options.picture);
    one.picture.plot = plot.name();
    one.path = fmt::format("{}-{}.png", options.plots_stem, plot.name());
  }
  return pictures;
}

/// Every file's path and bytes. Nothing is written before all of them could be made.
Result<Files> make_files(const PlotOptions& options, const OpenEngine& open,
                         const std::stop_token& stop, const Progress& progress) {
  const Result<Figure> figure = make_figure(options, open, stop, progress);
  if (!figure) return tl::unexpected(figure.error());
  Files files;
  for (const PlotFile& file : all_pictures(options, *figure)) {
    Result<std::string> bytes = picture_bytes(*figure, file);
    if (!bytes) return tl::unexpected(bytes.error());
    files.emplace_back(file.path, *std::move(bytes));
  }
  if (!options.csv_path.empty())
    files.emplace_back(options.csv_path, csv_of(*figure, options.picture.picture.plot));
  if (!options.json_path.empty()) files.emplace_back(options.json_path, figure->json());
  return files;
}

/// Every output has a file of its own.
Result<void> check_own_files(const PlotOptions& options) {
  const std::array<std::pair<const char*, const std::string*>, 3> outputs{
      {{"-o", &options.picture.path},
       {"--csv", &options.csv_path},
       {"--json", &options.json_path}}};
  for (std::size_t i = 0; i < outputs.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [former, former_path] = outputs[j];
      const auto& [option, path] = outputs[i];
      if (!path->empty() && !former_path->empty() && same_target(*path, *former_path))
        return input_error(option, "{} is what {} writes, too; give each a file of its own.", *path,
                           former);
    }
  return {};
}

}  // namespace

Result<void> check_plot(const PlotOptions& options) {
  const PictureRequest& picture = options.picture.picture;
  if (Result<void> good = check_picture(picture); !good) return good;
  const std::unique_ptr<Lab> lab = make_lab(options.experiment.lab);
  const Experiment shown = lab->showing(picture.plot, options.experiment);
  if (Result<void> good = check_view(shown); !good) return good;
  if (Result<void> good = lab->check(picture.plot, shown); !good) return good;
  if (Result<void> good = check_own_files(options); !good) return good;
  for (const std::string& path : {options.picture.path, options.csv_path, options.json_path})
    if (!path.empty())
      if (Result<void> good = check_writable(path); !good) return good;
  return {};
}

Result<std::vector<std::string>> run_plot(const PlotOptions& options, const OpenEngine& open,
                                          std::stop_token stop, const Progress& progress) {
  // Before the pass, so that a machine without OpenGL says so at once.
  const Result<HeadlessContext> context = HeadlessContext::create();
  if (!context) return tl::unexpected(context.error());
  const Result<Files> files = make_files(options, open, stop, progress);
  if (!files) return tl::unexpected(files.error());
  std::vector<std::string> written;
  for (const auto& [path, bytes] : *files) {
    if (const Result<void> done = write_file_atomically(path, bytes); !done)
      return tl::unexpected(done.error());
    written.push_back(path);
  }
  return written;
}

}  // namespace nanscope
