#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imgui.h"

// What of a frame's pixels differs from the frame before, found from what Dear ImGui draws.
namespace nanscope {

/// Pixels of a framebuffer from `left` and `top`, which are in it, to `right` and `bottom`, which
/// are not.
struct PixelBox {
  int left = 0, top = 0, right = 0, bottom = 0;

  bool empty() const { return left >= right || top >= bottom; }
  int area() const { return empty() ? 0 : (right - left) * (bottom - top); }
  bool operator==(const PixelBox&) const = default;
};

/// A frame as square tiles, each with a hash of all that is drawn there and in which order. Where
/// the hashes of two frames are the same, so are the pixels.
class FrameTiles {
 public:
  static constexpr int kSide = 16;  ///< pixels

  FrameTiles() = default;
  /// Of a rendered frame, which may have no user callbacks: nobody knows what they draw.
  explicit FrameTiles(const ImDrawData& data);

  int width() const { return width_; }
  int height() const { return height_; }
  /// Boxes without a common pixel that cover all that differs; all of it if the sizes do.
  std::vector<PixelBox> changes_since(const FrameTiles& before) const;

 private:
  int width_ = 0, height_ = 0;  ///< pixels
  int columns_ = 0;
  std::vector<std::uint64_t> hashes_;  ///< row by row
};

/// Takes out of a frame what has no pixel in the boxes, which have none in common, and cuts the
/// rest to them.
void cut_to(ImDrawData& data, std::span<const PixelBox> boxes);

}  // namespace nanscope
