#include "app/command_line/plot.h"

#include <utility>

#include "app/headless/headless_context.h"
#include "engine/base/file.h"
#include "engine/probes/signal_json.h"

namespace nanscope {
namespace {

/// Every file's path and bytes. Nothing is written before all of them could be made.
Result<std::vector<std::pair<std::string, std::string>>> make_files(
    const PlotOptions& options, const SignalSnapshot& snapshot) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const PlotFile& file : options.pictures) {
    const Result<Pixels> pixels = render_picture(snapshot, file.picture);
    if (!pixels) return tl::unexpected(pixels.error());
    Result<std::string> png = encode_png(*pixels, snapshot.experiment);
    if (!png) return tl::unexpected(png.error());
    files.emplace_back(file.path, std::move(*png));
  }
  if (!options.csv_path.empty()) files.emplace_back(options.csv_path, signal_to_csv(snapshot));
  if (!options.json_path.empty())
    files.emplace_back(options.json_path, signal_to_json(snapshot, 2) + "\n");
  return files;
}

}  // namespace

Result<std::vector<std::string>> run_plot(const PlotOptions& options, Engine& engine,
                                          std::stop_token stop, const Progress& progress) {
  for (const PlotFile& file : options.pictures)
    if (const Result<void> good = check_picture(file.picture); !good)
      return tl::unexpected(good.error());
  // Before the pass, so that a machine without OpenGL says so at once.
  const Result<HeadlessContext> context = HeadlessContext::create();
  if (!context) return tl::unexpected(context.error());
  const Result<SignalSnapshot> snapshot =
      engine.signal({options.experiment, Tensor::activation}, std::move(stop), progress);
  if (!snapshot) return tl::unexpected(snapshot.error());
  const auto files = make_files(options, *snapshot);
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
