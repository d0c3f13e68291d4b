#include "ui/shell/exporter.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>

#include "engine/base/file.h"
#include "ui/export/svg_picture.h"

namespace nanscope {
namespace {

std::string beside(const std::string& path, const char* extension) {
  return std::filesystem::path(path).replace_extension(extension).string();
}

/// What is left to do on another thread once a picture is drawn: its bytes.
using Encoding = std::function<Result<std::string>()>;

/// The picture's path and those of the data beside it.
std::vector<std::string> paths_of(const ExportRequest& request) {
  if (request.receiver) return {};
  std::vector<std::string> paths{request.path};
  if (request.csv) paths.push_back(beside(request.path, ".csv"));
  if (request.json) paths.push_back(beside(request.path, ".json"));
  return paths;
}

/// Draws the picture with the window's OpenGL context, unless its files could not be written.
Result<Encoding> draw(const ExportRequest& request, const Figure& figure,
                      std::shared_ptr<std::atomic<float>> progress) {
  for (const std::string& path : paths_of(request))
    if (const Result<void> good = check_writable(path); !good) return tl::unexpected(good.error());
  if (request.kind == PictureKind::svg) {
    Result<std::string> svg = render_svg(figure, request.picture);
    if (!svg) return tl::unexpected(svg.error());
    return [svg = *std::move(svg)]() -> Result<std::string> { return svg; };
  }
  Result<Pixels> pixels = render_picture(figure, request.picture);
  if (!pixels) return tl::unexpected(pixels.error());
  return [pixels = *std::move(pixels), carries = carried(figure, request.picture),
          progress = std::move(progress)] { return encode_png(pixels, carries, progress.get()); };
}

ExportResult write_export(const Encoding& encode, const ExportRequest& request,
                          const Figure& figure) {
  const Result<std::string> picture = encode();
  if (!picture) return tl::unexpected(picture.error());
  if (request.receiver) {
    if (const Result<void> taken = request.receiver(*picture); !taken)
      return tl::unexpected(taken.error());
    return std::vector<std::string>();
  }
  std::vector<std::pair<std::string, std::string>> files{{request.path, *picture}};
  if (request.csv)
    files.emplace_back(beside(request.path, ".csv"), csv_of(figure, request.picture.plot));
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
ExportResult write_safely(const Encoding& encode, const ExportRequest& request,
                          const Figure& figure) {
  try {
    return write_export(encode, request, figure);
  } catch (const std::exception& problem) {
    return work_error(request.path, "{}", problem.what());
  }
}

}  // namespace

std::string extension_of(PictureKind kind) { return "." + std::string(name_of(kind)); }

void Exporter::ask(ExportRequest request, std::optional<Figure> figure) {
  if (busy() || !figure) return;
  wanted_ = Wanted{std::move(request), *std::move(figure)};
}

void Exporter::render() {
  if (!wanted_ || !std::exchange(announced_, true)) return;
  announced_ = false;
  *progress_ = 0;
  Wanted wanted = std::move(*wanted_);
  wanted_.reset();
  Result<Encoding> encode = draw(wanted.request, wanted.figure, progress_);
  if (!encode) {
    std::promise<ExportResult> failed;
    failed.set_value(tl::unexpected(encode.error()));
    writing_ = failed.get_future();
    return;
  }
  writing_ =
      std::async(std::launch::async, [encode = *std::move(encode), wanted = std::move(wanted)] {
        return write_safely(encode, wanted.request, wanted.figure);
      });
}

std::optional<ExportResult> Exporter::take() {
  if (!writing_.valid()) return std::nullopt;
  if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
  return writing_.get();
}

}  // namespace nanscope
