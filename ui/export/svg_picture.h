#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "ui/export/figure.h"
#include "ui/export/picture.h"

namespace nanscope {

/// What is said of plots that are not drawn as SVG.
Error only_png();

/// Whether the figure's plot with this name, or all of its plots for "", are drawn as SVG.
bool has_svg(const Figure& figure, std::string_view plot);

/// The same slide as render_picture() draws, as an SVG document with its words as text and the
/// experiment as metadata (engine/experiment/svg_text.h). Needs a current OpenGL context, for the
/// fonts' measures. Errors: those of render_picture(), a plot that is not drawn as SVG.
Result<std::string> render_svg(const Figure& figure, const PictureRequest& request);

}  // namespace nanscope
