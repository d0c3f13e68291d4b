#include "ui/shell/exporter.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>

#include "engine/experiment/resolve.h"
#include "engine/probes/signal_json.h"

namespace nanscope {
namespace {

std::string beside(const std::string& path, const char* extension) {
  return std::filesystem::path(path).replace_extension(extension).string();
}

ExportResult write_export(const Pixels& pixels, const ExportRequest& request,
                          const SignalSnapshot& snapshot) {
  const Result<std::string> png = encode_png(pixels, snapshot.experiment);
  if (!png) return tl::unexpected(png.error());
  std::vector<std::pair<std::string, std::string>> files{{request.path, *png}};
  if (request.csv) files.emplace_back(beside(request.path, ".csv"), signal_to_csv(snapshot));
  if (request.json) files.emplace_back(beside(request.path, ".json"), signal_to_json(snapshot, 2));
  std::vector<std::string> written;
  for (const auto& [path, bytes] : files) {
    if (const Result<void> done = write_file_atomically(path, bytes); !done)
      return tl::unexpected(done.error());
    written.push_back(path);
  }
  return written;
}

/// Exceptions stop here: a picture that is too large for the memory is an error like others.
ExportResult write_safely(const Pixels& pixels, const ExportRequest& request,
                          const SignalSnapshot& snapshot) {
  try {
    return write_export(pixels, request, snapshot);
  } catch (const std::exception& problem) {
    return work_error(request.path, problem.what());
  }
}

}  // namespace

void Exporter::ask(ExportRequest request, std::shared_ptr<const SignalSnapshot> snapshot) {
  if (busy() || !snapshot) return;
  wanted_ = Wanted{std::move(request), std::move(snapshot)};
}

void Exporter::render() {
  if (!wanted_) return;
  const Wanted wanted = std::move(*wanted_);
  wanted_.reset();
  Result<Pixels> pixels = render_picture(*wanted.snapshot, wanted.request.picture);
  if (!pixels) {
    std::promise<ExportResult> failed;
    failed.set_value(tl::unexpected(pixels.error()));
    writing_ = failed.get_future();
    return;
  }
  writing_ = std::async(std::launch::async, [pixels = std::move(*pixels), wanted] {
    return write_safely(pixels, wanted.request, *wanted.snapshot);
  });
}

std::optional<ExportResult> Exporter::take() {
  if (!writing_.valid()) return std::nullopt;
  if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
  return writing_.get();
}

}  // namespace nanscope
