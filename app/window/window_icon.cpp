#include "app/window/window_icon.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace nanscope {
namespace {

struct Rgb {
  float r, g, b;
};
constexpr Rgb kGround{16, 42, 67}, kCurve{240, 180, 41};

/// Distance from a point to the rounded square's edge, negative inside. Coordinates are -1..1.
float square_distance(float x, float y) {
  constexpr float kHalf = 0.92f, kCorner = 0.36f;
  const float dx = std::max(std::abs(x) - (kHalf - kCorner), 0.0f);
  const float dy = std::max(std::abs(y) - (kHalf - kCorner), 0.0f);
  return std::hypot(dx, dy) - kCorner;
}

/// Distance to the curve y = exp growth from the lower left to the upper right.
float curve_distance(float x, float y) {
  constexpr int kPieces = 48;
  float nearest = 4;
  for (int i = 0; i <= kPieces; ++i) {
    const float t = static_cast<float>(i) / kPieces;
    const float curve_x = -0.62f + 1.15f * t;
    const float curve_y = 0.52f - 1.16f * (std::exp(4 * t) - 1) / (std::exp(4.0f) - 1);
    nearest = std::min(nearest, std::hypot(x - curve_x, y - curve_y));
  }
  return nearest;
}

std::vector<unsigned char> icon_pixels(int size) {
  std::vector<unsigned char> pixels;
  const float pixel = 2.0f / static_cast<float>(size);
  const auto coverage = [&](float distance) {
    return std::clamp(0.5f - distance / pixel, 0.0f, 1.0f);
  };
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const float x = (static_cast<float>(column) + 0.5f) * pixel - 1;
      const float y = (static_cast<float>(row) + 0.5f) * pixel - 1;
      const float curve = coverage(curve_distance(x, y) - 0.1f);
      const auto mix = [&](float ground, float line) {
        return static_cast<unsigned char>(std::lround(ground + (line - ground) * curve));
      };
      pixels.insert(
          pixels.end(),
          {mix(kGround.r, kCurve.r), mix(kGround.g, kCurve.g), mix(kGround.b, kCurve.b),
           static_cast<unsigned char>(std::lround(255 * coverage(square_distance(x, y))))});
    }
  }
  return pixels;
}

}  // namespace

void set_window_icon(GLFWwindow* window) {
  constexpr std::array kSizes = {16, 32, 64};
  std::array<std::vector<unsigned char>, kSizes.size()> pixels;
  std::array<GLFWimage, kSizes.size()> images;
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    pixels[i] = icon_pixels(kSizes[i]);
    images[i] = {kSizes[i], kSizes[i], pixels[i].data()};
  }
  glfwSetWindowIcon(window, static_cast<int>(images.size()), images.data());
}

}  // namespace nanscope
