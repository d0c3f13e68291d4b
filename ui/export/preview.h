#pragma once

#include <optional>
#include <string>

#include "imgui.h"
#include "ui/export/picture.h"

namespace nanscope {

/// A small picture of what a request would export, as a texture for the window.
class PicturePreview {
 public:
  PicturePreview() = default;
  /// With the OpenGL context of render() current, or after it is gone.
  ~PicturePreview();
  PicturePreview(const PicturePreview&) = delete;
  PicturePreview& operator=(const PicturePreview&) = delete;

  /// Asks for the picture of this figure, `width` pixels wide; nothing happens if it is there.
  void want(const Figure& figure, const PictureRequest& request, int width);
  /// Draws what was asked for: true if the texture has new pixels. Call it outside of a Dear ImGui
  /// frame, with the OpenGL context current.
  bool render();
  /// Whether another frame is needed: to draw it, or to show it.
  bool waits() const { return wanted_.has_value() || fresh_; }
  /// 0 until there is one.
  ImTextureID texture() const { return static_cast<ImTextureID>(texture_); }
  /// Why there is none.
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Wanted {
    Figure figure;
    PictureRequest request;
    int width = 0;
  };
  bool is_of(const Figure& figure, const PictureRequest& request, int width) const;
  void upload(const Pixels& pixels);

  std::optional<Wanted> wanted_;
  PictureRequest request_;  ///< of the texture, as are the next three
  Experiment experiment_;
  std::string title_;
  int width_ = 0;
  unsigned texture_ = 0;
  bool fresh_ = false;  ///< no frame has shown it yet
  std::optional<Error> error_;
};

}  // namespace nanscope
