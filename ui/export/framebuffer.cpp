#include "ui/export/framebuffer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace nanscope {
namespace {

void forget_errors() {
  while (glGetError() != GL_NO_ERROR) {
  }
}

}  // namespace

Result<Framebuffer> Framebuffer::create(int width, int height) {
  GLint largest = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
  if (std::max(width, height) > largest)
    return work_error("picture",
                      "{} x {} pixels are more than this OpenGL driver "
                      "draws; at most {} a side are.",
                      width, height, largest);
  Framebuffer target;
  target.width_ = width;
  target.height_ = height;
  forget_errors();
  glGenFramebuffers(1, &target.framebuffer_);
  glGenRenderbuffers(1, &target.color_);
  glBindRenderbuffer(GL_RENDERBUFFER, target.color_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
  glBindRenderbuffer(GL_RENDERBUFFER, 0);
  const DrawInto into(target);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, target.color_);
  const bool complete = glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  if (glGetError() != GL_NO_ERROR || !complete)
    return work_error("picture",
                      "the OpenGL driver has no memory for {} x {} pixels. "
                      "Ask for a smaller size.",
                      width, height);
  return target;
}

Framebuffer::Framebuffer(Framebuffer&& other) noexcept
    : width_(other.width_),
      height_(other.height_),
      framebuffer_(std::exchange(other.framebuffer_, 0)),
      color_(std::exchange(other.color_, 0)) {}

Framebuffer::~Framebuffer() {
  if (!framebuffer_) return;
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteRenderbuffers(1, &color_);
}

void Framebuffer::clear(const ImVec4& color) {
  const GLboolean scissor = glIsEnabled(GL_SCISSOR_TEST);
  glDisable(GL_SCISSOR_TEST);
  const float values[] = {color.x, color.y, color.z, 1};
  glClearBufferfv(GL_COLOR, 0, values);
  if (scissor) glEnable(GL_SCISSOR_TEST);
}

Pixels Framebuffer::read() const {
  Pixels pixels{width_, height_, {}};
  const std::size_t row = static_cast<std::size_t>(width_) * 4;
  pixels.rgba.resize(row * static_cast<std::size_t>(height_));
  // Four bytes a pixel: rows are aligned whatever OpenGL's pack alignment.
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, pixels.rgba.data());
  // OpenGL's first row is the lowest. Whole rows: byte by byte takes a second for a large picture.
  std::vector<unsigned char> kept(row);
  for (int y = 0; y < height_ / 2; ++y) {
    unsigned char* upper = pixels.rgba.data() + row * static_cast<std::size_t>(y);
    unsigned char* lower = pixels.rgba.data() + row * static_cast<std::size_t>(height_ - 1 - y);
    std::memcpy(kept.data(), upper, row);
    std::memcpy(upper, lower, row);
    std::memcpy(lower, kept.data(), row);
  }
  // Blending leaves alpha below one at soft edges; a slide is opaque.
  for (std::size_t i = 3; i < pixels.rgba.size(); i += 4) pixels.rgba[i] = 255;
  return pixels;
}

void Framebuffer::copy_to_bound() const {
  GLint bound = 0;
  glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &bound);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer_);
  glBlitFramebuffer(0, 0, width_, height_, 0, 0, width_, height_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, static_cast<GLuint>(bound));
}

DrawInto::DrawInto(const Framebuffer& target) {
  glGetIntegerv(GL_FRAMEBUFFER_BINDING, &bound_before_);
  glGetIntegerv(GL_VIEWPORT, viewport_before_);
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer_);
  glViewport(0, 0, target.width_, target.height_);
}

DrawInto::~DrawInto() {
  glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(bound_before_));
  glViewport(viewport_before_[0], viewport_before_[1], viewport_before_[2], viewport_before_[3]);
}

}  // namespace nanscope
