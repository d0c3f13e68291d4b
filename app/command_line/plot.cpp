#include "app/command_line/plot.h"

#include <utility>

#include "app/headless/headless_context.h"
#include "engine/base/file.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/lab.h"

namespace nanscope {
namespace {

/// What the lab shows of the experiment.
Result<Figure> make_figure(const Lab& lab, const Experiment& experiment, Engine& engine,
                           const std::stop_token& stop, const Progress& progress) {
  LabResults results;
  if (const std::optional<LabRequest> request = lab.request(experiment))
    if (const auto done = run_request(engine, *request, stop, progress, results); !done)
      return tl::unexpected(done.error());
  std::optional<Figure> figure = lab.figure(experiment, results);
  if (!figure) return work_error("plot", "the lab has nothing to draw of this experiment.");
  return *std::move(figure);
}

using Files = std::vector<std::pair<std::string, std::string>>;

Result<std::string> picture_bytes(const Figure& figure, const PlotFile& file) {
  if (file.path.ends_with(".svg")) return render_svg(figure, file.picture);
  const Result<Pixels> pixels = render_picture(figure, file.picture);
  if (!pixels) return tl::unexpected(pixels.error());
  return encode_png(*pixels, figure.experiment);
}

/// Every file's path and bytes. Nothing is written before all of them could be made. A picture of
/// another view of the lab than that of the one before it has a figure of its own.
Result<Files> make_files(const PlotOptions& options, Engine& engine, const std::stop_token& stop,
                         const Progress& progress) {
  const std::unique_ptr<Lab> lab = make_lab(options.experiment.lab);
  Experiment shown = lab->showing(
      options.pictures.empty() ? "" : options.pictures.front().picture.plot, options.experiment);
  Result<Figure> figure = make_figure(*lab, shown, engine, stop, progress);
  Files files;
  for (const PlotFile& file : options.pictures) {
    if (Experiment next = lab->showing(file.picture.plot, options.experiment); next != shown) {
      shown = std::move(next);
      figure = make_figure(*lab, shown, engine, stop, progress);
    }
    if (!figure) return tl::unexpected(figure.error());
    Result<std::string> bytes = picture_bytes(*figure, file);
    if (!bytes) return tl::unexpected(bytes.error());
    files.emplace_back(file.path, *std::move(bytes));
  }
  if (!figure) return tl::unexpected(figure.error());
  if (!options.csv_path.empty()) files.emplace_back(options.csv_path, figure->csv());
  if (!options.json_path.empty()) files.emplace_back(options.json_path, figure->json());
  return files;
}

}  // namespace

Result<void> check_files(const PlotOptions& options) {
  std::vector<std::string> paths;
  for (const PlotFile& file : options.pictures) paths.push_back(file.path);
  for (const std::string& path : {options.csv_path, options.json_path})
    if (!path.empty()) paths.push_back(path);
  for (const std::string& path : paths)
    if (Result<void> good = check_writable(path); !good) return good;
  return {};
}

Result<std::vector<std::string>> run_plot(const PlotOptions& options, Engine& engine,
                                          std::stop_token stop, const Progress& progress) {
  for (const PlotFile& file : options.pictures)
    if (const Result<void> good = check_picture(file.picture); !good)
      return tl::unexpected(good.error());
  // Before the pass, so that a machine without OpenGL says so at once.
  const Result<HeadlessContext> context = HeadlessContext::create();
  if (!context) return tl::unexpected(context.error());
  const Result<Files> files = make_files(options, engine, stop, progress);
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
