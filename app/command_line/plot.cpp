#include "app/command_line/plot.h"

#include <utility>

#include "app/headless/headless_context.h"
#include "engine/base/file.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/lab.h"

namespace nanscope {
namespace {

/// Every file's path and bytes. Nothing is written before all of them could be made.
Result<std::vector<std::pair<std::string, std::string>>> make_files(const PlotOptions& options,
                                                                    const Figure& figure) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const PlotFile& file : options.pictures) {
    if (file.path.ends_with(".svg")) {
      Result<std::string> svg = render_svg(figure, file.picture);
      if (!svg) return tl::unexpected(svg.error());
      files.emplace_back(file.path, std::move(*svg));
      continue;
    }
    const Result<Pixels> pixels = render_picture(figure, file.picture);
    if (!pixels) return tl::unexpected(pixels.error());
    Result<std::string> png = encode_png(*pixels, figure.experiment);
    if (!png) return tl::unexpected(png.error());
    files.emplace_back(file.path, std::move(*png));
  }
  if (!options.csv_path.empty()) files.emplace_back(options.csv_path, figure.csv());
  if (!options.json_path.empty()) files.emplace_back(options.json_path, figure.json());
  return files;
}

/// What the experiment's lab shows of it.
Result<Figure> make_figure(const Experiment& experiment, Engine& engine, std::stop_token stop,
                           const Progress& progress) {
  const std::unique_ptr<Lab> lab = make_lab(experiment.lab);
  LabResults results;
  if (const std::optional<LabRequest> request = lab->request(experiment))
    if (const auto done = run_request(engine, *request, std::move(stop), progress, results); !done)
      return tl::unexpected(done.error());
  std::optional<Figure> figure = lab->figure(experiment, results);
  if (!figure) return work_error("plot", "the lab has nothing to draw of this experiment.");
  return *std::move(figure);
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
  const Result<Figure> figure = make_figure(options.experiment, engine, std::move(stop), progress);
  if (!figure) return tl::unexpected(figure.error());
  const auto files = make_files(options, *figure);
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
