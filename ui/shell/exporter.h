#pragma once

#include <array>
#include <functional>
#include <future>
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
};

/// Files that were written, the picture first.
using ExportResult = Result<std::vector<std::string>>;

/// Makes pictures: drawn on the window's thread between frames, encoded and written on another.
class Exporter {
 public:
  /// Nothing happens without a figure, or while another export is under way.
  void ask(ExportRequest request, std::optional<Figure> figure);
  /// Draws the picture that was asked for. Call it outside of a Dear ImGui frame, with the GL
  /// context current.
  void render();
  /// The outcome of an export that has ended since the last call.
  std::optional<ExportResult> take();
  bool busy() const { return wanted_.has_value() || writing_.valid(); }

 private:
  struct Wanted {
    ExportRequest request;
    Figure figure;
  };
  std::optional<Wanted> wanted_;
  std::future<ExportResult> writing_;
};

}  // namespace nanscope
