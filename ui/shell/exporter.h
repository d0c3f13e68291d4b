#pragma once

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ui/export/picture.h"

namespace nanscope {

struct ExportRequest {
  PictureRequest picture;
  std::string path;  ///< of the PNG; CSV and JSON go beside it
  bool csv = false;
  bool json = false;
};

/// Files that were written, the PNG first.
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
