#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "ui/export/picture.h"

namespace nanscope {

/// What a picture is written as.
enum class PictureKind { png, svg };
template <>
struct Names<PictureKind> {
  static constexpr std::array<std::pair<PictureKind, std::string_view>, 2> all{
      {{PictureKind::png, "png"}, {PictureKind::svg, "svg"}}};
};

/// ".png".
std::string extension_of(PictureKind kind);

struct ExportRequest {
  PictureRequest picture;
  PictureKind kind = PictureKind::png;
  std::string path;  ///< of the picture; CSV and JSON go beside it
  bool csv = false;
  bool json = false;
  /// Takes the PNG's bytes in place of the file: the clipboard. Called on another thread.
  std::function<Result<void>(const std::string& png)> receiver = {};
};

/// Files that were written, the picture first; none where a receiver took it.
using ExportResult = Result<std::vector<std::string>>;

/// Makes pictures: drawn on the window's thread between frames, encoded and written on another.
class Exporter {
 public:
  /// Nothing happens without a figure, or while another export is under way.
  void ask(ExportRequest request, std::optional<Figure> figure);
  /// Draws the picture that was asked for, in the second frame, so that the first one says so. Call
  /// it outside of a Dear ImGui frame, with the GL context current.
  void render();
  /// The outcome of an export that has ended since the last call.
  std::optional<ExportResult> take();
  bool busy() const { return wanted_.has_value() || writing_.valid(); }
  /// How much of the picture is made, 0..1.
  float progress() const { return *progress_; }

 private:
  struct Wanted {
    ExportRequest request;
    Figure figure;
  };
  std::optional<Wanted> wanted_;
  bool announced_ = false;  ///< a frame has said that a picture is being made
  std::shared_ptr<std::atomic<float>> progress_ = std::make_shared<std::atomic<float>>(0.0f);
  std::future<ExportResult> writing_;
};

}  // namespace nanscope
