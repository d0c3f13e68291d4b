#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ui/export/figure.h"
#include "ui/theme/theme.h"

// Slide-ready pictures: a lab's plots drawn into an ImGui context of their own at a fixed logical
// size, so that a picture looks the same whatever the window.
namespace nanscope {

struct PictureRequest {
  std::string plot;  ///< a plot's name, or "" for the whole lab
  int width = 1920;  ///< pixels of the PNG
  int height = 1080;
  /// Pixels for one logical pixel: 1 at full HD, 2 at 4K. Type and lines fit the picture's size, so
  /// that a slide reads from the last row; a larger scale than that makes them up to half larger.
  float scale = 1;
  ThemeId theme = ThemeId::light;
  bool operator==(const PictureRequest&) const = default;
};

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> rgba;  ///< top row first
};

/// What is wrong with a request: a size below 320x240 or above 16384 a side, a scale that leaves no
/// room. Needs no OpenGL.
Result<void> check_picture(const PictureRequest& request);
/// The same, and that the plot is one of the figure's, and large enough to be read.
Result<void> check_picture(const Figure& figure, const PictureRequest& request);

/// Why a pin of the figure is not there; opens an OpenGL context's functions to measure its words.
Result<void> check_pins(const Figure& figure);

/// Draws the picture with the current OpenGL 3.3 context, leaving its state and the current
/// Dear ImGui context as they were. Inside the picture: the sentence as title, plots with axes and
/// units, a legend of measured, predicted and emulated, settings, seed and device. Errors: those of
/// check_picture(), a plot that the figure does not have, no OpenGL, no memory.
Result<Pixels> render_picture(const Figure& figure, const PictureRequest& request);

/// The experiment of a picture: opened again, it shows what is on the picture.
Experiment pictured(const Figure& figure, const PictureRequest& request);
/// What the picture carries: its JSON, or of a run with changes on its way the recipe's.
std::string carried(const Figure& figure, const PictureRequest& request);

/// The same slide in fewer pixels: `width` of them from left to right.
Result<Pixels> render_preview(const Figure& figure, const PictureRequest& request, int width);

/// PNG bytes that carry a text (engine/experiment/png_text.h): carried(). Takes as many threads as
/// are useful; `progress` goes from 0 to 1.
Result<std::string> encode_png(const Pixels& pixels, const std::string& carries,
                               std::atomic<float>* progress = nullptr);

}  // namespace nanscope
