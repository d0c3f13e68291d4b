#include "ui/shell/exporter.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>

#include "engine/experiment/resolve.h"

namespace nanscope {
namespace {

std::string beside(const std::string& path, const char* extension) {
  return std::filesystem::path(path).replace_extension(extension).string();
}

ExportResult write_export(const Pixels& pixels, const ExportRequest& request,
                          const Figure& figure) {
  const Result<std::string> png = encode_png(pixels, figure.experiment);
  if (!png) return tl::unexpected(png.error());
  std::vector<std::pair<std::string, std::string>> files{{request.path, *png}};
  if (request.csv) files.emplace_back(beside(request.path, ".csv"), figure.csv());
  if (request.json) files.emplace_back(beside(request.path, ".json"), figure.json());
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
                          const Figure& figure) {
  try {
    return write_export(pixels, request, figure);
  } catch (const std::exception& problem) {
    return work_error(request.path, problem.what());
  }
}

}  // namespace

void Exporter::ask(ExportRequest request, std::optional<Figure> figure) {
  if (busy() || !figure) return;
  wanted_ = Wanted{std::move(request), *std::move(figure)};
}

void Exporter::render() {
  if (!wanted_) return;
  Wanted wanted = std::move(*wanted_);
  wanted_.reset();
  Result<Pixels> pixels = render_picture(wanted.figure, wanted.request.picture);
  if (!pixels) {
    std::promise<ExportResult> failed;
    failed.set_value(tl::unexpected(pixels.error()));
    writing_ = failed.get_future();
    return;
  }
  writing_ =
      std::async(std::launch::async, [pixels = std::move(*pixels), wanted = std::move(wanted)] {
        return write_safely(pixels, wanted.request, wanted.figure);
      });
}

std::optional<ExportResult> Exporter::take() {
  if (!writing_.valid()) return std::nullopt;
  if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
  return writing_.get();
}

}  // namespace nanscope
