#pragma once

#include <string>

#include "engine/base/result.h"
#include "ui/export/figure.h"
#include "ui/export/picture.h"

namespace nanscope {

/// The same slide as render_picture() draws, as an SVG document with its words as text and the
/// experiment as metadata (engine/experiment/svg_text.h). Needs a current OpenGL context, for the
/// fonts' measures. Errors: those of render_picture().
Result<std::string> render_svg(const Figure& figure, const PictureRequest& request);

}  // namespace nanscope
