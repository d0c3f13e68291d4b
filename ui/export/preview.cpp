#include "ui/export/preview.h"

#include <GLFW/glfw3.h>

#include <utility>

#include "ui/export/gl.h"

namespace nanscope {

PicturePreview::~PicturePreview() {
  if (texture_ != 0 && glfwGetCurrentContext() && load_gl()) glDeleteTextures(1, &texture_);
}

bool PicturePreview::is_of(const Figure& figure, const PictureRequest& request, int width) const {
  return width_ == width && request_ == request && title_ == figure.title &&
         experiment_ == figure.experiment;
}

void PicturePreview::want(const Figure& figure, const PictureRequest& request, int width) {
  fresh_ = false;
  if (is_of(figure, request, width)) return;
  wanted_ = Wanted{figure, request, width};
}

bool PicturePreview::render() {
  if (!wanted_) return false;
  const Wanted wanted = *std::exchange(wanted_, std::nullopt);
  request_ = wanted.request;
  experiment_ = wanted.figure.experiment;
  title_ = wanted.figure.title;
  width_ = wanted.width;
  fresh_ = true;
  error_.reset();
  const Result<Pixels> pixels = render_preview(wanted.figure, wanted.request, wanted.width);
  if (pixels)
    upload(*pixels);
  else
    error_ = pixels.error();
  return pixels.has_value();
}

void PicturePreview::upload(const Pixels& pixels) {
  GLint bound = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, pixels.width, pixels.height, 0, GL_RGBA,
               GL_UNSIGNED_BYTE, pixels.rgba.data());
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(bound));
}

}  // namespace nanscope
