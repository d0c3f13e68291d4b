#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/export/preview.h"
#include "ui/shell/exporter.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// Asks what to export, how large and in which theme, and remembers the answers.
class ExportDialog {
 public:
  /// `plot` is one of the names in `plots`, or "" for the whole lab.
  void open(const std::string& plot, std::vector<std::string> plots, ThemeId theme);
  /// Draws it while it is open, with a small picture of what `figure` would give; calls `accepted`
  /// with everything but the path.
  void draw(const Style& style, const std::optional<Figure>& figure, PicturePreview& preview,
            const std::function<void(const ExportRequest&)>& accepted);
  /// The picture that was asked for is written: what it was of need not be kept for another try.
  void written() { waits_ = false; }
  bool is_open() const { return opening_ || open_; }

 private:
  void what_row(const Style& style);
  void size_rows(const Style& style);
  void custom_size_row(bool custom, const Style& style);
  void preview_row(const std::optional<Figure>& figure, PicturePreview& preview,
                   const Style& style);
  bool buttons(const Style& style);
  void kind_row(const Style& style);
  void theme_row(const Style& style);

  bool opening_ = false;
  bool open_ = false;
  bool waits_ = false;  ///< what was asked for is not written yet
  std::vector<std::string> plots_;
  ExportRequest request_;
  int size_ = 0;  ///< index into the list of sizes; the last is "custom"
  std::string width_ = "1920", height_ = "1080";  ///< of a custom size, as typed
  std::string problem_;                           ///< what is wrong with the request, or ""
};

/// The picture size for a number of pixels per logical pixel: 1, 2 or 4 times 1920 x 1080.
PictureRequest scaled_picture(int scale);
/// The number of pixels for a logical one in a picture of any size.
float picture_scale(int width, int height);

}  // namespace nanscope
