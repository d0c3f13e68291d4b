#pragma once

#include "engine/base/result.h"
#include "ui/export/gl.h"
#include "ui/export/picture.h"

namespace nanscope {

/// An OpenGL framebuffer to draw a picture into, with 8 bits a channel. While it lives it is bound,
/// and the viewport covers it; then both are as they were.
class Framebuffer {
 public:
  /// Errors: larger than the driver allows, or not enough memory.
  static Result<Framebuffer> create(int width, int height);
  ~Framebuffer();
  Framebuffer(Framebuffer&& other) noexcept;
  Framebuffer& operator=(Framebuffer&&) = delete;

  void clear(const ImVec4& color);
  Pixels read() const;

 private:
  Framebuffer() = default;
  int width_ = 0;
  int height_ = 0;
  GLuint framebuffer_ = 0;
  GLuint color_ = 0;
  GLint bound_before_ = 0;
  GLint viewport_before_[4] = {};
};

}  // namespace nanscope
