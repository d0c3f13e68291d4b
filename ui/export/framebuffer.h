#pragma once

#include "engine/base/result.h"
#include "ui/export/gl.h"
#include "ui/export/picture.h"

namespace nanscope {

/// An OpenGL framebuffer to draw a picture into, with 8 bits a channel.
class Framebuffer {
 public:
  /// Errors: larger than the driver allows, or not enough memory.
  static Result<Framebuffer> create(int width, int height);
  ~Framebuffer();
  Framebuffer(Framebuffer&& other) noexcept;
  Framebuffer& operator=(Framebuffer&&) = delete;

  int width() const { return width_; }
  int height() const { return height_; }
  /// While it is drawn into.
  void clear(const ImVec4& color);
  Pixels read() const;
  /// Copies it over the framebuffer that is bound, which has its size. No scissor test may be on.
  void copy_to_bound() const;

 private:
  friend class DrawInto;
  Framebuffer() = default;
  int width_ = 0;
  int height_ = 0;
  GLuint framebuffer_ = 0;
  GLuint color_ = 0;
};

/// While it lives, a framebuffer is drawn into, and the viewport covers it; then both are as they
/// were.
class DrawInto {
 public:
  explicit DrawInto(const Framebuffer& target);
  ~DrawInto();
  DrawInto(const DrawInto&) = delete;
  DrawInto& operator=(const DrawInto&) = delete;

 private:
  GLint bound_before_ = 0;
  GLint viewport_before_[4] = {};
};

}  // namespace nanscope
